#pragma once
// Everything of this room, made in the right order and wired to each other.
#include <string>
#include <vector>

#include "access/access.hpp"
#include "access/delegation.hpp"
#include "access/door/keys.hpp"
#include "access/door/session.hpp"
#include "access/door/sign_in.hpp"
#include "access/people.hpp"
#include "access/tally.hpp"
#include "store/migration.hpp"

namespace daicho::access {

/// Accounts, sessions, counters, delegations: after store::migrations() in main's list.
[[nodiscard]] store::MigrationSet migrations();

struct Settings {
    door::SessionPolicy session;
    door::LockoutPolicy lockout;
    password::Policy password;
    std::vector<std::string> blocked_passwords;  // from content
    crypto::PasswordCost hash_cost = crypto::password_cost;
};

/// Owned by main (and by tests); every part is thread-safe. `database` must outlive it.
struct Room {
    Room(store::Database& database, const crypto::Key32& pepper, const Settings& settings)
        : keys(pepper),
          hashes(settings.hash_cost),
          history(keys),
          rules(settings.password, settings.blocked_passwords),
          tally(database),
          access(database, tally),
          sessions(database, keys, settings.session),
          sign_in(database, hashes, history, rules, sessions, tally, settings.lockout),
          people(database, hashes, sessions, access),
          delegations(database, access) {}

    /// What time brings about: sessions that end, one-time passwords that die, sums of refusals.
    /// Every minute.
    [[nodiscard]] Status sweep();

    door::Keys keys;
    password::HashQueue hashes;
    password::History history;
    password::Rules rules;
    Tally tally;
    Access access;
    door::Sessions sessions;
    door::SignIn sign_in;
    People people;
    Delegations delegations;
};

}  // namespace daicho::access
