#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {
namespace {

constexpr int days_shown = 90;   // before and after today, when nothing else is asked
constexpr int days_max = 1'100;  // three years: what a yearly duty needs to be seen at work

calendar::Date day_of(const Call& call, std::string_view name, const calendar::Date& otherwise) {
    const std::optional<std::string_view> text = call.request.query_value(name);
    return text ? calendar::parse_date(*text).value_or(otherwise) : otherwise;
}

}  // namespace

Handler list_obligations(DutyService* duties, store::Database& database) {
    const Route route{.operation = "listObligations",
                      .pattern = "/api/v1/obligations",
                      .permission = access::Permission::obligation_read};
    return over(
        duties, route,
        [&database](DutyService& service, const Call& call) -> Result<http::Response> {
            const Result<calendar::Zone> zone = zone_of(database);
            if (!zone) return fail(zone.error());
            const calendar::Date today = zone->date(database.clock().wall_ns());
            const calendar::DateRange days{
                day_of(call, "from", calendar::add_days(today, -days_shown)),
                day_of(call, "to", calendar::add_days(today, days_shown))};
            if (days.last < days.first) return invalid_fields({{"?to", "field.before_start", {}}});
            if (calendar::days_of(days.last) - calendar::days_of(days.first) > days_max) {
                return invalid_fields(
                    {{"?to", "field.range_too_long", {{"days", std::to_string(days_max)}}}});
            }
            const Result<nlohmann::json> view = service.obligations(days);
            if (!view) return fail(view.error());
            return json_reply(*view);
        });
}

}  // namespace daicho::app::api
