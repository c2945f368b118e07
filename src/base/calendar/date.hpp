#pragma once
// Civil dates of the proleptic Gregorian calendar, ISO 8601 weeks, months and Japanese fiscal years
// (April to March).
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daicho::calendar {

inline constexpr int year_min = 1;
inline constexpr int year_max = 9999;  // four digits, as ISO 8601 writes them

/// A value; the default is no valid date. Functions below expect valid dates (check()) unless they
/// say otherwise.
struct Date {
    std::int16_t year = 0;
    std::uint8_t month = 0;
    std::uint8_t day = 0;
    auto operator<=>(const Date&) const = default;
};

/// nullopt when there is no such day.
[[nodiscard]] std::optional<Date> make_date(int year, int month, int day) noexcept;
[[nodiscard]] bool is_valid(const Date& date) noexcept;
/// "2026-11-22", nothing else.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text) noexcept;
[[nodiscard]] std::string to_text(const Date& date);

/// 1700 to 2199: the moments of these days, and of what is reckoned from them (60 years further),
/// fit into WallNs, which ends in 1677 and 2262. Days that somebody typed are refused outside.
[[nodiscard]] bool in_reach(const Date& date) noexcept;

/// Days since 1970-01-01, and back. `date_of` clamps to 0001-01-01..9999-12-31.
[[nodiscard]] std::int32_t days_of(const Date& date) noexcept;
[[nodiscard]] Date date_of(std::int64_t days) noexcept;
[[nodiscard]] Date add_days(const Date& date, std::int64_t days) noexcept;
/// Same day of another month, or that month's last day (31 January + 1 = 28 or 29 February).
[[nodiscard]] Date add_months(const Date& date, int months) noexcept;
[[nodiscard]] int days_in_month(int year, int month) noexcept;

enum class Weekday : std::uint8_t {
    monday = 1,
    tuesday,
    wednesday,
    thursday,
    friday,
    saturday,
    sunday
};
[[nodiscard]] Weekday weekday_of(const Date& date) noexcept;

/// From `first` to `last`, both included.
struct DateRange {
    Date first;
    Date last;
    auto operator<=>(const DateRange&) const = default;
    [[nodiscard]] bool contains(const Date& date) const noexcept {
        return first <= date && date <= last;
    }
};

/// ISO 8601: weeks begin on Monday; week 1 holds the year's first Thursday.
struct IsoWeek {
    std::int16_t year = 0;
    std::uint8_t week = 0;
    auto operator<=>(const IsoWeek&) const = default;
};
[[nodiscard]] IsoWeek iso_week_of(const Date& date) noexcept;
/// nullopt for a week 53 that the year does not have.
[[nodiscard]] std::optional<DateRange> range_of(const IsoWeek& week) noexcept;
/// "2026-W47", and back.
[[nodiscard]] std::string to_text(const IsoWeek& week);
[[nodiscard]] std::optional<IsoWeek> parse_iso_week(std::string_view text) noexcept;

[[nodiscard]] DateRange week_around(const Date& date) noexcept;
[[nodiscard]] DateRange month_around(const Date& date) noexcept;
/// 年度: 2027-03-31 belongs to fiscal year 2026.
[[nodiscard]] int fiscal_year_of(const Date& date) noexcept;
[[nodiscard]] DateRange fiscal_year(int year) noexcept;
/// 1 (April to June) to 4 (January to March).
[[nodiscard]] int fiscal_quarter_of(const Date& date) noexcept;

}  // namespace daicho::calendar
