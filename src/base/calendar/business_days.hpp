#pragma once
// Business days: not Saturday, not Sunday, not a holiday. Japanese holidays are fixed by law and by
// cabinet notice year by year, so they are a list of dates from content/, never computed.
#include <optional>
#include <vector>

#include "base/calendar/date.hpp"
#include "base/result.hpp"

namespace daicho::calendar {

/// Thread-safe; immutable.
class BusinessDays {
public:
    /// `holidays` in any order (national ones, and the organisation's own closing days); `known` is
    /// the range for which the list is complete. Errc::invalid on a date outside it or an invalid
    /// one.
    [[nodiscard]] static Result<BusinessDays> create(std::vector<Date> holidays, DateRange known);

    [[nodiscard]] bool is_holiday(const Date& date) const noexcept;
    [[nodiscard]] bool is_business_day(const Date& date) const noexcept;
    /// False where only weekends are known: the caller must say so rather than promise a date.
    [[nodiscard]] bool knows(const Date& date) const noexcept { return known_.contains(date); }
    /// The date itself if it is a business day, else the next (翌営業日) or the one before
    /// (前営業日).
    [[nodiscard]] Date on_or_after(const Date& date) const noexcept;
    [[nodiscard]] Date on_or_before(const Date& date) const noexcept;
    /// `count` business days later (earlier if negative); 0 gives on_or_after(date).
    [[nodiscard]] Date add(const Date& date, int count) const noexcept;

private:
    BusinessDays(std::vector<Date> holidays, DateRange known)
        : holidays_(std::move(holidays)), known_(known) {}
    std::vector<Date> holidays_;  // sorted, unique
    DateRange known_;
};

}  // namespace daicho::calendar
