#include "access/delegation.hpp"

#include <nlohmann/json.hpp>

#include "access/access.hpp"
#include "access/account.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"

namespace daicho::access {
namespace {

constexpr std::string_view reason_names[] = {"absence", "workload", "expertise", "incident",
                                             "audit"};
/// "From now" arrives a moment after it was meant.
constexpr std::int64_t start_slack_ns = minute_ns;

std::vector<store::Value> values_of(const Delegation& delegation) {
    const DelegationRequest& granted = delegation.granted;
    const auto number_or_null = [](const std::optional<std::int64_t>& number) {
        return number ? store::Value(*number) : store::Value();
    };
    return {delegation.grantor_id,
            granted.grantee_id,
            std::string(name_of(granted.permission)),
            granted.from_ns,
            granted.until_ns,
            std::string(name_of(granted.reason)),
            granted.note,
            number_or_null(delegation.revoked_ns),
            number_or_null(delegation.revoked_by)};
}

Delegation delegation_of(const store::Version& version) {
    const std::vector<store::Value>& v = version.values;
    const auto number = [&v](std::size_t i) { return std::get<std::int64_t>(v[i]); };
    const auto maybe = [&v](std::size_t i) -> std::optional<std::int64_t> {
        if (std::holds_alternative<std::monostate>(v[i])) return std::nullopt;
        return std::get<std::int64_t>(v[i]);
    };
    const auto permission = permission_named(std::get<std::string>(v[2]));
    const auto reason = delegation_reason_named(std::get<std::string>(v[5]));
    if (!permission || !reason) throw Fault("database: a delegation of something unknown");
    return {version.key,
            version.version,
            number(0),
            {number(1), *permission, number(3), number(4), *reason, std::get<std::string>(v[6])},
            maybe(7),
            maybe(8)};
}

Status judge(const Caller& officer, const DelegationRequest& request, WallNs now) {
    const auto bad = [](const char* key, const char* why) {
        return refuse(Errc::invalid, key, why);
    };
    if (request.grantee_id == officer.account_id) {
        return bad("access.delegation_to_self", "nobody lends a right to themself");
    }
    if (!can_be_delegated(request.permission)) {
        return bad("access.delegation_permission", "this permission can't be lent");
    }
    if (request.from_ns < now - start_slack_ns) {
        return bad("access.delegation_past", "a delegation can't begin in the past");
    }
    if (request.until_ns <= request.from_ns) {
        return bad("access.delegation_period", "the period is empty");
    }
    // Counted from now, not from the start: a grant made today for next year is as unwatched as a
    // long one.
    if (request.until_ns > now + delegation_ns_max) {
        return refuse(Errc::invalid, "access.delegation_too_long", "the period ends too late",
                      {{"days", std::to_string(delegation_ns_max / day_ns)}});
    }
    if (request.note.size() > delegation_note_size_max || !is_utf8(request.note)) {
        return bad("access.delegation_note", "the note is too long or no text");
    }
    return {};
}

}  // namespace

std::string_view name_of(DelegationReason reason) noexcept {
    return reason_names[static_cast<std::size_t>(reason)];
}

std::optional<DelegationReason> delegation_reason_named(std::string_view name) noexcept {
    for (std::size_t i = 0; i < std::size(reason_names); ++i) {
        if (reason_names[i] == name) return static_cast<DelegationReason>(i);
    }
    return std::nullopt;
}

namespace delegations {

const store::Versioned& table() {
    static const store::Versioned described(
        "delegation", "delegation",
        {"grantor_id", "grantee_id", "permission", "from_ns", "until_ns", "reason", "note",
         "revoked_ns", "revoked_by"});
    return described;
}

}  // namespace delegations

Result<std::int64_t> Delegations::grant(const Caller& officer, const DelegationRequest& request) {
    Status may = access_.require(officer, Permission::delegation_grant);
    if (!may) return fail(std::move(may.error()));
    return database_.write([&](store::Transaction& tx) -> Result<std::int64_t> {
        Status judged = judge(officer, request, tx.clock().wall_ns());
        if (!judged) return fail(std::move(judged.error()));
        const std::optional<Account> grantee = accounts::by_id(tx, request.grantee_id);
        if (!grantee || grantee->state == AccountState::disabled) {
            return refuse(Errc::not_found, "access.no_such_person", "no such account");
        }
        const nlohmann::json detail{{"by", officer.actor()},
                                    {"to", grantee->actor()},
                                    {"permission", name_of(request.permission)},
                                    {"from_ns", request.from_ns},
                                    {"until_ns", request.until_ns},
                                    {"reason", name_of(request.reason)}};
        const Delegation delegation{0, 0, officer.account_id, request, {}, {}};
        return delegations::table().add(tx, values_of(delegation),
                                        {officer.actor(), "delegation.granted", detail.dump()});
    });
}

Status Delegations::revoke(const Caller& officer, std::int64_t id) {
    Status may = access_.require(officer, Permission::delegation_grant);
    if (!may) return may;
    return database_.write([&](store::Transaction& tx) -> Status {
        const auto version = delegations::table().current(tx, id);
        if (!version) {
            return refuse(Errc::not_found, "access.no_such_delegation", "no such delegation");
        }
        Delegation delegation = delegation_of(*version);
        const WallNs now = tx.clock().wall_ns();
        if (delegation.revoked_ns || now >= delegation.granted.until_ns) {
            return refuse(Errc::conflict, "access.delegation_ended", "it has ended already");
        }
        delegation.revoked_ns = now;
        delegation.revoked_by = officer.account_id;
        const nlohmann::json detail{
            {"by", officer.actor()},
            {"to", "account:" + std::to_string(delegation.granted.grantee_id)}};
        auto changed =
            delegations::table().change(tx, id, delegation.version, values_of(delegation),
                                        {officer.actor(), "delegation.revoked", detail.dump()});
        if (!changed) return fail(std::move(changed.error()));
        return {};
    });
}

Result<std::vector<Delegation>> Delegations::list(const Caller& caller) {
    Status may = access_.require(caller, Permission::delegation_read);
    if (!may) return fail(std::move(may.error()));
    return database_.read([&](store::Reader& reader) -> Result<std::vector<Delegation>> {
        std::vector<Delegation> out;
        for (const store::Version& version : delegations::table().all(reader, "id DESC")) {
            out.push_back(delegation_of(version));
        }
        return out;
    });
}

Result<std::vector<Delegation>> Delegations::active_at(const Caller& caller, WallNs time_ns) {
    auto all = list(caller);
    if (!all) return all;
    std::erase_if(*all, [&](const Delegation& one) { return !one.active_at(time_ns); });
    return all;
}

std::optional<std::int64_t> delegated(store::Reader& reader, std::int64_t account_id,
                                      Permission permission, WallNs time_ns) {
    if (!can_be_delegated(permission)) return std::nullopt;
    // Who reviews logs has to read them.
    const std::string_view wider =
        permission == Permission::log_read ? name_of(Permission::log_review) : name_of(permission);
    store::Rows rows = reader.query(
        "SELECT d.id, g.roles FROM delegation d JOIN account g ON g.id = d.grantor_id"
        " WHERE d.grantee_id = $1 AND d.permission IN ($2, $3) AND d.from_ns <= $4"
        " AND d.until_ns > $4 AND (d.revoked_ns IS NULL OR d.revoked_ns > $4)"
        " AND g.state = 'active' ORDER BY d.id",
        account_id, name_of(permission), wider, time_ns);
    while (rows.next()) {
        const Result<RoleSet> roles = RoleSet::from_text(rows.text(1));
        if (roles && granted_by_role(*roles, permission)) return rows.integer(0);
    }
    return std::nullopt;
}

}  // namespace daicho::access
