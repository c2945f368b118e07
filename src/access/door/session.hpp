#pragma once
// Sessions: a random token in the browser, its SHA-256 here. What ends a session is decided on the
// server's clocks only.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/account.hpp"
#include "access/caller.hpp"
#include "access/door/keys.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace daicho::access::door {

/// 002-3-6 demands a cut after five minutes; the parameter may be stricter, never laxer.
inline constexpr std::int64_t session_idle_ns_max = 5 * minute_ns;
/// A working day with overtime.
inline constexpr std::int64_t session_life_ns_max = 12 * hour_ns;
/// Devices one person plausibly uses at once; the oldest session gives way.
inline constexpr std::size_t sessions_per_account_max = 10;

struct SessionPolicy {
    std::int64_t idle_ns = session_idle_ns_max;
    std::int64_t life_ns = session_life_ns_max;
};

/// Activity of the person renews the idle time; what the page asks by itself (polling) does not.
enum class Activity { person, polling };
enum class SignOffReason : std::uint8_t { own, idle, absolute, forced, replaced };
[[nodiscard]] std::string_view name_of(SignOffReason reason) noexcept;

struct NewSession {
    std::string token;  // for the cookie; exists only here
    std::string csrf;
    Caller caller;
    WallNs ends_ns = 0;  // at the latest
};

struct SessionView {
    std::int64_t id = 0;
    WallNs created_ns = 0;
    WallNs last_active_ns = 0;
    std::string address;
};

/// Thread-safe.
class Sessions {
public:
    Sessions(store::Database& database, const Keys& keys, SessionPolicy policy);

    /// Who this token stands for. Errc::unauthorised: never signed in, or so long ago that it is
    /// forgotten. Errc::expired ("access.session_ended", param `reason`): was signed in. `address`
    /// goes into Caller only.
    [[nodiscard]] Result<Caller> resume(std::string_view token, std::string_view address,
                                        Activity activity);
    [[nodiscard]] std::string csrf_of(const Caller& caller) const;
    /// Constant time. Errc::denied ("access.csrf").
    [[nodiscard]] Status check_csrf(const Caller& caller, std::string_view given) const;

    /// Within the transaction that authenticated the person. The oldest session gives way to an
    /// eleventh.
    [[nodiscard]] Result<NewSession> start(store::Transaction& tx, const Account& account,
                                           std::string_view address);
    [[nodiscard]] Status sign_off(const Caller& caller);
    /// One session of one's own. Errc::not_found for anybody else's.
    [[nodiscard]] Status end_own(const Caller& caller, std::int64_t session_id);
    /// All of an account, except one; in the caller's transaction. Gives their number.
    [[nodiscard]] Result<std::size_t> end_all(store::Transaction& tx, std::int64_t account_id,
                                              SignOffReason reason, const std::string& actor,
                                              std::optional<std::int64_t> except = std::nullopt);
    [[nodiscard]] Result<std::vector<SessionView>> list(std::int64_t account_id);
    /// Ends what is over and forgets what ended a day ago. Called by a job every minute.
    [[nodiscard]] Status sweep();
    /// How long the caller may still do nothing; polling can ask without renewing.
    [[nodiscard]] std::int64_t idle_left_ns(const Caller& caller) const;
    [[nodiscard]] SessionPolicy policy() const noexcept { return policy_; }

private:
    struct Row;
    /// When the person was last active, on both clocks. The database hears of it only now and then.
    struct Seen {
        WallNs wall_ns = 0;
        std::int64_t monotonic_ns = 0;
        std::int64_t started_monotonic_ns = 0;
    };
    [[nodiscard]] std::optional<SignOffReason> over(const Row& row) const;
    [[nodiscard]] Status make_room(store::Transaction& tx, std::int64_t account_id);
    [[nodiscard]] Status end(store::Transaction& tx, const Row& row, SignOffReason reason,
                             const std::string& actor);
    [[nodiscard]] Status end_where(store::Transaction& tx, const Caller& caller,
                                   std::int64_t session_id);
    void see(const Row& row);
    [[nodiscard]] Status touch(const Row& row);

    store::Database& database_;
    const Keys& keys_;
    SessionPolicy policy_;
    mutable Mutex mutex_;
    std::map<std::int64_t, Seen> seen_ DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::access::door
