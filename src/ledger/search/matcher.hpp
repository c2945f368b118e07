#pragma once
// Decides whether an event fulfils a query, from the event alone: what every index must agree with.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "ledger/core/block.hpp"
#include "ledger/search/fields.hpp"
#include "ledger/search/index/tokens.hpp"
#include "ledger/search/query.hpp"

namespace daicho::ledger::search {

/// One term, prepared. A value.
class TermMatcher {
public:
    TermMatcher(const Term& term, bool ignore_case);
    [[nodiscard]] bool found_in(ByteView raw) const noexcept;
    /// Offset of the first occurrence at or after `from`; npos when there is none.
    [[nodiscard]] std::size_t find(ByteView raw, std::size_t from) const noexcept;
    /// Tokens of every event that has the term.
    [[nodiscard]] const std::vector<TokenHash>& tokens() const noexcept { return tokens_; }
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

private:
    [[nodiscard]] bool fits(ByteView raw, std::size_t at) const noexcept;
    std::string bytes_;  // in lower case when case does not count
    bool ignore_case_;
    bool bound_left_;  // a word must begin here
    bool bound_right_;
    bool whole_left_;  // a character outside ASCII must begin here
    bool whole_right_;
    std::vector<TokenHash> tokens_;
};

/// A query, prepared once and used by one thread.
class Matcher {
public:
    explicit Matcher(const Query& query);
    /// Conditions on envelope and source id: receive time, seq, source. No field needed.
    [[nodiscard]] bool matches_envelope(const core::BlockEvent& event,
                                        const std::string& source) const noexcept;
    [[nodiscard]] bool matches_text(ByteView raw) const noexcept;
    [[nodiscard]] bool matches_fields(const Fields& fields, WallNs received_ns) const noexcept;
    /// Whether matches_fields can refuse anything.
    [[nodiscard]] bool needs_fields() const noexcept { return needs_fields_; }
    [[nodiscard]] const std::vector<TermMatcher>& terms() const noexcept { return terms_; }

private:
    const Query& query_;
    std::vector<TermMatcher> terms_;
    bool needs_fields_;
};

/// Event time as queries and groups see it.
[[nodiscard]] inline WallNs event_time(const Fields& fields, WallNs received_ns) noexcept {
    return fields.time_ns.value_or(received_ns);
}
/// Rounds towards the past.
[[nodiscard]] constexpr std::int64_t seconds_of(WallNs time) noexcept {
    return time / second_ns - (time % second_ns < 0 ? 1 : 0);
}
[[nodiscard]] constexpr std::int64_t hour_of_seconds(std::int64_t seconds) noexcept {
    return seconds / 3600 - (seconds % 3600 < 0 ? 1 : 0);
}

}  // namespace daicho::ledger::search
