#include "app/api/people/person_view.hpp"

#include "app/api/reply.hpp"
#include "base/fault.hpp"

namespace daicho::app::api {

using nlohmann::json;

json person_view(const access::PersonView& person) {
    json roles = json::array();
    for (const access::Role role : person.roles.list()) roles.push_back(access::name_of(role));
    const bool initial = person.state == access::AccountState::initial;
    return {{"id", id_text(person.id)},
            {"login", person.login},
            {"display_name", person.display_name},
            {"roles", std::move(roles)},
            {"combined_roles_reason",
             person.combined_roles_reason ? json(*person.combined_roles_reason) : json()},
            {"state", access::name_of(person.state)},
            {"one_time_password_expires_at",
             initial ? time_or_null(person.initial_expires_ns) : json()},
            {"locked_until", time_or_null(person.locked_until_ns)},
            {"password_set_at", time_text(person.password_set_ns)},
            {"created_at", time_text(person.created_ns)},
            {"disabled_at", time_or_null(person.disabled_ns)},
            {"version", person.version}};
}

access::PersonView own_view(const access::Account& account) {
    access::PersonView view;
    view.id = account.id;
    view.version = account.version;
    view.login = account.login;
    view.display_name = account.display_name;
    view.roles = account.roles;
    view.combined_roles_reason = account.combined_roles_reason;
    view.state = account.state;
    view.initial_expires_ns = account.initial_expires_ns;
    view.password_set_ns = account.password_set_ns;
    view.created_ns = account.created_ns;
    view.disabled_ns = account.disabled_ns;
    return view;
}

access::RoleSet roles_of(const json& names) {
    access::RoleSet roles;
    for (const json& name : names) {
        const std::optional<access::Role> role =
            access::role_named(name.get_ref<const std::string&>());
        check(role.has_value(), "role names of openapi.yaml are those of access/");
        roles.add(*role);
    }
    return roles;
}

}  // namespace daicho::app::api
