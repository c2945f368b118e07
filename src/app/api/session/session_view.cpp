#include "app/api/session/session_view.hpp"

#include "access/account.hpp"
#include "access/organisation.hpp"
#include "app/api/people/person_view.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

using nlohmann::json;

Result<json> preferences_view(store::Database& database, const access::Caller& caller) {
    const Result<std::string> language = access::preference(database, caller, "language", "ja");
    if (!language) return fail(language.error());
    const Result<std::string> date_style =
        access::preference(database, caller, "date_style", "wareki");
    if (!date_style) return fail(date_style.error());
    return json{{"language", *language}, {"date_style", *date_style}};
}

namespace {

/// What a new password must be, in the numbers that bind now: the page says them before it is
/// typed.
json password_rules_view(const access::password::Policy& policy) {
    return {{"chars_min", policy.chars_min},       {"same_run_max", policy.same_run_max},
            {"sequence_max", policy.sequence_max}, {"needs_upper", policy.needs_upper},
            {"needs_digit", policy.needs_digit},   {"needs_symbol", policy.needs_symbol}};
}

}  // namespace

Result<json> session_view(const SessionParts& parts, const access::Caller& caller,
                          const std::string& csrf) {
    Result<json> preferences = preferences_view(parts.database, caller);
    if (!preferences) return fail(preferences.error());
    const Result<std::vector<access::Permission>> held = parts.access.access.permissions_of(caller);
    if (!held) return fail(held.error());
    json permissions = json::array();
    for (const access::Permission permission : *held)
        permissions.push_back(access::name_of(permission));
    return parts.database.read([&](store::Reader& reader) -> Result<json> {
        const std::optional<access::Account> account =
            access::accounts::by_id(reader, caller.account_id);
        const std::optional<access::Organisation> organisation =
            access::organisations::current(reader);
        if (!account || !organisation)
            return fail(Errc::tampered, "a session without account or organisation");
        return json{
            {"person", person_view(own_view(*account))},
            {"csrf_token", csrf},
            {"permissions", std::move(permissions)},
            {"preferences", std::move(*preferences)},
            {"idle_seconds_left",
             std::max<std::int64_t>(0, parts.access.sessions.idle_left_ns(caller) / second_ns)},
            {"password_change_required", caller.must_change},
            {"password_rules", password_rules_view(parts.access.rules.policy())},
            {"server_time", time_text(parts.clock.wall_ns() / second_ns * second_ns)},
            {"organisation_name", organisation->name},
            {"time_zone", organisation->time_zone}};
    });
}

}  // namespace daicho::app::api
