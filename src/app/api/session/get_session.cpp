#include "app/api/reply.hpp"
#include "app/api/session/session_view.hpp"

namespace daicho::app::api {

Handler get_session(SessionParts parts) {
    const Route route{.operation = "getSession",
                      .pattern = "/api/v1/session",
                      .polling = true,
                      .with_one_time_password = true};
    return {route, [parts](const Call& call) -> Result<http::Response> {
                const Result<nlohmann::json> view =
                    session_view(parts, call.caller, parts.access.sessions.csrf_of(call.caller));
                if (!view) return fail(view.error());
                return json_reply(*view);
            }};
}

}  // namespace daicho::app::api
