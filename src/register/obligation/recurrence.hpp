#pragma once
// Recurrence rules (RFC 5545, section 3.3.10) over whole days. Dates only: no zone can move them.
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar/date.hpp"
#include "base/result.hpp"

namespace daicho::register_ {

inline constexpr std::size_t rrule_size_max = 200;
/// Thirty years of a daily rule. An endless rule needs an end of our own.
inline constexpr std::size_t recurrences_max = 11'000;

/// FREQ=DAILY, WEEKLY, MONTHLY or YEARLY with INTERVAL, COUNT, UNTIL (a date), BYDAY, BYMONTHDAY,
/// BYMONTH, BYSETPOS, WKST; nothing below a day, no RSCALE. False when the rule is not one of these
/// or contradicts itself.
[[nodiscard]] bool check_rrule(std::string_view rule);

/// The days of the rule that starts at `anchor`, from `first` to `last` inclusive, ascending. As in
/// RFC 5545 29 February yearly means leap years only. Errc::invalid for a rule that check_rrule
/// refuses; Errc::too_large above recurrences_max days counted from the anchor.
[[nodiscard]] Result<std::vector<calendar::Date>> recur(std::string_view rule,
                                                        const calendar::Date& anchor,
                                                        const calendar::DateRange& range);

}  // namespace daicho::register_
