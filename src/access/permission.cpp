#include "access/permission.hpp"

#include <array>

#include "base/fault.hpp"
#include "base/text.hpp"

namespace daicho::access {
namespace {

constexpr std::array<std::string_view, role_count> role_names{"administrator", "security_officer",
                                                              "auditor", "member"};

constexpr RoleSet everyone{Role::administrator, Role::security_officer, Role::auditor,
                           Role::member};
constexpr RoleSet overseers{Role::administrator, Role::security_officer, Role::auditor};
constexpr RoleSet officer{Role::security_officer};
constexpr RoleSet administrator{Role::administrator};

struct Line {
    Permission permission;
    std::string_view name;
    RoleSet roles;
    bool delegable = false;
};

// The administrator runs the machine and must not read what it collects; whoever reads logs must
// not be able to change how they are collected. 003-01-4.5-10a names the readers: the security
// officer and whom the officer lends it to.
constexpr std::array<Line, permission_count> table{{
    {Permission::self_manage, "self.manage", everyone},
    {Permission::obligation_read, "obligation.read", everyone},
    {Permission::obligation_perform, "obligation.perform",
     RoleSet{Role::administrator, Role::security_officer, Role::member}},
    {Permission::status_read, "status.read", overseers},
    {Permission::evidence_read, "evidence.read", overseers},
    {Permission::pack_create, "pack.create", RoleSet{Role::security_officer, Role::auditor}},
    {Permission::log_read, "log.read", officer, true},
    {Permission::log_review, "log.review", officer, true},
    {Permission::log_export, "log.export", officer},
    {Permission::source_read, "source.read", overseers},
    {Permission::source_write, "source.write", administrator},
    {Permission::settings_read, "settings.read", overseers},
    {Permission::settings_write, "settings.write", administrator},
    {Permission::retention_write, "retention.write", officer},
    // Who approves is never who applied; small offices have one officer, so the administrator, who
    // sees no contents, may be the second person.
    {Permission::retention_approve, "retention.approve",
     RoleSet{Role::administrator, Role::security_officer}},
    {Permission::ledger_operate, "ledger.operate",
     RoleSet{Role::administrator, Role::security_officer}},
    {Permission::people_read, "people.read", overseers},
    {Permission::people_write, "people.write", administrator},
    {Permission::delegation_read, "delegation.read",
     RoleSet{Role::security_officer, Role::auditor}},
    {Permission::delegation_grant, "delegation.grant", officer},
}};

constexpr bool table_is_in_order() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (static_cast<std::size_t>(table[i].permission) != i) return false;
    }
    return true;
}
static_assert(table_is_in_order(), "one line for each permission, in the order of the enumeration");

const Line& line_of(Permission permission) noexcept {
    const auto index = static_cast<std::size_t>(permission);
    check(index < table.size(), "no such permission");
    return table[index];
}

}  // namespace

std::string_view name_of(Role role) noexcept {
    return role_names[static_cast<std::size_t>(role)];
}

std::optional<Role> role_named(std::string_view name) noexcept {
    for (std::size_t i = 0; i < role_names.size(); ++i) {
        if (role_names[i] == name) return static_cast<Role>(i);
    }
    return std::nullopt;
}

std::vector<Role> RoleSet::list() const {
    std::vector<Role> out;
    for (std::size_t i = 0; i < role_count; ++i) {
        if (has(static_cast<Role>(i))) out.push_back(static_cast<Role>(i));
    }
    return out;
}

std::string RoleSet::text() const {
    std::string out;
    for (const Role role : list()) {
        if (!out.empty()) out += ' ';
        out += name_of(role);
    }
    return out;
}

Result<RoleSet> RoleSet::from_text(std::string_view text) {
    RoleSet roles;
    if (!text.empty()) {
        for (const std::string_view name : split(text, ' ')) {
            const std::optional<Role> role = role_named(name);
            if (!role) return fail(Errc::tampered, "stored roles hold an unknown one");
            roles.add(*role);
        }
    }
    if (roles.text() != text) return fail(Errc::tampered, "stored roles are not in their one form");
    return roles;
}

std::string_view name_of(Permission permission) noexcept {
    return line_of(permission).name;
}

std::optional<Permission> permission_named(std::string_view name) noexcept {
    for (const Line& line : table) {
        if (line.name == name) return line.permission;
    }
    return std::nullopt;
}

bool granted_by_role(RoleSet roles, Permission permission) noexcept {
    return roles.intersects(line_of(permission).roles);
}

bool can_be_delegated(Permission permission) noexcept {
    return line_of(permission).delegable;
}

}  // namespace daicho::access
