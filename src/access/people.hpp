#pragma once
// Accounts as administrators see them. Every method checks people.read or people.write itself.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/access.hpp"
#include "access/account.hpp"
#include "access/door/session.hpp"
#include "access/password/hash_queue.hpp"
#include "base/result.hpp"

namespace daicho::access {

/// Without the password hash.
struct PersonView {
    std::int64_t id = 0;
    std::int64_t version = 0;
    std::string login;
    std::string display_name;
    RoleSet roles;
    std::optional<std::string> combined_roles_reason;
    AccountState state = AccountState::initial;
    std::optional<WallNs> initial_expires_ns;
    std::optional<WallNs> locked_until_ns;  // the latest lock in force at any address
    WallNs password_set_ns = 0;
    WallNs created_ns = 0;
    std::string created_by;
    std::optional<WallNs> disabled_ns;
    std::optional<std::string> disabled_by;
};

struct NewPerson {
    std::string login;
    std::string display_name;
    RoleSet roles;
    /// Required when roles hold both administrator and security_officer: small offices have no
    /// other way, but say why.
    std::optional<std::string> combined_roles_reason;
};

/// The password is shown to the administrator once and exists nowhere else.
struct Issued {
    std::int64_t account_id = 0;
    std::string one_time_password;
    WallNs expires_ns = 0;
};

class People {
public:
    People(store::Database& database, password::HashQueue& hashes, door::Sessions& sessions,
           Access& access)
        : database_(database), hashes_(hashes), sessions_(sessions), access_(access) {}

    [[nodiscard]] Result<std::vector<PersonView>> list(const Caller& caller);
    [[nodiscard]] Result<PersonView> one(const Caller& caller, std::int64_t account_id);
    /// Errc::conflict ("access.login_taken"). Evidence: access.account_created,
    /// access.initial_issued.
    [[nodiscard]] Result<Issued> create(const Caller& by, const NewPerson& person);
    /// A new one-time password for any account but one's own, also a disabled one; ends its
    /// sessions and locks.
    [[nodiscard]] Result<Issued> reissue(const Caller& by, std::int64_t account_id);
    /// Ends its sessions. Errc::conflict ("access.last_administrator"). Evidence:
    /// access.account_disabled.
    [[nodiscard]] Status disable(const Caller& by, std::int64_t account_id,
                                 std::int64_t expected_version);
    /// Errc::conflict as above. Evidence: access.role_changed.
    [[nodiscard]] Status change_roles(const Caller& by, std::int64_t account_id,
                                      std::int64_t expected_version, RoleSet roles,
                                      const std::optional<std::string>& combined_roles_reason);
    /// Lifts locks. Evidence: access.unlocked.
    [[nodiscard]] Status unlock(const Caller& by, std::int64_t account_id);
    [[nodiscard]] Status end_sessions(const Caller& by, std::int64_t account_id);

private:
    store::Database& database_;
    password::HashQueue& hashes_;
    door::Sessions& sessions_;
    Access& access_;
};

/// `daicho init`: the organisation and its first administrator. Errc::conflict when there is an
/// organisation already.
[[nodiscard]] Result<Issued> bootstrap(store::Database& database, password::HashQueue& hashes,
                                       const std::string& organisation, const std::string& login);

/// The way back in when no administrator can sign in any more (the first one-time password died, or
/// all is forgotten): from the command line of the machine, for an existing administrator.
/// Evidence: access.initial_issued by "command-line".
[[nodiscard]] Result<Issued> rescue_administrator(store::Database& database,
                                                  password::HashQueue& hashes,
                                                  door::Sessions& sessions,
                                                  const std::string& login);

}  // namespace daicho::access
