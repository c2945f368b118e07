#include "app/api/reply.hpp"
#include "app/api/retention/handlers.hpp"

namespace daicho::app::api {

Handler list_disposals(RetentionService* retention) {
    const Route route{.operation = "listDisposals",
                      .pattern = "/api/v1/retention/disposals",
                      .permission = access::Permission::evidence_read};
    return over(retention, route,
                [](RetentionService& service, const Call& call) -> Result<http::Response> {
                    const Result<nlohmann::json> view = service.disposals(
                        std::string(call.request.query_value("cursor").value_or("")));
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
