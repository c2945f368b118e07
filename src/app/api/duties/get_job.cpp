#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler get_job(JobService* jobs) {
    const Route route{.operation = "getJob", .pattern = "/api/v1/jobs/{job_id}", .polling = true};
    return over(jobs, route, [](JobService& service, const Call& call) -> Result<http::Response> {
        const Result<nlohmann::json> view = service.one(call.caller, call.param("job_id"));
        if (!view) return fail(view.error());
        return json_reply(*view);
    });
}

}  // namespace daicho::app::api
