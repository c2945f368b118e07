#pragma once
// The one place where a permission is checked, and the record of every refusal.
#include <cstdint>
#include <optional>
#include <vector>

#include "access/caller.hpp"
#include "access/delegation.hpp"
#include "access/tally.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace daicho::access {

/// By what right: the role, or a delegation that was in force.
struct Grounds {
    std::optional<std::int64_t> delegation_id;
};

/// Thread-safe. References must outlive it.
class Access {
public:
    Access(store::Database& database, Tally& tally) : database_(database), tally_(tally) {}

    /// Errc::denied ("access.denied", param `permission`; or "access.password_change_required") and
    /// the refusal is in the outbox as access.refused before this returns: the first at once,
    /// repetitions as exact counts.
    [[nodiscard]] Status require(const Caller& caller, Permission permission);
    /// The same, and by what right: what the record of a reading has to say.
    [[nodiscard]] Result<Grounds> require_grounds(const Caller& caller, Permission permission);
    /// The same question without a record: for showing or hiding a menu.
    [[nodiscard]] Result<bool> may(const Caller& caller, Permission permission);
    [[nodiscard]] Result<std::vector<Permission>> permissions_of(const Caller& caller);

private:
    [[nodiscard]] Result<std::optional<Grounds>> grounds(const Caller& caller,
                                                         Permission permission);

    store::Database& database_;
    Tally& tally_;
};

}  // namespace daicho::access
