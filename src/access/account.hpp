#pragma once
// A person's account as a versioned row. Accounts are never deleted and a login is never given to
// someone else, so that what the evidence says about an account stays about one person.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/permission.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/versioned.hpp"

namespace daicho::access {

inline constexpr std::size_t login_chars_max = 64;
inline constexpr std::size_t display_name_chars_max = 100;

enum class AccountState : std::uint8_t {
    initial,  // has a one-time password that was not replaced yet
    active,
    disabled,  // by an administrator, or because the one-time password grew too old
};
[[nodiscard]] std::string_view name_of(AccountState state) noexcept;

struct Account {
    std::int64_t id = 0;
    std::int64_t version = 0;
    std::string login;      // as written by the administrator
    std::string login_key;  // NFKC-folded: what is unique and what is looked up
    std::string display_name;
    RoleSet roles;
    std::optional<std::string>
        combined_roles_reason;  // why one person is administrator and officer
    AccountState state = AccountState::initial;
    std::string password_hash;  // Argon2id, PHC form; empty: no password can match
    WallNs password_set_ns = 0;
    bool must_change = true;
    std::optional<WallNs> initial_expires_ns;
    WallNs created_ns = 0;
    std::string created_by;  // actor
    std::optional<WallNs> disabled_ns;
    std::optional<std::string> disabled_by;  // actor; "daicho" when time did it

    [[nodiscard]] std::string actor() const { return "account:" + std::to_string(id); }
};

/// NFKC and case folding, outer spaces cut. Errc::invalid when empty, too long, or with characters
/// that can't be seen.
[[nodiscard]] Result<std::string> fold_login(std::string_view login);

namespace accounts {

[[nodiscard]] const store::Versioned& table();
/// Every error of these is as in store::Versioned. The account's id and version are updated.
[[nodiscard]] Status add(store::Transaction& tx, Account& account, const store::Change& change);
[[nodiscard]] Status change(store::Transaction& tx, Account& account, const store::Change& change);
[[nodiscard]] std::optional<Account> by_id(store::Reader& reader, std::int64_t id);
[[nodiscard]] std::optional<Account> by_login_key(store::Reader& reader,
                                                  std::string_view login_key);
/// Ordered by login_key.
[[nodiscard]] std::vector<Account> all(store::Reader& reader);
[[nodiscard]] std::vector<Account> history(store::Reader& reader, std::int64_t id);

}  // namespace accounts

/// The organisation's name, which passwords may not contain; empty before Bootstrap.
[[nodiscard]] std::string organisation_name(store::Reader& reader);

}  // namespace daicho::access
