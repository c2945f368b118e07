#include "access/organisation.hpp"
#include "app/api/duties/handlers.hpp"
#include "base/calendar/timestamp.hpp"

namespace daicho::app::api {

Result<calendar::Zone> zone_of(store::Database& database) {
    return database.read([](store::Reader& reader) -> Result<calendar::Zone> {
        const std::optional<access::Organisation> organisation =
            access::organisations::current(reader);
        if (!organisation) return fail(Errc::tampered, "there is no organisation");
        return calendar::Zone::find(organisation->time_zone);
    });
}

Result<WallNs> as_of(store::Database& database, const http::Request& request) {
    const WallNs now = database.clock().wall_ns();
    const std::optional<std::string_view> text = request.query_value("as_of");
    if (!text) return now;
    if (const auto moment = calendar::parse_rfc3339(*text)) {
        if (moment->wall_ns > now)
            return refuse(Errc::invalid, "field.in_future", "as_of lies in the future");
        return moment->wall_ns;
    }
    const std::optional<calendar::Date> day = calendar::parse_date(*text);
    if (!day || !calendar::in_reach(*day))
        return refuse(Errc::invalid, "field.format", "as_of is neither a day nor a moment");
    const Result<calendar::Zone> zone = zone_of(database);
    if (!zone) return fail(zone.error());
    if (*day > zone->date(now))
        return refuse(Errc::invalid, "field.in_future", "as_of lies in the future");
    // The end of the day; of today: now.
    return std::min(now, zone->instant(calendar::add_days(*day, 1)) - 1);
}

}  // namespace daicho::app::api
