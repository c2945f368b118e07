#include "register/content/period.hpp"

#include <charconv>
#include <limits>

#include "base/calendar/date.hpp"

namespace daicho::register_ {
namespace {

constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t mean_month_s = 2'629'746;

struct Part {
    std::int64_t number = 0;
    char unit = 0;
};

/// Takes "12H" off the front.
std::optional<Part> take_part(std::string_view& text) {
    Part part;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, part.number);
    if (error != std::errc{} || rest == end || text.front() == '-') return std::nullopt;
    if (part.number < 0 || part.number > period_days_max * day_s) return std::nullopt;
    part.unit = *rest;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()) + 1);
    return part;
}

/// Reads the parts of one half; `units` are the letters allowed, in their order, `factor` what each
/// is worth.
bool take_parts(std::string_view& text, std::string_view units, const std::int64_t* factors,
                std::int64_t* totals) {
    std::size_t next = 0;
    while (!text.empty() && text.front() != 'T') {
        const std::optional<Part> part = take_part(text);
        if (!part) return false;
        const std::size_t at = units.find(part->unit, next);
        if (at == std::string_view::npos) return false;
        totals[at] = part->number * factors[at];
        next = at + 1;
    }
    return next > 0;
}

void append_part(std::string& out, std::int64_t number, char unit) {
    if (number == 0) return;
    out += std::to_string(number);
    out += unit;
}

/// Where the sum would leave the range of WallNs, its end: a deadline then never comes.
WallNs sum(WallNs instant, std::int64_t more) noexcept {
    WallNs out = 0;
    if (!__builtin_add_overflow(instant, more, &out)) return out;
    return more < 0 ? std::numeric_limits<WallNs>::min() : std::numeric_limits<WallNs>::max();
}

WallNs moved(const calendar::Zone& zone, WallNs instant, const Period& period, int sign) {
    const std::int64_t seconds_ns = sign * period.seconds * second_ns;
    if (period.months == 0 && period.days == 0) return sum(instant, seconds_ns);
    const calendar::LocalTime local = zone.local(instant);
    const calendar::Date month = calendar::add_months(local.date, sign * period.months);
    const calendar::Date date = calendar::add_days(month, sign * std::int64_t{period.days});
    return sum(sum(zone.instant(date, local.second_of_day), local.nanosecond), seconds_ns);
}

}  // namespace

std::int64_t Period::mean_seconds() const noexcept {
    return months * mean_month_s + days * day_s + seconds;
}

std::optional<Period> parse_period(std::string_view text) noexcept {
    if (text.size() < 3 || text.size() > 40 || text.front() != 'P') return std::nullopt;
    text.remove_prefix(1);
    std::int64_t date[4] = {};
    std::int64_t time[3] = {};
    if (text.front() != 'T') {
        constexpr std::int64_t factors[4] = {12, 1, 7, 1};
        if (!take_parts(text, "YMWD", factors, date)) return std::nullopt;
    }
    if (!text.empty()) {
        text.remove_prefix(1);  // 'T': take_parts stops at nothing else
        constexpr std::int64_t factors[3] = {3600, 60, 1};
        if (!take_parts(text, "HMS", factors, time) || !text.empty()) return std::nullopt;
    }
    const std::int64_t months = date[0] + date[1];
    const std::int64_t days = date[2] + date[3];
    const std::int64_t seconds = time[0] + time[1] + time[2];
    if (months > period_days_max / 30 || days > period_days_max) return std::nullopt;
    if (seconds > period_days_max * day_s) return std::nullopt;
    return Period{static_cast<std::int32_t>(months), static_cast<std::int32_t>(days), seconds};
}

std::string to_text(const Period& period) {
    std::string out = "P";
    append_part(out, period.months / 12, 'Y');
    append_part(out, period.months % 12, 'M');
    append_part(out, period.days, 'D');
    if (period.seconds > 0) {
        out += 'T';
        append_part(out, period.seconds / 3600, 'H');
        append_part(out, period.seconds % 3600 / 60, 'M');
        append_part(out, period.seconds % 60, 'S');
    }
    return out == "P" ? "PT0S" : out;
}

WallNs add(const calendar::Zone& zone, WallNs instant, const Period& period) {
    return moved(zone, instant, period, 1);
}

WallNs subtract(const calendar::Zone& zone, WallNs instant, const Period& period) {
    return moved(zone, instant, period, -1);
}

WallNs end_of_day(const calendar::Zone& zone, WallNs instant) {
    return zone.instant(calendar::add_days(zone.date(instant), 1));
}

}  // namespace daicho::register_
