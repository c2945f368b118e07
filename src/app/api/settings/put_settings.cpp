#include "app/api/reply.hpp"
#include "app/api/service.hpp"
#include "app/api/settings/settings_view.hpp"
#include "base/calendar/zone.hpp"

namespace daicho::app::api {

using nlohmann::json;

Handler put_settings(SurroundingsService* surroundings, store::Database& database,
                     access::Room& access) {
    const Route route{.operation = "putSettings",
                      .method = http::Method::put,
                      .pattern = "/api/v1/settings",
                      .permission = access::Permission::settings_write,
                      .csrf = Csrf::token};
    return over(
        surroundings, route,
        [&database, &access](SurroundingsService& service,
                             const Call& call) -> Result<http::Response> {
            const json& hours = call.body["business_hours"];
            if (hours["opens"] >= hours["closes"]) {
                return invalid_fields({{"/business_hours/closes", "field.before_start", {}}});
            }
            access::Organisation wanted;
            wanted.version = call.body["version"];
            wanted.name = call.body["organisation_name"];
            wanted.time_zone = call.body["time_zone"];
            wanted.settings = json{{"business_hours", hours}}.dump();
            if (!calendar::Zone::find(wanted.time_zone)) {
                return invalid_fields({{"/time_zone", "field.time_zone", {}}});
            }
            const Result<access::Organisation> stored =
                access::change_organisation(database, access.access, call.caller, wanted);
            if (!stored) return fail(stored.error());
            const Result<json> view = settings_view(*stored, service);
            if (!view) return fail(view.error());
            return json_reply(*view);
        });
}

}  // namespace daicho::app::api
