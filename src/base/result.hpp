#pragma once
// Refusals: what a caller is expected to decide on. Three kinds of trouble, three tools
// (docs/decisions/0001):
//   refusal -> Result<T> with a closed code;  fault (disk, SQL, corrupt page) -> throw Fault;  bug
//   -> check().
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace daicho {

/// Closed set. app/api maps each to one HTTP status, app/cli to one exit code.
enum class Errc {
    invalid,       // the input breaks a rule of its format
    denied,        // the caller is known and may not
    unauthorised,  // the caller is not known
    not_found,     // absent, or hidden from this caller: both answer alike
    conflict,      // the state has moved on since the caller looked
    tampered,      // stored bytes are not what was committed to
    locked,        // someone else holds it (second writer, locked account)
    too_large,     // over a named limit
    unavailable,   // full queue, no space: may work later
    expired,       // was valid, is no longer
};

/// `code` is for programs; `message` is English for logs and the command line; `text_key` names the
/// message in the catalogues (web/src/text) when a person must read it, with `params` to fill it.
/// None may hold a personal value.
struct Error {
    Errc code = Errc::invalid;
    std::string message;
    std::string text_key;
    std::vector<std::pair<std::string, std::string>> params;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string message) {
    return tl::unexpected<Error>(Error{code, std::move(message), {}, {}});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}
/// fail() with words for a person: `text_key` as in the message catalogues.
[[nodiscard]] inline tl::unexpected<Error> refuse(
    Errc code, std::string text_key, std::string message,
    std::vector<std::pair<std::string, std::string>> params = {}) {
    return tl::unexpected<Error>(
        Error{code, std::move(message), std::move(text_key), std::move(params)});
}

/// The code's name as used in JSON answers and on the command line.
[[nodiscard]] std::string_view name_of(Errc code) noexcept;

}  // namespace daicho
