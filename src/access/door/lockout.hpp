#pragma once
// How often one may be wrong: counters of failed sign-ins, per account and source address and per
// account over all addresses, and the locks that follow. All in the caller's transaction, so
// parallel attempts can't outrun a counter.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace daicho::access::door {

/// 002-3-11i leaves the numbers to the organisation; these are its parameters and their defaults.
struct LockoutPolicy {
    std::int64_t failures_max = 5;            // per account and source address …
    std::int64_t window_ns = 15 * minute_ns;  // … within this time
    std::int64_t lock_ns = 15 * minute_ns;    // the first lock; each further one is twice as long
    std::int64_t lock_ns_max = 24 * hour_ns;
    std::int64_t lock_memory_ns = 24 * hour_ns;  // after so long in peace locks start small again
    std::int64_t account_failures_max =
        50;  // over all addresses: against guesses from many of them
};

/// Immutable: threads may share it.
class Lockout {
public:
    explicit Lockout(LockoutPolicy policy);

    /// The end of the lock that holds this account against this address now, if one does.
    [[nodiscard]] std::optional<WallNs> locked_until(store::Reader& reader, std::int64_t account_id,
                                                     std::string_view address) const;
    /// Counts a wrong password; when that was one too many the account is locked and access.locked
    /// recorded.
    [[nodiscard]] Status count_failure(store::Transaction& tx, std::int64_t account_id,
                                       std::string_view address) const;
    /// The right password: this address starts anew.
    [[nodiscard]] Status forgive(store::Transaction& tx, std::int64_t account_id,
                                 std::string_view address) const;
    /// Forgets counters that no longer matter.
    [[nodiscard]] Status sweep(store::Transaction& tx) const;

private:
    [[nodiscard]] Status count_at(store::Transaction& tx, std::int64_t account_id,
                                  std::string_view address, std::int64_t failures_max) const;

    LockoutPolicy policy_;
};

/// For people's administration: the latest lock in force, and lifting all of them.
[[nodiscard]] std::optional<WallNs> latest_lock(store::Reader& reader, std::int64_t account_id);
[[nodiscard]] Status lift_locks(store::Transaction& tx, std::int64_t account_id);

}  // namespace daicho::access::door
