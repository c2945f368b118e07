#include "access/organisation.hpp"
#include "app/api/reply.hpp"
#include "app/api/session/session_view.hpp"

namespace daicho::app::api {

Handler put_preferences(SessionParts parts) {
    const Route route{.operation = "putPreferences",
                      .method = http::Method::put,
                      .pattern = "/api/v1/preferences",
                      .csrf = Csrf::token};
    return {route, [parts](const Call& call) -> Result<http::Response> {
                for (const auto& [name, value] : call.body.items()) {
                    const Status status = access::set_preference(parts.database, call.caller, name,
                                                                 value.get<std::string>());
                    if (!status) return fail(status.error());
                }
                return json_reply(call.body);
            }};
}

}  // namespace daicho::app::api
