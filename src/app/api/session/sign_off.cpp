#include "app/api/dispatch.hpp"
#include "app/api/reply.hpp"
#include "app/api/session/handlers.hpp"

namespace daicho::app::api {

Handler sign_off(SessionParts parts) {
    const Route route{.operation = "signOff",
                      .method = http::Method::del,
                      .pattern = "/api/v1/session",
                      .csrf = Csrf::token,
                      .with_one_time_password = true};
    return {route, [parts](const Call& call) -> Result<http::Response> {
                const Status status = parts.access.sessions.sign_off(call.caller);
                if (!status) return fail(status.error());
                http::Response response = no_content();
                response.set("Set-Cookie", clear_cookie());
                return response;
            }};
}

}  // namespace daicho::app::api
