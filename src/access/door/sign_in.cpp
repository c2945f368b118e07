#include "access/door/sign_in.hpp"

#include <nlohmann/json.hpp>

#include "base/fault.hpp"

namespace daicho::access::door {
namespace {

tl::unexpected<Error> refused() {
    return refuse(Errc::unauthorised, "access.sign_in_failed",
                  "the login or the password is wrong, or the account can't be used now");
}

/// The clock decides, whether or not a sweep has come by since.
bool initial_is_dead(const Account& account, WallNs now) {
    return account.state == AccountState::initial && account.initial_expires_ns &&
           now >= *account.initial_expires_ns;
}

}  // namespace

SignIn::SignIn(store::Database& database, password::HashQueue& hashes,
               const password::History& history, const password::Rules& rules, Sessions& sessions,
               Tally& tally, LockoutPolicy policy)
    : database_(database),
      hashes_(hashes),
      history_(history),
      rules_(rules),
      sessions_(sessions),
      tally_(tally),
      lockout_(policy) {}

Result<NewSession> SignIn::attempt(const SignInAttempt& attempt) {
    const Result<std::string> key = fold_login(attempt.login);
    auto found = database_.read([&](store::Reader& reader) -> Result<std::optional<Account>> {
        // A login that can't be one is looked up all the same: one read for everybody.
        return accounts::by_login_key(reader, key ? *key : std::string());
    });
    if (!found) return fail(std::move(found.error()));
    const std::optional<Account>& seen = *found;
    const std::string stored = seen ? seen->password_hash : std::string();
    // One verification for everybody, before anything is decided.
    const Result<bool> matched = hashes_.matches(stored, attempt.password);
    if (!matched) return fail(matched.error());
    std::string rehash;
    if (*matched && hashes_.needs_rehash(stored)) {
        auto hash = hashes_.hash(attempt.password);
        if (hash) rehash = *std::move(hash);  // busy: next time
    }
    auto decided = database_.write(
        [&](store::Transaction& tx) { return decide(tx, attempt, seen, *matched, rehash); });
    if (!decided) return fail(std::move(decided.error()));
    if (!*decided) return refused();
    return std::move(**decided);
}

Result<std::optional<NewSession>> SignIn::decide(store::Transaction& tx,
                                                 const SignInAttempt& attempt,
                                                 const std::optional<Account>& seen, bool matched,
                                                 const std::string& rehash) {
    std::optional<Account> account = seen ? accounts::by_id(tx, seen->id) : std::nullopt;
    // The password was changed while ours was being checked: it was checked against the wrong one.
    if (account && account->password_hash != seen->password_hash) matched = false;
    const WallNs now = tx.clock().wall_ns();
    std::string_view why;
    Status noted;
    if (!account) {
        why = "unknown_login";
    } else if (lockout_.locked_until(tx, account->id, attempt.address)) {
        why = "locked";
    } else if (!matched) {
        why = "wrong_password";
        noted = lockout_.count_failure(tx, account->id, attempt.address);
    } else if (account->state == AccountState::disabled) {
        why = "disabled";
    } else if (initial_is_dead(*account, now)) {
        why = "initial_expired";
        noted = disable_expired(tx, *account);
    }
    if (!noted) return fail(std::move(noted.error()));
    if (!why.empty()) {
        noted = note_refusal(tx, account, attempt.address, why);
        if (!noted) return fail(std::move(noted.error()));
        return std::optional<NewSession>();
    }
    auto admitted = admit(tx, *account, attempt, rehash);
    if (!admitted) return fail(std::move(admitted.error()));
    return std::optional<NewSession>(*std::move(admitted));
}

Status SignIn::note_refusal(store::Transaction& tx, const std::optional<Account>& account,
                            std::string_view address, std::string_view why) {
    // Never what was typed as the login: people type passwords there.
    const std::string actor = account ? account->actor() : "unknown";
    const std::string object = account ? account->actor() : "";
    const nlohmann::json detail{{"address", address}, {"reason", why}};
    return tally_.count(tx, {"access.sign_in_failed", actor, object, detail.dump()});
}

Result<NewSession> SignIn::admit(store::Transaction& tx, Account& account,
                                 const SignInAttempt& attempt, const std::string& rehash) {
    if (!rehash.empty()) {
        account.password_hash = rehash;
        Status changed = accounts::change(tx, account, {"daicho", "access.password_rehashed"});
        if (!changed) return fail(std::move(changed.error()));
    }
    Status forgiven = lockout_.forgive(tx, account.id, attempt.address);
    if (!forgiven) return fail(std::move(forgiven.error()));
    auto session = sessions_.start(tx, account, attempt.address);
    if (!session) return session;
    const nlohmann::json detail{{"address", attempt.address},
                                {"session", session->caller.session_id},
                                {"initial", account.must_change}};
    tx.record({account.actor(), "access.signed_in", account.actor(), 0, {}, detail.dump()});
    return session;
}

Status SignIn::disable_expired(store::Transaction& tx, Account& account) {
    account.state = AccountState::disabled;
    account.disabled_ns = tx.clock().wall_ns();
    account.disabled_by = "daicho";
    Status changed = accounts::change(
        tx, account, {"daicho", "access.account_disabled", R"({"reason":"initial_expired"})"});
    if (!changed) return changed;
    auto ended = sessions_.end_all(tx, account.id, SignOffReason::forced, "daicho");
    if (!ended) return fail(std::move(ended.error()));
    return {};
}

Status SignIn::judge(const Account& account, std::string_view current, std::string_view wanted) {
    return database_.read([&](store::Reader& reader) -> Status {
        const std::string organisation = organisation_name(reader);
        std::vector<std::string> broken =
            rules_.broken_by(wanted, {account.login, account.display_name, organisation});
        if (password::normalised(current) == password::normalised(wanted) ||
            history_.used_before(reader, account.id, wanted)) {
            broken.emplace_back("password.used_before");
        }
        if (broken.empty()) return {};
        Error error{Errc::invalid, "the password breaks a rule", "password.refused", {}};
        for (std::string& rule : broken) error.params.emplace_back("rule", std::move(rule));
        return fail(std::move(error));
    });
}

Result<NewSession> SignIn::change_password(const Caller& caller, std::string_view current,
                                           std::string_view wanted) {
    auto found = database_.read([&](store::Reader& reader) -> Result<Account> {
        std::optional<Account> account = accounts::by_id(reader, caller.account_id);
        if (!account) return fail(Errc::not_found, "no such account");
        if (lockout_.locked_until(reader, account->id, caller.address)) {
            return refuse(Errc::locked, "access.locked", "too many wrong passwords");
        }
        return *std::move(account);
    });
    if (!found) return fail(std::move(found.error()));
    const Result<bool> matched = hashes_.matches(found->password_hash, current);
    if (!matched) return fail(matched.error());
    if (!*matched) {
        Status counted = database_.write([&](store::Transaction& tx) -> Status {
            Status failure = lockout_.count_failure(tx, caller.account_id, caller.address);
            if (!failure) return failure;
            return note_refusal(tx, *found, caller.address, "wrong_password");
        });
        if (!counted) return fail(std::move(counted.error()));
        return refuse(Errc::denied, "access.wrong_password", "the current password is wrong");
    }
    Status judged = judge(*found, current, wanted);
    if (!judged) return fail(std::move(judged.error()));
    const auto hash = hashes_.hash(wanted);
    if (!hash) return fail(hash.error());
    return database_.write([&](store::Transaction& tx) {
        return store_password(tx, caller, *found, current, wanted, *hash);
    });
}

Result<NewSession> SignIn::store_password(store::Transaction& tx, const Caller& caller,
                                          const Account& seen, std::string_view current,
                                          std::string_view wanted, const std::string& hash) {
    std::optional<Account> account = accounts::by_id(tx, seen.id);
    check(account.has_value(), "accounts are never deleted");
    const WallNs now = tx.clock().wall_ns();
    if (account->password_hash != seen.password_hash) {
        return refuse(Errc::conflict, "store.changed_meanwhile",
                      "the password was changed meanwhile");
    }
    if (account->state == AccountState::disabled || initial_is_dead(*account, now)) {
        return refuse(Errc::expired, "access.initial_expired",
                      "the account can't be used any more");
    }
    const bool first = account->must_change;
    account->password_hash = hash;
    account->password_set_ns = now;
    account->must_change = false;
    account->initial_expires_ns = std::nullopt;
    account->state = AccountState::active;
    const nlohmann::json detail{{"address", caller.address}, {"first", first}};
    Status changed =
        accounts::change(tx, *account, {caller.actor(), "access.password_changed", detail.dump()});
    if (!changed) return fail(std::move(changed.error()));
    for (const std::string_view used : {current, wanted}) {
        Status remembered = history_.remember(tx, account->id, used);
        if (!remembered) return fail(std::move(remembered.error()));
    }
    auto ended = sessions_.end_all(tx, account->id, SignOffReason::replaced, caller.actor());
    if (!ended) return fail(std::move(ended.error()));
    return sessions_.start(tx, *account, caller.address);
}

Status SignIn::sweep() {
    return database_.write([&](store::Transaction& tx) -> Status {
        tx.no_evidence("old counters; whatever is disabled here is recorded");
        std::vector<std::int64_t> dead;
        {
            store::Rows rows = tx.query(
                "SELECT id FROM account WHERE state = 'initial' AND initial_expires_ns <= $1"
                " ORDER BY id",
                tx.clock().wall_ns());
            while (rows.next()) dead.push_back(rows.integer(0));
        }
        for (const std::int64_t id : dead) {
            std::optional<Account> account = accounts::by_id(tx, id);
            check(account.has_value(), "accounts are never deleted");
            Status disabled = disable_expired(tx, *account);
            if (!disabled) return disabled;
        }
        return lockout_.sweep(tx);
    });
}

}  // namespace daicho::access::door
