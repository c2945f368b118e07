#include "app/api/reply.hpp"
#include "app/api/retention/handlers.hpp"

namespace daicho::app::api {

Handler approve_disposal(RetentionService* retention) {
    const Route route{.operation = "approveDisposal",
                      .method = http::Method::post,
                      .pattern = "/api/v1/retention/disposals/{disposal_id}/approval",
                      .permission = access::Permission::retention_approve,
                      .csrf = Csrf::token};
    return over(retention, route,
                [](RetentionService& service, const Call& call) -> Result<http::Response> {
                    const DisposalAnswer answer{DisposalDecision::approve, call.body["version"],
                                                call.body["content"], call.body.value("note", "")};
                    const Result<nlohmann::json> view =
                        service.decide(call.caller, call.param("disposal_id"), answer);
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
