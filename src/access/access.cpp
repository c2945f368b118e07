#include "access/access.hpp"

#include <nlohmann/json.hpp>

namespace daicho::access {

Result<std::optional<Grounds>> Access::grounds(const Caller& caller, Permission permission) {
    if (caller.must_change && permission != Permission::self_manage) {
        return std::optional<Grounds>();
    }
    if (granted_by_role(caller.roles, permission)) return std::optional<Grounds>(Grounds{});
    if (!can_be_delegated(permission)) return std::optional<Grounds>();
    return database_.read([&](store::Reader& reader) -> Result<std::optional<Grounds>> {
        const auto id = delegated(reader, caller.account_id, permission, reader.clock().wall_ns());
        return id ? std::optional<Grounds>(Grounds{id}) : std::nullopt;
    });
}

Result<Grounds> Access::require_grounds(const Caller& caller, Permission permission) {
    auto found = grounds(caller, permission);
    if (!found) return fail(std::move(found.error()));
    if (*found) return **found;
    const std::string name(name_of(permission));
    Status counted = tally_.count(
        {"access.refused", caller.actor(), "", nlohmann::json{{"permission", name}}.dump()});
    if (!counted) return fail(std::move(counted.error()));
    if (caller.must_change) {
        return refuse(Errc::denied, "access.password_change_required",
                      "the one-time password must be replaced first");
    }
    return refuse(Errc::denied, "access.denied", "the caller lacks " + name,
                  {{"permission", name}});
}

Status Access::require(const Caller& caller, Permission permission) {
    auto found = require_grounds(caller, permission);
    if (!found) return fail(std::move(found.error()));
    return {};
}

Result<bool> Access::may(const Caller& caller, Permission permission) {
    auto found = grounds(caller, permission);
    if (!found) return fail(std::move(found.error()));
    return found->has_value();
}

Result<std::vector<Permission>> Access::permissions_of(const Caller& caller) {
    std::vector<Permission> held;
    for (std::size_t i = 0; i < permission_count; ++i) {
        const auto permission = static_cast<Permission>(i);
        auto yes = may(caller, permission);
        if (!yes) return fail(std::move(yes.error()));
        if (*yes) held.push_back(permission);
    }
    return held;
}

}  // namespace daicho::access
