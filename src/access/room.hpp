#pragma once
// Everything of this room, made in the right order and wired to each other.
#include <string>
#include <vector>

#include "access/access.hpp"
#include "access/delegation.hpp"
#include "access/keys.hpp"
#include "access/people.hpp"
#include "access/session.hpp"
#include "access/sign_in.hpp"
#include "access/tally.hpp"

namespace daicho::access {

struct Settings {
    SessionPolicy session;
    LockoutPolicy lockout;
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

    Keys keys;
    password::HashQueue hashes;
    password::History history;
    password::Rules rules;
    Tally tally;
    Access access;
    Sessions sessions;
    SignIn sign_in;
    People people;
    Delegations delegations;
};

}  // namespace daicho::access
