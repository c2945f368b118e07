#include <algorithm>

#include "app/api/people/delegation_view.hpp"
#include "app/api/people/handlers.hpp"
#include "app/api/reply.hpp"
#include "base/fault.hpp"

namespace daicho::app::api {
namespace {

access::DelegationRequest request_of(const nlohmann::json& body, std::int64_t grantee_id) {
    access::DelegationRequest request;
    request.grantee_id = grantee_id;
    const auto permission =
        access::permission_named(body["permission"].get_ref<const std::string&>());
    const auto reason =
        access::delegation_reason_named(body["reason"].get_ref<const std::string&>());
    check(permission && reason, "the names of openapi.yaml are those of access/");
    request.permission = *permission;
    request.reason = *reason;
    request.from_ns = time_of(body["from"]);
    request.until_ns = time_of(body["until"]);
    request.note = body.value("note", "");
    return request;
}

}  // namespace

Handler grant_delegation(access::Room& access, store::Database& database, const Clock& clock) {
    const Route route{.operation = "grantDelegation",
                      .method = http::Method::post,
                      .pattern = "/api/v1/delegations",
                      .permission = access::Permission::delegation_grant,
                      .csrf = Csrf::token};
    return {
        route, [&access, &database, &clock](const Call& call) -> Result<http::Response> {
            const Result<std::int64_t> grantee =
                id_of(call.body["person_id"].get_ref<const std::string&>());
            if (!grantee) return fail(grantee.error());
            const Result<std::int64_t> id =
                access.delegations.grant(call.caller, request_of(call.body, *grantee));
            if (!id) return fail(id.error());
            Result<std::vector<access::Delegation>> all = access.delegations.list(call.caller);
            if (!all) return fail(all.error());
            std::erase_if(
                *all, [&](const access::Delegation& delegation) { return delegation.id != *id; });
            const Result<nlohmann::json> views = delegation_views(database, *all, clock.wall_ns());
            if (!views) return fail(views.error());
            check(views->size() == 1, "what was granted is in the list");
            return json_reply(views->front(), 201);
        }};
}

}  // namespace daicho::app::api
