#include "base/calendar/business_days.hpp"

#include <algorithm>

namespace daicho::calendar {
namespace {

// The longest closing anyone plans is weeks; a list that closes more than a year is a mistake, and
// must not hang us.
constexpr int closed_days_max = 400;

}  // namespace

Result<BusinessDays> BusinessDays::create(std::vector<Date> holidays, DateRange known) {
    if (!is_valid(known.first) || !is_valid(known.last) || known.last < known.first) {
        return fail(Errc::invalid, "the range of known holidays is no range");
    }
    for (const Date& date : holidays) {
        if (!is_valid(date) || !known.contains(date)) {
            return fail(Errc::invalid,
                        "a holiday outside the range that the list is said to cover");
        }
    }
    std::sort(holidays.begin(), holidays.end());
    holidays.erase(std::unique(holidays.begin(), holidays.end()), holidays.end());
    int run = 0;
    for (std::size_t i = 1; i < holidays.size(); ++i) {
        run = days_of(holidays[i]) - days_of(holidays[i - 1]) <= 3 ? run + 1 : 0;
        if (run > closed_days_max)
            return fail(Errc::invalid, "the holidays leave no business day for a year");
    }
    return BusinessDays(std::move(holidays), known);
}

bool BusinessDays::is_holiday(const Date& date) const noexcept {
    return std::binary_search(holidays_.begin(), holidays_.end(), date);
}

bool BusinessDays::is_business_day(const Date& date) const noexcept {
    return weekday_of(date) < Weekday::saturday && !is_holiday(date);
}

Date BusinessDays::on_or_after(const Date& date) const noexcept {
    Date day = date;
    // date_of stops at 9999-12-31, where there is no day after.
    while (!is_business_day(day) && day < Date{year_max, 12, 31}) day = add_days(day, 1);
    return day;
}

Date BusinessDays::on_or_before(const Date& date) const noexcept {
    Date day = date;
    while (!is_business_day(day) && day > Date{year_min, 1, 1}) day = add_days(day, -1);
    return day;
}

Date BusinessDays::add(const Date& date, int count) const noexcept {
    if (count == 0) return on_or_after(date);
    Date day = date;
    for (int left = count; left > 0; --left) day = on_or_after(add_days(day, 1));
    for (int left = count; left < 0; ++left) day = on_or_before(add_days(day, -1));
    return day;
}

}  // namespace daicho::calendar
