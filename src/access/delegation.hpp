#pragma once
// Reading logs on behalf of the security officer (003-01-4.5-10a): lent by an officer, to a named
// person, for a period, with a reason; ends on its date or when it is taken back; each step is
// evidence.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/caller.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/versioned.hpp"

namespace daicho::access {

class Access;

/// A quarter: what lasts longer is a post, not a delegation.
inline constexpr std::int64_t delegation_ns_max = 90 * day_ns;
inline constexpr std::size_t delegation_note_size_max = 1'000;

/// The category is evidence; the note may name persons and stays in the state.
enum class DelegationReason : std::uint8_t { absence, workload, expertise, incident, audit };
[[nodiscard]] std::string_view name_of(DelegationReason reason) noexcept;
[[nodiscard]] std::optional<DelegationReason> delegation_reason_named(
    std::string_view name) noexcept;

struct DelegationRequest {
    std::int64_t grantee_id = 0;
    Permission permission =
        Permission::log_read;  // log_read or log_review (which includes log_read)
    WallNs from_ns = 0;        // not in the past beyond a minute of slack
    WallNs until_ns = 0;       // exclusive
    DelegationReason reason = DelegationReason::absence;
    std::string note;
};

struct Delegation {
    std::int64_t id = 0;
    std::int64_t version = 0;
    std::int64_t grantor_id = 0;
    DelegationRequest granted;
    std::optional<WallNs> revoked_ns;
    std::optional<std::int64_t> revoked_by;

    [[nodiscard]] bool active_at(WallNs time_ns) const noexcept {
        return granted.from_ns <= time_ns && time_ns < granted.until_ns &&
               (!revoked_ns || time_ns < *revoked_ns);
    }
};

/// Thread-safe. Checks the caller's permission itself.
class Delegations {
public:
    Delegations(store::Database& database, Access& access) : database_(database), access_(access) {}

    /// Errc::invalid for oneself, a period that is empty, past or over the maximum, a permission
    /// that can't be lent; Errc::not_found for an account that is absent or disabled. Evidence:
    /// delegation.granted.
    [[nodiscard]] Result<std::int64_t> grant(const Caller& officer,
                                             const DelegationRequest& request);
    /// Errc::conflict when it has ended already. Evidence: delegation.revoked.
    [[nodiscard]] Status revoke(const Caller& officer, std::int64_t id);
    /// Newest first.
    [[nodiscard]] Result<std::vector<Delegation>> list(const Caller& caller);
    /// Those in force at a time, past or future as known now.
    [[nodiscard]] Result<std::vector<Delegation>> active_at(const Caller& caller, WallNs time_ns);

private:
    store::Database& database_;
    Access& access_;
};

/// For Access: the delegation by which the account holds `permission`, if any. The grantor must
/// still be an active security officer: a right does not outlive its source.
[[nodiscard]] std::optional<std::int64_t> delegated(store::Reader& reader, std::int64_t account_id,
                                                    Permission permission, WallNs time_ns);

namespace delegations {
[[nodiscard]] const store::Versioned& table();
}

}  // namespace daicho::access
