#include "access/account.hpp"

#include "base/fault.hpp"
#include "base/text.hpp"

namespace daicho::access {
namespace {

constexpr std::string_view state_names[] = {"initial", "active", "disabled"};

AccountState state_named(std::string_view name) {
    for (std::size_t i = 0; i < std::size(state_names); ++i) {
        if (state_names[i] == name) return static_cast<AccountState>(i);
    }
    throw Fault("database: unknown account state");
}

template <typename T>
store::Value or_null(const std::optional<T>& value) {
    return value ? store::Value(*value) : store::Value();
}

std::vector<store::Value> values_of(const Account& account) {
    return {account.login,
            account.login_key,
            account.display_name,
            account.roles.text(),
            or_null(account.combined_roles_reason),
            std::string(name_of(account.state)),
            account.password_hash,
            account.password_set_ns,
            std::int64_t{account.must_change ? 1 : 0},
            or_null(account.initial_expires_ns),
            account.created_ns,
            account.created_by,
            or_null(account.disabled_ns),
            or_null(account.disabled_by)};
}

template <typename T>
std::optional<T> optional_of(const store::Value& value) {
    if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
    return std::get<T>(value);
}

Account account_of(const store::Version& version) {
    using Text = std::string;
    const std::vector<store::Value>& v = version.values;
    Account account;
    account.id = version.key;
    account.version = version.version;
    account.login = std::get<Text>(v[0]);
    account.login_key = std::get<Text>(v[1]);
    account.display_name = std::get<Text>(v[2]);
    const Result<RoleSet> roles = RoleSet::from_text(std::get<Text>(v[3]));
    if (!roles) throw Fault("database: " + roles.error().message);
    account.roles = *roles;
    account.combined_roles_reason = optional_of<Text>(v[4]);
    account.state = state_named(std::get<Text>(v[5]));
    account.password_hash = std::get<Text>(v[6]);
    account.password_set_ns = std::get<std::int64_t>(v[7]);
    account.must_change = std::get<std::int64_t>(v[8]) != 0;
    account.initial_expires_ns = optional_of<std::int64_t>(v[9]);
    account.created_ns = std::get<std::int64_t>(v[10]);
    account.created_by = std::get<Text>(v[11]);
    account.disabled_ns = optional_of<std::int64_t>(v[12]);
    account.disabled_by = optional_of<Text>(v[13]);
    return account;
}

}  // namespace

std::string_view name_of(AccountState state) noexcept {
    return state_names[static_cast<std::size_t>(state)];
}

Result<std::string> fold_login(std::string_view login) {
    const auto bad = [](const char* why) {
        return refuse(Errc::invalid, "access.login_invalid", why);
    };
    // Four bytes per code point is the most UTF-8 takes: nothing longer can pass, and nothing
    // longer is folded.
    if (login.size() > 4 * login_chars_max || !is_utf8(login))
        return bad("login too long or no text");
    const std::string shown(trim(nfkc(login)));
    const std::size_t chars = code_point_count(shown);
    if (chars == 0 || chars > login_chars_max) return bad("login empty or too long");
    if (shown.find_first_of(" \t\r\n") != std::string::npos) return bad("login with a space");
    // safe_display changes exactly what can't be seen: controls, bidirectional marks, zero widths.
    if (safe_display(shown) != shown) return bad("login with invisible characters");
    return fold_for_search(shown);
}

namespace accounts {

const store::Versioned& table() {
    static const store::Versioned described(
        "account", "account",
        {"login", "login_key", "display_name", "roles", "combined_roles_reason", "state",
         "password_hash", "password_set_ns", "must_change", "initial_expires_ns", "created_ns",
         "created_by", "disabled_ns", "disabled_by"});
    return described;
}

Status add(store::Transaction& tx, Account& account, const store::Change& change) {
    auto id = table().add(tx, values_of(account), change);
    if (!id) return fail(std::move(id.error()));
    account.id = *id;
    account.version = 1;
    return {};
}

Status change(store::Transaction& tx, Account& account, const store::Change& change) {
    auto version = table().change(tx, account.id, account.version, values_of(account), change);
    if (!version) return fail(std::move(version.error()));
    account.version = *version;
    return {};
}

std::optional<Account> by_id(store::Reader& reader, std::int64_t id) {
    const auto version = table().current(reader, id);
    if (!version) return std::nullopt;
    return account_of(*version);
}

std::optional<Account> by_login_key(store::Reader& reader, std::string_view login_key) {
    const auto version = table().current_where(reader, "login_key", login_key);
    if (!version) return std::nullopt;
    return account_of(*version);
}

std::vector<Account> all(store::Reader& reader) {
    std::vector<Account> out;
    for (const store::Version& version : table().all(reader, "login_key")) {
        out.push_back(account_of(version));
    }
    return out;
}

std::vector<Account> history(store::Reader& reader, std::int64_t id) {
    std::vector<Account> out;
    for (const store::Version& version : table().history(reader, id)) {
        out.push_back(account_of(version));
    }
    return out;
}

}  // namespace accounts
}  // namespace daicho::access
