#include "app/api/reply.hpp"
#include "app/api/retention/handlers.hpp"

namespace daicho::app::api {

Handler apply_for_disposal(RetentionService* retention) {
    const Route route{.operation = "applyForDisposal",
                      .method = http::Method::post,
                      .pattern = "/api/v1/retention/disposals",
                      .permission = access::Permission::retention_write,
                      .csrf = Csrf::token};
    return over(retention, route,
                [](RetentionService& service, const Call& call) -> Result<http::Response> {
                    const DisposalRequest request{call.body["class"],
                                                  call.body["days"].get<std::vector<std::string>>(),
                                                  call.body["reason"]};
                    const Result<nlohmann::json> view = service.apply(call.caller, request);
                    if (!view) return fail(view.error());
                    return json_reply(*view, 201);
                });
}

}  // namespace daicho::app::api
