#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler cancel_job(JobService* jobs) {
    const Route route{.operation = "cancelJob",
                      .method = http::Method::del,
                      .pattern = "/api/v1/jobs/{job_id}",
                      .csrf = Csrf::token};
    return over(jobs, route, [](JobService& service, const Call& call) -> Result<http::Response> {
        const Status status = service.cancel(call.caller, call.param("job_id"));
        if (!status) return fail(status.error());
        return no_content();
    });
}

}  // namespace daicho::app::api
