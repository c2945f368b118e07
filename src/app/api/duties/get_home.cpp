#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler get_home(DutyService* duties, access::Room& access) {
    const Route route{.operation = "getHome", .pattern = "/api/v1/home", .polling = true};
    return over(duties, route,
                [&access](DutyService& service, const Call& call) -> Result<http::Response> {
                    const Result<bool> sees_status =
                        access.access.may(call.caller, access::Permission::status_read);
                    if (!sees_status) return fail(sees_status.error());
                    const Result<nlohmann::json> view = service.home(call.caller, *sees_status);
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
