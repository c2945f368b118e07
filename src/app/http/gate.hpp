#pragma once
// The strict gate: the head of a request as raw bytes, judged before Beast's parser sees it.
// Beast 1.81 lets framings pass that two parsers may read differently (request smuggling, RFC 9112
// section 11.2); here one reading is left or none.
//
// What passes: lines ended by CRLF; printable ASCII; a method we know; an origin-form target (or
// the absolute form that names the same host); HTTP/1.0 or 1.1; token names without space before
// the colon; no folded lines; exactly one Host, and one of ours; at most one Content-Length, of
// digits; Transfer-Encoding absent or exactly `chunked`, on HTTP/1.1, without Content-Length; each
// header that means one thing at most once.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "app/http/message.hpp"

namespace daicho::app::http {

/// Why not, and the status to say so. `why` is a fixed English text.
struct Refused {
    int status = 400;
    std::string_view why;
};

struct Head {
    Method method = Method::get;
    std::string target;       // as sent
    std::string path;         // as Request::path
    std::vector<Pair> query;  // as Request::query
    std::vector<Field> fields;
    std::string host;
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool version_11 = true;  // false: HTTP/1.0
    bool keep_alive = true;
    bool expects_continue = false;
};

/// The names under which this server may be addressed, lower case, without port; IPv6 in brackets.
/// Everything else is refused, or a page of another site whose name was made to point here (DNS
/// rebinding) could talk to us as its own.
using HostNames = std::vector<std::string>;

/// Where the head ends (index after the empty line), 0 while it is not whole. Errors that no
/// further byte can heal (over a limit, a bare LF) are found at once. `seen` bytes were already
/// looked at by an earlier call.
[[nodiscard]] tl::expected<std::size_t, Refused> find_head_end(std::string_view bytes,
                                                               std::size_t seen);

/// `bytes` is the head with its empty line and nothing more. Linear time.
[[nodiscard]] tl::expected<Head, Refused> check_head(std::string_view bytes,
                                                     const HostNames& hosts);

/// The parts of check_head that are useful alone. `target` in origin-form.
struct Target {
    std::string path;
    std::vector<Pair> query;
};
[[nodiscard]] tl::expected<Target, Refused> check_target(std::string_view target);

}  // namespace daicho::app::http
