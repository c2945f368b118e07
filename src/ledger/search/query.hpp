#pragma once
// What a reader asks. Every condition that is set must hold; the answer is defined by the raw
// events and their derived fields alone, so a search with and without an index gives the same rows
// (docs/formats/index.md, "Semantics").
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ledger/search/fields.hpp"

namespace daicho::ledger::search {

inline constexpr std::size_t query_text_size_max = 1024;
inline constexpr std::size_t query_terms_max = 16;
inline constexpr std::size_t query_limit_max = 10'000;

/// A run of bytes to be found. A word end (ASCII letter, digit, underscore) of the term must be a
/// word end in the event too, so `kim` finds `kim.minsu` and not `kimchi`; `kim*` and `*kim*` lift
/// that. Other scripts need no word ends.
struct Term {
    std::string bytes;
    bool open_left = false;   // `*kim`
    bool open_right = false;  // `kim*`
    bool operator==(const Term&) const = default;
};

/// Words separated by white space, "phrases" in double quotes (\" and \\ inside), `*` at either end
/// of a bare word. Errc::invalid: unclosed quote, empty term or bare `*`; Errc::too_large over a
/// limit above.
[[nodiscard]] Result<std::vector<Term>> parse_text(std::string_view text);

/// An address and how many leading bits count (128 = one address; IPv4 prefixes are 96 + bits).
struct AddressRange {
    Address address{};
    std::uint8_t bits = 128;
    bool operator==(const AddressRange&) const = default;
    [[nodiscard]] bool contains(const Address& other) const noexcept;
};
/// `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`. Errc::invalid otherwise, also for bits set beyond
/// the prefix.
[[nodiscard]] Result<AddressRange> parse_address_range(std::string_view text);
/// Strict dotted quad or RFC 4291 text form.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
/// RFC 5952; dotted quad for IPv4.
[[nodiscard]] std::string print_address(const Address& address);

enum class TimeField : std::uint8_t {
    received,  // the ledger's own clock
    event,     // what the message says; the receive time where it says nothing
};

/// Half-open ranges: from <= x < to. Names are compared byte for byte.
struct Query {
    TimeField time_field = TimeField::received;
    std::optional<WallNs> time_from_ns;
    std::optional<WallNs> time_to_ns;
    std::optional<std::uint64_t> seq_from;
    std::optional<std::uint64_t> seq_to;
    std::string source;  // source id; empty = any (also below)
    std::string host;
    std::string app;
    std::string user;                     // acting or target user
    std::optional<AddressRange> address;  // source address
    std::optional<Category> category;
    std::optional<Action> action;
    std::optional<Outcome> outcome;
    std::vector<Term> terms;   // all must be found
    bool ignore_case = false;  // ASCII letters of `terms`
    bool newest_first = true;  // by sequence number
    std::size_t limit = 100;   // 1 .. query_limit_max
    /// Go on after this sequence number (a Page's `next`), in the query's direction.
    std::optional<std::uint64_t> after;
};

/// Errc::invalid or too_large when a limit above is broken.
[[nodiscard]] Status check_query(const Query& query);

}  // namespace daicho::ledger::search
