#pragma once
// Who may do what: two closed lists and one table between them. Nothing else in daicho decides by
// role.
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace daicho::access {

enum class Role : std::uint8_t { administrator, security_officer, auditor, member };
inline constexpr std::size_t role_count = 4;

/// Names as in the API and the content: "security_officer".
[[nodiscard]] std::string_view name_of(Role role) noexcept;
[[nodiscard]] std::optional<Role> role_named(std::string_view name) noexcept;

/// A set of roles; a value.
class RoleSet {
public:
    constexpr RoleSet() = default;
    constexpr RoleSet(std::initializer_list<Role> roles) {
        for (const Role role : roles) add(role);
    }
    constexpr void add(Role role) noexcept { bits_ |= bit(role); }
    [[nodiscard]] constexpr bool has(Role role) const noexcept { return (bits_ & bit(role)) != 0; }
    [[nodiscard]] constexpr bool intersects(RoleSet other) const noexcept {
        return (bits_ & other.bits_) != 0;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    [[nodiscard]] std::vector<Role> list() const;
    /// "administrator security_officer": the stored form, in the order of the enumeration.
    [[nodiscard]] std::string text() const;
    /// Errc::tampered for anything that text() does not write.
    [[nodiscard]] static Result<RoleSet> from_text(std::string_view text);
    constexpr bool operator==(const RoleSet&) const = default;

private:
    static constexpr std::uint8_t bit(Role role) noexcept {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(role));
    }
    std::uint8_t bits_ = 0;
};

enum class Permission : std::uint8_t {
    self_manage,         // own password and own sessions
    obligation_read,     // what is due
    obligation_perform,  // do it and sign it off
    status_read,         // 遵守状況
    evidence_read,       // daicho's own entries and their proofs, not the contents of logs
    pack_create,         // packs for outsiders
    log_read,    // contents of logs; the only permission besides log_review that can be delegated
    log_review,  // the periodic review
    log_export,  // take contents of logs out of daicho
    source_read,
    source_write,
    settings_read,
    settings_write,
    retention_write,    // how long, and applying for destruction at the end
    retention_approve,  // the second person without whom nothing is destroyed
    ledger_operate,     // seal, write-once export, reindex: without seeing contents
    people_read,
    people_write,  // accounts, roles, sessions of others
    delegation_read,
    delegation_grant,
};
inline constexpr std::size_t permission_count = 20;

/// "log.read"; the form used in openapi.yaml.
[[nodiscard]] std::string_view name_of(Permission permission) noexcept;
[[nodiscard]] std::optional<Permission> permission_named(std::string_view name) noexcept;

/// Whether holding one of `roles` is enough, delegations apart.
[[nodiscard]] bool granted_by_role(RoleSet roles, Permission permission) noexcept;
/// Whether an officer can lend it.
[[nodiscard]] bool can_be_delegated(Permission permission) noexcept;

}  // namespace daicho::access
