#include "app/api/reply.hpp"
#include "app/api/retention/handlers.hpp"

namespace daicho::app::api {

Handler get_retention(RetentionService* retention) {
    const Route route{.operation = "getRetention",
                      .pattern = "/api/v1/retention",
                      .permission = access::Permission::evidence_read};
    return over(retention, route,
                [](RetentionService& service, const Call&) -> Result<http::Response> {
                    const Result<nlohmann::json> view = service.overview();
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
