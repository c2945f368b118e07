#include "base/calendar/date.hpp"

#include <algorithm>

#include "base/fault.hpp"

namespace daicho::calendar {
namespace {

constexpr std::int32_t days_first = -719'162;  // 0001-01-01
constexpr std::int32_t days_last = 2'932'896;  // 9999-12-31
constexpr std::int32_t days_in_era = 146'097;  // 400 Gregorian years
constexpr int fiscal_year_first_month = 4;

bool is_leap(int year) noexcept {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

Date unchecked(std::int64_t year, std::int64_t month, std::int64_t day) noexcept {
    return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
            static_cast<std::uint8_t>(day)};
}

/// `count` decimal digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) noexcept {
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

void append_padded(std::string& out, int value, int width) {
    const std::string text = std::to_string(value);
    out.append(static_cast<std::size_t>(std::max(0, width - static_cast<int>(text.size()))), '0');
    out += text;
}

}  // namespace

int days_in_month(int year, int month) noexcept {
    constexpr std::uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    check(month >= 1 && month <= 12, "a month from 1 to 12");
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

std::optional<Date> make_date(int year, int month, int day) noexcept {
    if (year < year_min || year > year_max || month < 1 || month > 12) return std::nullopt;
    if (day < 1 || day > days_in_month(year, month)) return std::nullopt;
    return unchecked(year, month, day);
}

bool is_valid(const Date& date) noexcept {
    return make_date(date.year, date.month, date.day).has_value();
}

std::optional<Date> parse_date(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    return make_date(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
}

std::string to_text(const Date& date) {
    std::string out;
    append_padded(out, date.year, 4);
    out.push_back('-');
    append_padded(out, date.month, 2);
    out.push_back('-');
    append_padded(out, date.day, 2);
    return out;
}

// Both conversions count from 1 March, so that the leap day is a year's last, and in eras of 400
// years.
bool in_reach(const Date& date) noexcept {
    return date.year >= 1700 && date.year < 2200;
}

std::int32_t days_of(const Date& date) noexcept {
    check(is_valid(date), "a valid date");
    const int year = date.month <= 2 ? date.year - 1 : date.year;
    const int era = (year >= 0 ? year : year - 399) / 400;
    const int year_of_era = year - era * 400;
    const int month_from_march = (date.month + 9) % 12;
    const int day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * days_in_era + day_of_era - 719'468;
}

Date date_of(std::int64_t days) noexcept {
    days = std::clamp<std::int64_t>(days, days_first, days_last) + 719'468;
    const std::int64_t era = (days >= 0 ? days : days - (days_in_era - 1)) / days_in_era;
    const std::int64_t day_of_era = days - era * days_in_era;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return unchecked(year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

Date add_days(const Date& date, std::int64_t days) noexcept {
    constexpr std::int64_t span = std::int64_t{days_last} - days_first;
    return date_of(days_of(date) + std::clamp(days, -span, span));
}

Date add_months(const Date& date, int months) noexcept {
    check(is_valid(date), "a valid date");
    const std::int64_t index = std::int64_t{date.year} * 12 + (date.month - 1) + months;
    if (index < std::int64_t{year_min} * 12) return date_of(days_first);
    if (index >= (std::int64_t{year_max} + 1) * 12) return date_of(days_last);
    const int year = static_cast<int>(index / 12);
    const int month = static_cast<int>(index % 12) + 1;
    return unchecked(year, month, std::min<int>(date.day, days_in_month(year, month)));
}

Weekday weekday_of(const Date& date) noexcept {
    // 1970-01-01 was a Thursday; 719'169 makes the number positive and a Monday zero.
    return static_cast<Weekday>((days_of(date) + 719'169) % 7 + 1);
}

IsoWeek iso_week_of(const Date& date) noexcept {
    // The week's Thursday decides the year (ISO 8601, 2.2.10).
    const std::int64_t days = days_of(date);
    const std::int64_t thursday = days - static_cast<int>(weekday_of(date)) + 4;
    const std::int64_t last_thursday = std::clamp<std::int64_t>(thursday, days_first, days_last);
    const int year = date_of(last_thursday).year;
    const std::int32_t new_year = days_of(unchecked(year, 1, 1));
    return {static_cast<std::int16_t>(year),
            static_cast<std::uint8_t>((last_thursday - new_year) / 7 + 1)};
}

std::optional<DateRange> range_of(const IsoWeek& week) noexcept {
    if (week.year < year_min || week.year > year_max || week.week < 1 || week.week > 53) {
        return std::nullopt;
    }
    // 4 January always lies in week 1.
    const DateRange first = week_around(unchecked(week.year, 1, 4));
    const DateRange range{add_days(first.first, 7 * (week.week - 1)),
                          add_days(first.last, 7 * (week.week - 1))};
    if (iso_week_of(range.first) != week) return std::nullopt;
    return range;
}

std::string to_text(const IsoWeek& week) {
    std::string out;
    append_padded(out, week.year, 4);
    out += "-W";
    append_padded(out, week.week, 2);
    return out;
}

std::optional<IsoWeek> parse_iso_week(std::string_view text) noexcept {
    if (text.size() != 8 || text.substr(4, 2) != "-W") return std::nullopt;
    const int year = digits(text, 0, 4);
    const int number = digits(text, 6, 2);
    if (year < 0 || number < 0) return std::nullopt;
    const IsoWeek week{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(number)};
    if (!range_of(week)) return std::nullopt;
    return week;
}

DateRange week_around(const Date& date) noexcept {
    const int weekday = static_cast<int>(weekday_of(date));
    return {add_days(date, 1 - weekday), add_days(date, 7 - weekday)};
}

DateRange month_around(const Date& date) noexcept {
    check(is_valid(date), "a valid date");
    return {unchecked(date.year, date.month, 1),
            unchecked(date.year, date.month, days_in_month(date.year, date.month))};
}

int fiscal_year_of(const Date& date) noexcept {
    return date.month >= fiscal_year_first_month ? date.year : date.year - 1;
}

DateRange fiscal_year(int year) noexcept {
    check(year >= year_min && year < year_max, "a fiscal year that ends within four digits");
    return {unchecked(year, fiscal_year_first_month, 1),
            unchecked(year + 1, fiscal_year_first_month - 1, 31)};
}

int fiscal_quarter_of(const Date& date) noexcept {
    return (date.month + 8) % 12 / 3 + 1;
}

}  // namespace daicho::calendar
