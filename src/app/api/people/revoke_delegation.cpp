#include "app/api/people/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler revoke_delegation(access::Room& access) {
    const Route route{.operation = "revokeDelegation",
                      .method = http::Method::del,
                      .pattern = "/api/v1/delegations/{delegation_id}",
                      .permission = access::Permission::delegation_grant,
                      .csrf = Csrf::token};
    return {route, [&access](const Call& call) -> Result<http::Response> {
                const Result<std::int64_t> id = id_of(call.param("delegation_id"));
                if (!id) return fail(id.error());
                const Status status = access.delegations.revoke(call.caller, *id);
                if (!status) return fail(status.error());
                return no_content();
            }};
}

}  // namespace daicho::app::api
