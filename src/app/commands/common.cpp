#include <iostream>

#include "app/commands/commands.hpp"
#include "base/calendar/timestamp.hpp"

namespace daicho::app::commands {

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

Result<std::unique_ptr<node::Node>> open_node(const cli::Common& options,
                                              const std::string& content) {
    node::NodeOptions wanted;
    wanted.places = node::places_of(options.data, options.keys);
    if (!content.empty()) wanted.places.content = content;
    wanted.places.web.clear();
    Result<std::unique_ptr<node::Node>> opened = node::Node::open(
        real_files(), system_clock(), std::move(wanted), Log::to_stderr(LogLevel::warning));
    if (!opened && opened.error().code == Errc::locked) {
        return fail(Errc::locked,
                    "daicho is running on " + options.data + ": use its pages, or stop it first");
    }
    return opened;
}

int refused(const Error& error) {
    std::cerr << "daicho: " << error.message << "\n";
    return cli::exit_refused;
}

Result<WallNs> moment(const std::string& text, bool end) {
    if (const auto stamp = calendar::parse_rfc3339(text)) return stamp->wall_ns;
    if (const auto date = calendar::parse_date(text)) {
        const Result<calendar::Zone> zone = calendar::Zone::find("Asia/Tokyo");
        if (!zone) return fail(zone.error());
        return zone->instant(end ? calendar::add_days(*date, 1) : *date);
    }
    return fail(Errc::invalid,
                "not a time: " + text + " (2026-11-22 or 2026-11-22T09:00:00+09:00)");
}

}  // namespace daicho::app::commands
