#include "evidence/collect/parse/time.hpp"

#include <array>

namespace daicho::evidence::collect::parse {
namespace {

constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// A stamp without a year may be this much ahead of its receipt: wrong clocks and wrong zones.
constexpr std::int64_t clock_ahead_max_ns = 2 * day_ns;
/// Between two 29ths of February: 2096 and 2104.
constexpr int leap_years_apart_max = 8;

bool leap(int year) noexcept {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/// 1-12, or 0 (and the cursor stays).
unsigned month_name(Cursor& cursor) noexcept {
    for (unsigned i = 0; i < month_names.size(); ++i) {
        if (cursor.skip(month_names[i])) return i + 1;
    }
    return 0;
}

struct TimeOfDay {
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    std::int64_t fraction_ns = 0;
    [[nodiscard]] std::int64_t ns() const noexcept {
        return (std::int64_t{hour} * 3600 + minute * 60 + second) * second_ns + fraction_ns;
    }
};

/// hh:mm:ss, and a fraction of any length of which nine digits count. Second 60 (a leap second) is
/// taken as it is.
bool time_of_day(Cursor& cursor, TimeOfDay& out) noexcept {
    if (!cursor.digits(2, out.hour) || !cursor.skip(':') || !cursor.digits(2, out.minute) ||
        !cursor.skip(':') || !cursor.digits(2, out.second) || out.hour > 23 || out.minute > 59 ||
        out.second > 60) {
        return false;
    }
    if (cursor.peek() != '.' && cursor.peek() != ',') return true;
    Cursor ahead = cursor;
    ahead.advance(1);
    std::int64_t value = 0;
    unsigned width = 0;
    while (is_digit(ahead.peek())) {
        if (width < 9) {
            value = value * 10 + (ahead.peek() - '0');
            ++width;
        }
        ahead.advance(1);
    }
    if (width == 0) return true;  // "12:00:00, text"
    for (; width < 9; ++width) value *= 10;
    out.fraction_ns = value;
    cursor = ahead;
    return true;
}

/// Z, +hh:mm, +hhmm or +hh.
bool zone_offset(Cursor& cursor, std::int64_t& east_s) noexcept {
    if (cursor.skip('Z') || cursor.skip('z')) {
        east_s = 0;
        return true;
    }
    Cursor ahead = cursor;
    const bool west = ahead.peek() == '-';
    if (!ahead.skip('+') && !ahead.skip('-')) return false;
    unsigned hours = 0;
    unsigned minutes = 0;
    if (!ahead.digits(2, hours) || hours > 23) return false;
    Cursor with_minutes = ahead;
    if (with_minutes.peek() == ':') with_minutes.advance(1);
    if (with_minutes.digits(2, minutes) && minutes < 60) {
        ahead = with_minutes;
    } else {
        minutes = 0;
    }
    cursor = ahead;
    east_s = (std::int64_t{hours} * 60 + minutes) * (west ? -60 : 60);
    return true;
}

bool year_follows(Cursor& cursor, unsigned& year) noexcept {
    Cursor ahead = cursor;
    if (!ahead.skip(' ') || !ahead.digits(4, year) || is_digit(ahead.peek()) || year < 1970 ||
        year > 2200) {
        return false;
    }
    // "Mar  2 00:00:01 2026 host": a year only if a separator follows; a host may be called
    // 2024-web.
    if (!ahead.empty() && ahead.peek() != ' ' && ahead.peek() != ':' && ahead.peek() != ']')
        return false;
    cursor = ahead;
    return true;
}

}  // namespace

std::int64_t days_from_civil(int year, unsigned month, unsigned day) noexcept {
    // Years that begin in March put the leap day last, so month lengths follow one formula.
    const int shifted = year - (month <= 2 ? 1 : 0);
    const int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    const auto year_of_era = static_cast<unsigned>(shifted - era * 400);
    const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const unsigned day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return std::int64_t{era} * 146097 + day_of_era - 719468;
}

bool is_date(int year, unsigned month, unsigned day) noexcept {
    static constexpr std::array<unsigned, 12> lengths{31, 28, 31, 30, 31, 30,
                                                      31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1) return false;
    return day <= lengths[month - 1] + (month == 2 && leap(year) ? 1U : 0U);
}

int year_of_day(std::int64_t day) noexcept {
    int year = static_cast<int>(1970 + day / 366);
    while (days_from_civil(year + 1, 1, 1) <= day) ++year;
    while (days_from_civil(year, 1, 1) > day) --year;
    return year;
}

ZoneRule fixed_zone(std::int32_t east_s) {
    return [east_s](WallNs) { return east_s; };
}

std::int32_t ZoneCache::east_s(WallNs utc) {
    const std::int64_t hour = utc / hour_ns;
    if (hour != hour_) {
        east_s_ = rule_(utc);
        hour_ = hour;
    }
    return east_s_;
}

WallNs ZoneCache::to_utc(std::int64_t local_ns) {
    const WallNs guess = local_ns - east_s(local_ns) * second_ns;
    return local_ns - east_s(guess) * second_ns;
}

std::optional<WallNs> iso_time(Cursor& cursor, ZoneCache* zone) {
    Cursor ahead = cursor;
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    TimeOfDay time;
    if (!ahead.digits(4, year) || !ahead.skip('-') || !ahead.digits(2, month) || !ahead.skip('-') ||
        !ahead.digits(2, day) || !(ahead.skip('T') || ahead.skip(' ') || ahead.skip('t')) ||
        !time_of_day(ahead, time) || year < 1970 || year > 2200 ||
        !is_date(static_cast<int>(year), month, day)) {
        return std::nullopt;
    }
    const std::int64_t local =
        days_from_civil(static_cast<int>(year), month, day) * day_ns + time.ns();
    std::int64_t east = 0;
    const bool named_utc = ahead.skip(" UTC") || ahead.skip(" GMT");
    if (named_utc || zone_offset(ahead, east)) {
        cursor = ahead;
        return local - east * second_ns;
    }
    if (zone == nullptr) return std::nullopt;
    if (ahead.skip(" JST")) {  // PostgreSQL's %m writes the abbreviation
        cursor = ahead;
        return local - 9 * hour_ns;
    }
    cursor = ahead;
    return zone->to_utc(local);
}

std::optional<WallNs> bsd_time(Cursor& cursor, WallNs received_ns, ZoneCache& zone) {
    Cursor ahead = cursor;
    (void)(ahead.skip('*') || ahead.skip('.'));  // network devices mark an unsynchronised clock so
    const unsigned month = month_name(ahead);
    if (month == 0 || !ahead.skip(' ')) return std::nullopt;
    ahead.skip_all(' ');
    unsigned day = 0;
    if (!ahead.number(2, day)) return std::nullopt;
    unsigned year = 0;
    bool has_year = year_follows(ahead, year);
    TimeOfDay time;
    if (!ahead.skip(' ')) return std::nullopt;
    ahead.skip_all(' ');
    if (!time_of_day(ahead, time)) return std::nullopt;
    if (!has_year) has_year = year_follows(ahead, year);
    bool utc = false;
    if (ahead.skip(" UTC")) utc = true;
    const auto local_in = [&](int in_year) {
        return days_from_civil(in_year, month, day) * day_ns + time.ns();
    };
    const auto to_utc = [&](std::int64_t local) { return utc ? local : zone.to_utc(local); };
    if (has_year) {
        if (!is_date(static_cast<int>(year), month, day)) return std::nullopt;
        cursor = ahead;
        return to_utc(local_in(static_cast<int>(year)));
    }
    const std::int64_t now = utc ? received_ns : received_ns + zone.east_s(received_ns) * second_ns;
    const int here = year_of_day(now / day_ns);
    // What is logged has happened, up to a clock that is ahead: the latest year that allows it.
    for (int year_meant = here + 1; year_meant >= here - leap_years_apart_max; --year_meant) {
        if (!is_date(year_meant, month, day)) continue;
        if (local_in(year_meant) > now + clock_ahead_max_ns) continue;
        cursor = ahead;
        return to_utc(local_in(year_meant));
    }
    return std::nullopt;
}

std::optional<WallNs> clf_time(Cursor& cursor) {
    Cursor ahead = cursor;
    unsigned day = 0;
    unsigned year = 0;
    if (!ahead.digits(2, day) || !ahead.skip('/')) return std::nullopt;
    const unsigned month = month_name(ahead);
    TimeOfDay time;
    std::int64_t east = 0;
    if (month == 0 || !ahead.skip('/') || !ahead.digits(4, year) || !ahead.skip(':') ||
        !time_of_day(ahead, time) || !ahead.skip(' ') || !zone_offset(ahead, east) || year < 1970 ||
        year > 2200 || !is_date(static_cast<int>(year), month, day)) {
        return std::nullopt;
    }
    cursor = ahead;
    return days_from_civil(static_cast<int>(year), month, day) * day_ns + time.ns() -
           east * second_ns;
}

std::optional<WallNs> ctime_time(Cursor& cursor, ZoneCache& zone) {
    static constexpr std::array<std::string_view, 7> day_names{"Sun ", "Mon ", "Tue ", "Wed ",
                                                               "Thu ", "Fri ", "Sat "};
    Cursor ahead = cursor;
    bool named = false;
    for (const std::string_view name : day_names) named = named || ahead.skip(name);
    const unsigned month = named ? month_name(ahead) : 0;
    unsigned day = 0;
    unsigned year = 0;
    TimeOfDay time;
    if (month == 0 || !ahead.skip(' ')) return std::nullopt;
    ahead.skip_all(' ');
    if (!ahead.number(2, day) || !ahead.skip(' ') || !time_of_day(ahead, time) ||
        !year_follows(ahead, year) || !is_date(static_cast<int>(year), month, day)) {
        return std::nullopt;
    }
    cursor = ahead;
    return zone.to_utc(days_from_civil(static_cast<int>(year), month, day) * day_ns + time.ns());
}

}  // namespace daicho::evidence::collect::parse
