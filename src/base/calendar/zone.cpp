#include "base/calendar/zone.hpp"

#include <date/tz.h>

#include <chrono>
#include <limits>

#include "base/calendar/timestamp.hpp"
#include "base/fault.hpp"

namespace daicho::calendar {
namespace {

// Long before and after any transition that nanoseconds can name.
constexpr std::int64_t seconds_reach = std::numeric_limits<std::int64_t>::max() / second_ns;
constexpr std::int64_t seconds_per_day = 86'400;
constexpr WallNs recent_ns =
    1'767'225'600 * second_ns;  // 2026-01-01, a day of the zone's present rule

std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0);
}
std::int64_t floor_remainder(std::int64_t a, std::int64_t b) noexcept {
    return a % b + (a % b < 0 ? b : 0);
}

::date::sys_seconds sys_of(WallNs instant) {
    return ::date::sys_seconds(std::chrono::seconds(floor_divide(instant, second_ns)));
}

WallNs wall_of(::date::sys_seconds time) {
    const std::int64_t seconds = time.time_since_epoch().count();
    if (seconds > seconds_reach) return std::numeric_limits<WallNs>::max();
    if (seconds < -seconds_reach) return std::numeric_limits<WallNs>::min();
    return seconds * second_ns;
}

}  // namespace

struct Zone::Rules {
    const ::date::time_zone* zone;
};

Result<Zone> Zone::find(std::string_view name) {
    // A name becomes a path in the library; only names of the database's own form go there.
    const bool plausible = !name.empty() && name.size() <= 64 && name.front() != '/' &&
                           name.find("..") == std::string_view::npos &&
                           name.find('\0') == std::string_view::npos;
    if (!plausible) return fail(Errc::not_found, "no such time zone");
    try {
        const ::date::time_zone* const zone = ::date::locate_zone(std::string(name));
        return Zone(std::make_shared<const Rules>(Rules{zone}), std::string(name));
    } catch (const std::exception&) {
        return fail(Errc::not_found, "no such time zone");
    }
}

Zone::Zone(std::shared_ptr<const Rules> rules, std::string name)
    : rules_(std::move(rules)), name_(std::move(name)) {
    const ::date::sys_info info = rules_->zone->get_info(sys_of(recent_ns));
    steady_offset_s_ = static_cast<std::int32_t>(info.offset.count());
    steady_from_ = wall_of(info.begin);
    steady_to_ = wall_of(info.end);
}

std::int32_t Zone::offset_s(WallNs instant) const {
    if (instant >= steady_from_ && instant < steady_to_) return steady_offset_s_;
    return static_cast<std::int32_t>(rules_->zone->get_info(sys_of(instant)).offset.count());
}

LocalTime Zone::local(WallNs instant) const {
    LocalTime out;
    out.offset_s = offset_s(instant);
    const std::int64_t utc = floor_divide(instant, second_ns);
    const std::int64_t local = utc + out.offset_s;
    const std::int64_t days = floor_divide(local, seconds_per_day);
    out.date = date_of(days);
    out.second_of_day = static_cast<std::int32_t>(local - days * seconds_per_day);
    out.nanosecond = static_cast<std::int32_t>(floor_remainder(instant, second_ns));
    return out;
}

WallNs Zone::instant(const Date& date, std::int32_t second_of_day) const {
    check(second_of_day >= 0 && second_of_day < seconds_per_day, "a second of a day");
    const std::int64_t local = days_of(date) * seconds_per_day + second_of_day;
    const ::date::local_info info =
        rules_->zone->get_info(::date::local_seconds(std::chrono::seconds(local)));
    if (info.result == ::date::local_info::nonexistent) return wall_of(info.first.end);
    const ::date::sys_seconds utc{std::chrono::seconds(local) - info.first.offset};
    return wall_of(utc);
}

std::string Zone::to_text(WallNs instant, int fraction_digits) const {
    // RFC 3339 has no seconds in an offset (Tokyo was +09:18:59 until 1887): cut towards UTC.
    return to_rfc3339(instant, offset_s(instant) / 60, fraction_digits);
}

}  // namespace daicho::calendar
