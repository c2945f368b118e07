#include "app/commands/commands.hpp"
#include "base/calendar/timestamp.hpp"

namespace daicho::app::commands {

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

Result<WallNs> moment(const std::string& text, bool end) {
    if (const auto stamp = calendar::parse_rfc3339(text)) return stamp->wall_ns;
    if (const auto date = calendar::parse_date(text)) {
        const Result<calendar::Zone> zone = calendar::Zone::find("Asia/Tokyo");
        if (!zone) return fail(zone.error());
        return zone->instant(end ? calendar::add_days(*date, 1) : *date);
    }
    return refuse(Errc::invalid, "cli.bad_time", "not a time: " + text, {{"text", text}});
}

}  // namespace daicho::app::commands
