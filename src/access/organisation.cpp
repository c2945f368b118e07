#include "access/organisation.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace daicho::access {
namespace {

Organisation organisation_of(const store::Version& version) {
    return {version.version, std::get<std::string>(version.values[0]),
            std::get<std::string>(version.values[1]), std::get<std::string>(version.values[2])};
}

Status judge(const Organisation& organisation) {
    const std::size_t chars = code_point_count(organisation.name);
    if (!is_utf8(organisation.name) || chars == 0 || chars > organisation_name_chars_max ||
        safe_display(organisation.name) != organisation.name) {
        return refuse(Errc::invalid, "access.organisation_name", "not a name to show");
    }
    if (organisation.settings.size() > organisation_settings_size_max) {
        return refuse(Errc::too_large, "access.settings_too_large", "settings too large");
    }
    if (!nlohmann::json::parse(organisation.settings, nullptr, false).is_object()) {
        return fail(Errc::invalid, "settings are a JSON object");
    }
    return {};
}

}  // namespace

namespace organisations {

const store::Versioned& table() {
    static const store::Versioned described("organisation", "organisation",
                                            {"name", "time_zone", "settings"});
    return described;
}

std::optional<Organisation> current(store::Reader& reader) {
    const auto version = table().current(reader, 1);
    if (!version) return std::nullopt;
    return organisation_of(*version);
}

Status add(store::Transaction& tx, const Organisation& organisation, const std::string& actor) {
    Status judged = judge(organisation);
    if (!judged) return judged;
    if (current(tx))
        return refuse(Errc::conflict, "access.initialised", "there is an organisation");
    auto id = table().add(tx, {organisation.name, organisation.time_zone, organisation.settings},
                          {actor, "settings.created"});
    if (!id) return fail(std::move(id.error()));
    return {};
}

}  // namespace organisations

Result<Organisation> change_organisation(store::Database& database, Access& access,
                                         const Caller& caller, const Organisation& organisation) {
    Status may = access.require(caller, Permission::settings_write);
    if (!may) return fail(std::move(may.error()));
    Status judged = judge(organisation);
    if (!judged) return fail(std::move(judged.error()));
    return database.write([&](store::Transaction& tx) -> Result<Organisation> {
        auto version = organisations::table().change(
            tx, 1, organisation.version,
            {organisation.name, organisation.time_zone, organisation.settings},
            {caller.actor(), "settings.changed"});
        if (!version) return fail(std::move(version.error()));
        Organisation stored = organisation;
        stored.version = *version;
        return stored;
    });
}

std::string organisation_name(store::Reader& reader) {
    const auto organisation = organisations::current(reader);
    return organisation ? organisation->name : std::string();
}

Result<std::string> preference(store::Database& database, const Caller& caller,
                               const std::string& name, const std::string& otherwise) {
    return database.read([&](store::Reader& reader) -> Result<std::string> {
        store::Rows rows =
            reader.query("SELECT value FROM preference WHERE account_id = $1 AND name = $2",
                         caller.account_id, name);
        return rows.next() ? rows.text(0) : otherwise;
    });
}

Status set_preference(store::Database& database, const Caller& caller, const std::string& name,
                      const std::string& value) {
    if (name.size() > preference_value_size_max || value.size() > preference_value_size_max) {
        return fail(Errc::too_large, "a preference is one word");
    }
    return database.write([&](store::Transaction& tx) -> Status {
        tx.no_evidence("how a person likes the screen");
        auto done = tx.run(
            "INSERT INTO preference (account_id, name, value) VALUES ($1, $2, $3)"
            " ON CONFLICT (account_id, name) DO UPDATE SET value = excluded.value",
            caller.account_id, name, value);
        if (!done) return fail(std::move(done.error()));
        return {};
    });
}

}  // namespace daicho::access
