#include "app/api/reply.hpp"
#include "app/api/service.hpp"
#include "app/api/settings/settings_view.hpp"

namespace daicho::app::api {

using nlohmann::json;

json default_business_hours() {
    return {{"days", {"mon", "tue", "wed", "thu", "fri"}}, {"opens", "09:00"}, {"closes", "18:00"}};
}

json business_hours_of(const access::Organisation& organisation) {
    const json settings = json::parse(organisation.settings);
    return settings.value("business_hours", default_business_hours());
}

Result<json> settings_view(const access::Organisation& organisation,
                           SurroundingsService& surroundings) {
    Result<json> view = surroundings.surroundings();
    if (!view) return view;
    (*view)["organisation_name"] = organisation.name;
    (*view)["time_zone"] = organisation.time_zone;
    (*view)["business_hours"] = business_hours_of(organisation);
    (*view)["version"] = organisation.version;
    return view;
}

Handler get_settings(SurroundingsService* surroundings, store::Database& database) {
    const Route route{.operation = "getSettings",
                      .pattern = "/api/v1/settings",
                      .permission = access::Permission::settings_read};
    return over(surroundings, route,
                [&database](SurroundingsService& service, const Call&) -> Result<http::Response> {
                    const auto organisation =
                        database.read([](store::Reader& reader) -> Result<access::Organisation> {
                            const std::optional<access::Organisation> current =
                                access::organisations::current(reader);
                            if (!current) return fail(Errc::tampered, "there is no organisation");
                            return *current;
                        });
                    if (!organisation) return fail(organisation.error());
                    const Result<json> view = settings_view(*organisation, service);
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
