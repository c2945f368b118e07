#include "app/api/logs/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler get_leaf_proof(EventService* events) {
    const Route route{.operation = "getLeafProof",
                      .pattern = "/api/v1/leaves/{leaf_index}/proof",
                      .permission = access::Permission::evidence_read};
    return over(events, route,
                [](EventService& service, const Call& call) -> Result<http::Response> {
                    const Result<std::uint64_t> index = seq_of(call.param("leaf_index"));
                    if (!index) return fail(index.error());
                    const Result<nlohmann::json> view = service.leaf_proof(*index);
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
