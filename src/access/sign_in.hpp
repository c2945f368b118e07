#pragma once
// The door. Whatever is wrong (no such login, wrong password, locked, disabled, one-time password
// too old), the work done and the answer given are the same: a stranger learns nothing from either.
#include <cstdint>
#include <string>
#include <string_view>

#include "access/password/hash_queue.hpp"
#include "access/password/history.hpp"
#include "access/password/rules.hpp"
#include "access/session.hpp"
#include "access/tally.hpp"
#include "base/result.hpp"

namespace daicho::access {

/// 002-3-11i leaves the numbers to the organisation; these are its parameters and their defaults.
struct SignInPolicy {
    std::int64_t failures_max = 5;            // per account and source address …
    std::int64_t window_ns = 15 * minute_ns;  // … within this time
    std::int64_t lock_ns = 15 * minute_ns;    // the first lock; each further one is twice as long
    std::int64_t lock_ns_max = 24 * hour_ns;
    std::int64_t lock_memory_ns = 24 * hour_ns;  // after so long in peace locks start small again
    std::int64_t account_failures_max =
        50;  // over all addresses: against guesses from many of them
};

/// A one-time password dies after three days.
inline constexpr std::int64_t initial_password_life_ns = 72 * hour_ns;

struct SignInAttempt {
    std::string_view login;
    std::string_view password;
    std::string_view address;
};

/// Thread-safe. References must outlive it.
class SignIn {
public:
    SignIn(store::Database& database, password::HashQueue& hashes, const password::History& history,
           const password::Rules& rules, Sessions& sessions, Tally& tally, SignInPolicy policy);

    /// Errc::unauthorised ("access.sign_in_failed") for every reason that lies with the caller;
    /// Errc::unavailable
    /// ("access.busy") when more wait for a hash than the queue holds.
    [[nodiscard]] Result<NewSession> attempt(const SignInAttempt& attempt);

    /// Ends every session of the account and gives a new one. Errc::denied
    /// ("access.wrong_password"), counted like a failed sign-in; Errc::invalid with `params` = one
    /// pair {"rule", text_key} for each rule that the wanted password breaks; Errc::expired when
    /// the one-time password has died meanwhile.
    [[nodiscard]] Result<NewSession> change_password(const Caller& caller, std::string_view current,
                                                     std::string_view wanted);

    /// Disables accounts whose one-time password has died, and forgets old counters. Called by a
    /// job every minute.
    [[nodiscard]] Status sweep();

private:
    struct Judgement;
    [[nodiscard]] Result<NewSession> decide(store::Transaction& tx, const SignInAttempt& attempt,
                                            const Account& seen, bool matched, bool& refused);
    [[nodiscard]] Status count_failure(store::Transaction& tx, const Account& account,
                                       std::string_view address, std::string_view why);
    [[nodiscard]] Status count_stranger(std::string_view address);

    store::Database& database_;
    password::HashQueue& hashes_;
    const password::History& history_;
    const password::Rules& rules_;
    Sessions& sessions_;
    Tally& tally_;
    SignInPolicy policy_;
};

}  // namespace daicho::access
