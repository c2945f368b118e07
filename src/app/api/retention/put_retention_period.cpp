#include "app/api/reply.hpp"
#include "app/api/retention/handlers.hpp"

namespace daicho::app::api {

Handler put_retention_period(RetentionService* retention) {
    const Route route{.operation = "putRetentionPeriod",
                      .method = http::Method::put,
                      .pattern = "/api/v1/retention/classes/{class_id}",
                      .permission = access::Permission::retention_write,
                      .csrf = Csrf::token};
    return over(
        retention, route,
        [](RetentionService& service, const Call& call) -> Result<http::Response> {
            const Result<nlohmann::json> view = service.set_period(
                call.caller, call.param("class_id"), call.body["period"], call.body["version"]);
            if (!view && view.error().code == Errc::invalid) {
                return invalid_fields({{"/period", view.error().text_key, view.error().params}});
            }
            if (!view) return fail(view.error());
            return json_reply(*view);
        });
}

}  // namespace daicho::app::api
