#include <map>

#include "app/api/people/delegation_view.hpp"
#include "app/api/people/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

using nlohmann::json;

Result<json> delegation_views(store::Database& database,
                              const std::vector<access::Delegation>& delegations, WallNs now_ns) {
    return database.read([&](store::Reader& reader) -> Result<json> {
        std::map<std::int64_t, std::string> names;
        for (const access::Account& account : access::accounts::all(reader))
            names[account.id] = account.display_name;
        json views = json::array();
        for (const access::Delegation& delegation : delegations) {
            const access::DelegationRequest& granted = delegation.granted;
            views.push_back({{"id", id_text(delegation.id)},
                             {"permission", access::name_of(granted.permission)},
                             {"grantor_id", id_text(delegation.grantor_id)},
                             {"grantor_name", names[delegation.grantor_id]},
                             {"person_id", id_text(granted.grantee_id)},
                             {"person_name", names[granted.grantee_id]},
                             {"reason", access::name_of(granted.reason)},
                             {"note", granted.note},
                             {"from", time_text(granted.from_ns)},
                             {"until", time_text(granted.until_ns)},
                             {"revoked_at", time_or_null(delegation.revoked_ns)},
                             {"active", delegation.active_at(now_ns)}});
        }
        return views;
    });
}

Handler list_delegations(access::Room& access, store::Database& database, const Clock& clock) {
    const Route route{.operation = "listDelegations",
                      .pattern = "/api/v1/delegations",
                      .permission = access::Permission::delegation_read};
    return {route, [&access, &database, &clock](const Call& call) -> Result<http::Response> {
                const Result<std::vector<access::Delegation>> all =
                    access.delegations.list(call.caller);
                if (!all) return fail(all.error());
                Result<json> views = delegation_views(database, *all, clock.wall_ns());
                if (!views) return fail(views.error());
                return json_reply({{"delegations", std::move(*views)}});
            }};
}

}  // namespace daicho::app::api
