#include "app/api/logs/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler get_event_proof(EventService* events) {
    const Route route{.operation = "getEventProof",
                      .pattern = "/api/v1/events/{seq}/proof",
                      .permission = access::Permission::log_read,
                      .or_permission = access::Permission::evidence_read};
    return over(events, route,
                [](EventService& service, const Call& call) -> Result<http::Response> {
                    const Result<std::uint64_t> seq = seq_of(call.param("seq"));
                    if (!seq) return fail(seq.error());
                    const Result<nlohmann::json> view = service.proof(call.caller, *seq);
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
