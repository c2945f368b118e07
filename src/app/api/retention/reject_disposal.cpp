#include "app/api/reply.hpp"
#include "app/api/retention/handlers.hpp"

namespace daicho::app::api {

Handler reject_disposal(RetentionService* retention) {
    const Route route{.operation = "rejectDisposal",
                      .method = http::Method::post,
                      .pattern = "/api/v1/retention/disposals/{disposal_id}/rejection",
                      .permission = access::Permission::retention_approve,
                      .csrf = Csrf::token};
    return over(retention, route,
                [](RetentionService& service, const Call& call) -> Result<http::Response> {
                    const DisposalAnswer answer{DisposalDecision::reject, call.body["version"], "",
                                                call.body["note"]};
                    const Result<nlohmann::json> view =
                        service.decide(call.caller, call.param("disposal_id"), answer);
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
