#include "app/api/reply.hpp"
#include "app/api/session/session_view.hpp"

namespace daicho::app::api {

Handler get_preferences(SessionParts parts) {
    const Route route{.operation = "getPreferences", .pattern = "/api/v1/preferences"};
    return {route, [parts](const Call& call) -> Result<http::Response> {
                const Result<nlohmann::json> view = preferences_view(parts.database, call.caller);
                if (!view) return fail(view.error());
                return json_reply(*view);
            }};
}

}  // namespace daicho::app::api
