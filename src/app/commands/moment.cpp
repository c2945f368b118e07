#include "app/commands/commands.hpp"
#include "base/calendar/timestamp.hpp"

namespace daicho::app::commands {
namespace {

Error not_a_time(const std::string& text) {
    return {Errc::invalid, "not a time: " + text, "cli.bad_time", {{"text", text}}};
}

std::optional<calendar::Date> day_of(const std::string& text) {
    const auto day = calendar::parse_date(text);
    return day && calendar::in_reach(*day) ? day : std::nullopt;
}

}  // namespace

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

Result<WallNs> moment(const std::string& text, bool end) {
    if (const auto stamp = calendar::parse_rfc3339(text)) return stamp->wall_ns;
    const auto day = day_of(text);
    if (!day) return fail(not_a_time(text));
    const Result<calendar::Zone> zone = calendar::Zone::find("Asia/Tokyo");
    if (!zone) return fail(zone.error());
    return zone->instant(end ? calendar::add_days(*day, 1) : *day);
}

Result<WallNs> moment_until(const std::string& text, const calendar::Zone& zone, WallNs now) {
    const auto stamp = calendar::parse_rfc3339(text);
    const auto day = day_of(text);
    if (!stamp && !day) return fail(not_a_time(text));
    if (stamp ? stamp->wall_ns > now : *day > zone.date(now))
        return refuse(Errc::invalid, "cli.in_future", text + " is yet to come", {{"text", text}});
    if (stamp) return stamp->wall_ns;
    return std::min(now, zone.instant(calendar::add_days(*day, 1)) - 1);
}

}  // namespace daicho::app::commands
