#include "ledger/core/codec/line.hpp"

namespace daicho::ledger::core::codec {
namespace {

constexpr std::int64_t day_seconds = 86400;

/// Days since 1970-01-01, counted in eras of 400 years that begin on 1 March.
std::int64_t days_of(std::int64_t year, unsigned month, unsigned day) noexcept {
    if (month <= 2) --year;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const auto year_of_era = static_cast<unsigned>(year - era * 400);
    const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const unsigned day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

}  // namespace

std::int64_t to_seconds(const CivilTime& t) noexcept {
    const std::int64_t days = days_of(t.year, t.month, t.day);
    return days * day_seconds + t.hour * 3600 + t.minute * 60 + t.second;
}

CivilTime to_civil(std::int64_t seconds) noexcept {
    std::int64_t days = seconds / day_seconds;
    std::int64_t rest = seconds % day_seconds;
    if (rest < 0) {
        rest += day_seconds;
        --days;
    }
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const auto day_of_era = static_cast<unsigned>(days - era * 146097);
    const unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const unsigned day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned shifted = (5 * day_of_year + 2) / 153;
    CivilTime t;
    t.day = day_of_year - (153 * shifted + 2) / 5 + 1;
    t.month = shifted < 10 ? shifted + 3 : shifted - 9;
    t.year = static_cast<unsigned>(era * 400 + year_of_era + (t.month <= 2 ? 1 : 0));
    t.hour = static_cast<unsigned>(rest / 3600);
    t.minute = static_cast<unsigned>(rest / 60 % 60);
    t.second = static_cast<unsigned>(rest % 60);
    return t;
}

bool is_valid(const CivilTime& t) noexcept {
    if (t.month < 1 || t.month > 12 || t.day < 1 || t.hour > 23 || t.minute > 59 || t.second > 59) {
        return false;
    }
    const bool leap = t.year % 4 == 0 && (t.year % 100 != 0 || t.year % 400 == 0);
    constexpr std::array<unsigned, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return t.day <= days[t.month - 1] + (leap && t.month == 2 ? 1 : 0);
}

unsigned month_of(const char* name) noexcept {
    for (unsigned month = 0; month < 12; ++month) {
        if (std::memcmp(month_names.data() + 3 * month, name, 3) == 0) return month + 1;
    }
    return 0;
}

}  // namespace daicho::ledger::core::codec
