#include "app/api/dispatch.hpp"
#include "app/api/reply.hpp"
#include "app/api/session/session_view.hpp"

namespace daicho::app::api {

Handler sign_in(SessionParts parts) {
    const Route route{.operation = "signIn",
                      .method = http::Method::post,
                      .pattern = "/api/v1/session",
                      .anybody = true,
                      .csrf = Csrf::origin};
    return {
        route, [parts](const Call& call) -> Result<http::Response> {
            const access::door::SignInAttempt attempt{
                call.body["login"].get_ref<const std::string&>(),
                call.body["password"].get_ref<const std::string&>(), call.request.remote_address};
            const Result<access::door::NewSession> session = parts.access.sign_in.attempt(attempt);
            if (!session) return fail(session.error());
            const Result<nlohmann::json> view = session_view(parts, session->caller, session->csrf);
            if (!view) return fail(view.error());
            http::Response response = json_reply(*view);
            response.set("Set-Cookie", set_cookie(session->token));
            return response;
        }};
}

}  // namespace daicho::app::api
