#include "app/api/dispatch.hpp"
#include "app/api/reply.hpp"
#include "app/api/session/session_view.hpp"

namespace daicho::app::api {
namespace {

/// Each broken rule as a problem of the field that broke it.
http::Response broken_rules(const Error& error) {
    std::vector<http::FieldProblem> problems;
    for (const auto& [name, rule] : error.params) {
        if (name == "rule") problems.push_back({"/new_password", rule, {}});
    }
    return invalid_fields(std::move(problems));
}

}  // namespace

Handler change_password(SessionParts parts) {
    const Route route{.operation = "changePassword",
                      .method = http::Method::post,
                      .pattern = "/api/v1/session/password",
                      .csrf = Csrf::token,
                      .with_one_time_password = true};
    return {
        route, [parts](const Call& call) -> Result<http::Response> {
            const Result<access::door::NewSession> session = parts.access.sign_in.change_password(
                call.caller, call.body["current_password"].get_ref<const std::string&>(),
                call.body["new_password"].get_ref<const std::string&>());
            if (!session && session.error().code == Errc::invalid)
                return broken_rules(session.error());
            if (!session) return fail(session.error());
            const Result<nlohmann::json> view = session_view(parts, session->caller, session->csrf);
            if (!view) return fail(view.error());
            http::Response response = json_reply(*view);
            response.set("Set-Cookie", set_cookie(session->token));
            return response;
        }};
}

}  // namespace daicho::app::api
