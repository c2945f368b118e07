#pragma once
// The door. Whatever is wrong (no such login, wrong password, locked, disabled, one-time password
// too old), the work done and the answer given are the same: a stranger learns nothing from either.
#include <cstdint>
#include <string>
#include <string_view>

#include "access/door/lockout.hpp"
#include "access/door/session.hpp"
#include "access/password/hash_queue.hpp"
#include "access/password/history.hpp"
#include "access/password/rules.hpp"
#include "access/tally.hpp"
#include "base/result.hpp"

namespace daicho::access::door {

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
           const password::Rules& rules, Sessions& sessions, Tally& tally, LockoutPolicy policy);

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
    [[nodiscard]] Result<NewSession> admit(store::Transaction& tx, Account& account,
                                           const SignInAttempt& attempt, const std::string& rehash);
    /// nullopt: refused, and counted.
    [[nodiscard]] Result<std::optional<NewSession>> decide(store::Transaction& tx,
                                                           const SignInAttempt& attempt,
                                                           const std::optional<Account>& seen,
                                                           bool matched, const std::string& rehash);
    [[nodiscard]] Status note_refusal(store::Transaction& tx, const std::optional<Account>& account,
                                      std::string_view address, std::string_view why);
    /// Errc::invalid with the rules that `wanted` breaks.
    [[nodiscard]] Status judge(const Account& account, std::string_view current,
                               std::string_view wanted);
    [[nodiscard]] Result<NewSession> store_password(store::Transaction& tx, const Caller& caller,
                                                    const Account& seen, std::string_view current,
                                                    std::string_view wanted,
                                                    const std::string& hash);
    [[nodiscard]] Status disable_expired(store::Transaction& tx, Account& account);

    store::Database& database_;
    password::HashQueue& hashes_;
    const password::History& history_;
    const password::Rules& rules_;
    Sessions& sessions_;
    Tally& tally_;
    Lockout lockout_;
};

}  // namespace daicho::access::door
