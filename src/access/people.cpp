#include "access/people.hpp"

#include <nlohmann/json.hpp>

#include "access/door/lockout.hpp"
#include "access/door/sign_in.hpp"
#include "access/organisation.hpp"
#include "access/password/one_time.hpp"
#include "base/text.hpp"

namespace daicho::access {
namespace {

constexpr std::size_t reason_chars_max = 1'000;

struct OneTime {
    std::string password;
    std::string hash;
};

/// Outside any transaction: hashing takes a tenth of a second.
Result<OneTime> make_one_time(password::HashQueue& hashes) {
    OneTime made{password::make_one_time(), ""};
    auto hash = hashes.hash(made.password);
    if (!hash) return fail(std::move(hash.error()));
    made.hash = *std::move(hash);
    return made;
}

bool shown_text(const std::string& text, std::size_t chars_max) {
    const std::size_t chars = code_point_count(text);
    return is_utf8(text) && !trim(text).empty() && chars <= chars_max && safe_display(text) == text;
}

Status judge_roles(RoleSet roles, const std::optional<std::string>& reason) {
    if (roles.empty()) return refuse(Errc::invalid, "access.no_roles", "an account needs a role");
    const bool combined = roles.has(Role::administrator) && roles.has(Role::security_officer);
    if (combined && !reason) {
        return refuse(Errc::invalid, "access.combined_roles_need_reason",
                      "administrator and security officer in one need a reason");
    }
    if (reason && !shown_text(*reason, reason_chars_max)) {
        return refuse(Errc::invalid, "access.reason_invalid", "the reason is empty or too long");
    }
    return {};
}

/// Kept only where it says something.
std::optional<std::string> reason_for(RoleSet roles, const std::optional<std::string>& reason) {
    const bool combined = roles.has(Role::administrator) && roles.has(Role::security_officer);
    return combined ? reason : std::nullopt;
}

Result<Account> new_account(const NewPerson& person, const OneTime& secret, WallNs now,
                            const std::string& actor) {
    auto key = fold_login(person.login);
    if (!key) return fail(std::move(key.error()));
    if (!shown_text(person.display_name, display_name_chars_max)) {
        return refuse(Errc::invalid, "access.display_name_invalid",
                      "the name is empty or too long");
    }
    Status judged = judge_roles(person.roles, person.combined_roles_reason);
    if (!judged) return fail(std::move(judged.error()));
    Account account;
    account.login = std::string(trim(person.login));
    account.login_key = *std::move(key);
    account.display_name = person.display_name;
    account.roles = person.roles;
    account.combined_roles_reason = reason_for(person.roles, person.combined_roles_reason);
    account.password_hash = secret.hash;
    account.password_set_ns = now;
    account.initial_expires_ns = now + door::initial_password_life_ns;
    account.created_ns = now;
    account.created_by = actor;
    return account;
}

Result<Issued> add_account(store::Transaction& tx, Account account, const OneTime& secret,
                           const std::string& actor) {
    const nlohmann::json created{{"roles", account.roles.text()},
                                 {"combined", account.combined_roles_reason.has_value()}};
    Status added = accounts::add(tx, account, {actor, "access.account_created", created.dump()});
    if (!added) {
        if (added.error().code != Errc::conflict) return fail(std::move(added.error()));
        return refuse(Errc::conflict, "access.login_taken", "the login is in use");
    }
    const nlohmann::json issued{{"expires_ns", *account.initial_expires_ns}};
    tx.record({actor, "access.initial_issued", account.actor(), 0, {}, issued.dump()});
    return Issued{account.id, secret.password, *account.initial_expires_ns};
}

/// Administrators who can sign in with a password of their own, `except` apart.
bool another_administrator(store::Reader& reader, std::int64_t except) {
    for (const Account& account : accounts::all(reader)) {
        if (account.id != except && account.state == AccountState::active &&
            account.roles.has(Role::administrator)) {
            return true;
        }
    }
    return false;
}

tl::unexpected<Error> last_administrator() {
    return refuse(Errc::conflict, "access.last_administrator",
                  "somebody must be able to administer this installation");
}
tl::unexpected<Error> no_such_person() {
    return refuse(Errc::not_found, "access.no_such_person", "no such account");
}

PersonView view_of_account(store::Reader& reader, const Account& account) {
    return {account.id,
            account.version,
            account.login,
            account.display_name,
            account.roles,
            account.combined_roles_reason,
            account.state,
            account.initial_expires_ns,
            door::latest_lock(reader, account.id),
            account.password_set_ns,
            account.created_ns,
            account.created_by,
            account.disabled_ns,
            account.disabled_by};
}

Result<Issued> issue_again(store::Transaction& tx, door::Sessions& sessions, Account account,
                           const OneTime& secret, const std::string& actor) {
    const WallNs now = tx.clock().wall_ns();
    account.password_hash = secret.hash;
    account.password_set_ns = now;
    account.must_change = true;
    account.initial_expires_ns = now + door::initial_password_life_ns;
    account.state = AccountState::initial;
    account.disabled_ns = std::nullopt;
    account.disabled_by = std::nullopt;
    const nlohmann::json detail{{"expires_ns", *account.initial_expires_ns}};
    Status changed = accounts::change(tx, account, {actor, "access.initial_issued", detail.dump()});
    if (!changed) return fail(std::move(changed.error()));
    auto ended = sessions.end_all(tx, account.id, door::SignOffReason::forced, actor);
    if (!ended) return fail(std::move(ended.error()));
    Status lifted = door::lift_locks(tx, account.id);
    if (!lifted) return fail(std::move(lifted.error()));
    return Issued{account.id, secret.password, *account.initial_expires_ns};
}

}  // namespace

Result<std::vector<PersonView>> People::list(const Caller& caller) {
    Status may = access_.require(caller, Permission::people_read);
    if (!may) return fail(std::move(may.error()));
    return database_.read([](store::Reader& reader) -> Result<std::vector<PersonView>> {
        std::vector<PersonView> out;
        for (const Account& account : accounts::all(reader)) {
            out.push_back(view_of_account(reader, account));
        }
        return out;
    });
}

Result<PersonView> People::one(const Caller& caller, std::int64_t account_id) {
    if (caller.account_id != account_id) {  // what one may know of oneself needs no permission
        Status may = access_.require(caller, Permission::people_read);
        if (!may) return fail(std::move(may.error()));
    }
    return database_.read([&](store::Reader& reader) -> Result<PersonView> {
        const std::optional<Account> account = accounts::by_id(reader, account_id);
        if (!account) return no_such_person();
        return view_of_account(reader, *account);
    });
}

Result<Issued> People::create(const Caller& by, const NewPerson& person) {
    Status may = access_.require(by, Permission::people_write);
    if (!may) return fail(std::move(may.error()));
    auto secret = make_one_time(hashes_);
    if (!secret) return fail(std::move(secret.error()));
    return database_.write([&](store::Transaction& tx) -> Result<Issued> {
        auto account = new_account(person, *secret, tx.clock().wall_ns(), by.actor());
        if (!account) return fail(std::move(account.error()));
        return add_account(tx, *std::move(account), *secret, by.actor());
    });
}

Result<Issued> People::reissue(const Caller& by, std::int64_t account_id) {
    Status may = access_.require(by, Permission::people_write);
    if (!may) return fail(std::move(may.error()));
    if (by.account_id == account_id) {
        return refuse(Errc::invalid, "access.reissue_own",
                      "one's own password is changed, not issued");
    }
    auto secret = make_one_time(hashes_);
    if (!secret) return fail(std::move(secret.error()));
    return database_.write([&](store::Transaction& tx) -> Result<Issued> {
        std::optional<Account> account = accounts::by_id(tx, account_id);
        if (!account) return no_such_person();
        return issue_again(tx, sessions_, *std::move(account), *secret, by.actor());
    });
}

Status People::disable(const Caller& by, std::int64_t account_id, std::int64_t expected_version) {
    Status may = access_.require(by, Permission::people_write);
    if (!may) return may;
    return database_.write([&](store::Transaction& tx) -> Status {
        std::optional<Account> account = accounts::by_id(tx, account_id);
        if (!account) return no_such_person();
        account->version = expected_version;
        if (account->state == AccountState::disabled) {
            return refuse(Errc::conflict, "access.disabled_already", "it is disabled already");
        }
        if (account->roles.has(Role::administrator) && !another_administrator(tx, account_id)) {
            return last_administrator();
        }
        account->state = AccountState::disabled;
        account->disabled_ns = tx.clock().wall_ns();
        account->disabled_by = by.actor();
        Status changed = accounts::change(
            tx, *account, {by.actor(), "access.account_disabled", R"({"reason":"administrator"})"});
        if (!changed) return changed;
        auto ended = sessions_.end_all(tx, account_id, door::SignOffReason::forced, by.actor());
        if (!ended) return fail(std::move(ended.error()));
        return {};
    });
}

Status People::change_roles(const Caller& by, std::int64_t account_id,
                            std::int64_t expected_version, RoleSet roles,
                            const std::optional<std::string>& combined_roles_reason) {
    Status may = access_.require(by, Permission::people_write);
    if (!may) return may;
    Status judged = judge_roles(roles, combined_roles_reason);
    if (!judged) return judged;
    return database_.write([&](store::Transaction& tx) -> Status {
        std::optional<Account> account = accounts::by_id(tx, account_id);
        if (!account) return no_such_person();
        account->version = expected_version;
        const bool loses_administrator =
            account->roles.has(Role::administrator) && !roles.has(Role::administrator);
        if (loses_administrator && !another_administrator(tx, account_id)) {
            return last_administrator();
        }
        const std::optional<std::string> reason = reason_for(roles, combined_roles_reason);
        const nlohmann::json detail{{"from", account->roles.text()},
                                    {"to", roles.text()},
                                    {"combined", reason.has_value()}};
        account->roles = roles;
        account->combined_roles_reason = reason;
        Status changed =
            accounts::change(tx, *account, {by.actor(), "access.role_changed", detail.dump()});
        if (!changed) return changed;
        // What the open pages show no longer fits; whoever changes their own roles goes on working.
        const auto kept = by.account_id == account_id ? std::optional(by.session_id) : std::nullopt;
        auto ended =
            sessions_.end_all(tx, account_id, door::SignOffReason::forced, by.actor(), kept);
        if (!ended) return fail(std::move(ended.error()));
        return {};
    });
}

Status People::unlock(const Caller& by, std::int64_t account_id) {
    Status may = access_.require(by, Permission::people_write);
    if (!may) return may;
    return database_.write([&](store::Transaction& tx) -> Status {
        const std::optional<Account> account = accounts::by_id(tx, account_id);
        if (!account) return no_such_person();
        tx.record({by.actor(), "access.unlocked", account->actor(), 0, {}, "{}"});
        return door::lift_locks(tx, account_id);
    });
}

Status People::end_sessions(const Caller& by, std::int64_t account_id) {
    Status may = access_.require(by, Permission::people_write);
    if (!may) return may;
    return database_.write([&](store::Transaction& tx) -> Status {
        if (!accounts::by_id(tx, account_id)) return no_such_person();
        tx.no_evidence("each session's end is recorded; without a session nothing happens");
        auto ended = sessions_.end_all(tx, account_id, door::SignOffReason::forced, by.actor());
        if (!ended) return fail(std::move(ended.error()));
        return {};
    });
}

Result<Issued> bootstrap(store::Database& database, password::HashQueue& hashes,
                         const std::string& organisation, const std::string& login) {
    auto secret = make_one_time(hashes);
    if (!secret) return fail(std::move(secret.error()));
    return database.write([&](store::Transaction& tx) -> Result<Issued> {
        Organisation first;
        first.name = organisation;
        Status added = organisations::add(tx, first, "daicho");
        if (!added) return fail(std::move(added.error()));
        const NewPerson person{login, login, RoleSet{Role::administrator}, std::nullopt};
        auto account = new_account(person, *secret, tx.clock().wall_ns(), "daicho");
        if (!account) return fail(std::move(account.error()));
        return add_account(tx, *std::move(account), *secret, "daicho");
    });
}

Result<Issued> rescue_administrator(store::Database& database, password::HashQueue& hashes,
                                    door::Sessions& sessions, const std::string& login) {
    auto key = fold_login(login);
    if (!key) return fail(std::move(key.error()));
    auto secret = make_one_time(hashes);
    if (!secret) return fail(std::move(secret.error()));
    return database.write([&](store::Transaction& tx) -> Result<Issued> {
        std::optional<Account> account = accounts::by_login_key(tx, *key);
        if (!account || !account->roles.has(Role::administrator)) return no_such_person();
        return issue_again(tx, sessions, *std::move(account), *secret, "command-line");
    });
}

}  // namespace daicho::access
