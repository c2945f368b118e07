#include "app/node/retention/rules.hpp"

#include <nlohmann/json.hpp>

#include "app/node/schema.hpp"
#include "evidence/assess/parameters.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;
using register_::Period;

/// Ledgers speak UTC days; which of the dated figures holds changes at most by hours.
calendar::Date today(WallNs now) {
    return calendar::date_of(static_cast<std::int32_t>(now / day_ns));
}

const register_::RetentionPeriod& valid_on(const register_::RetentionClass& retained,
                                           const calendar::Date& day) {
    for (const register_::RetentionPeriod& one : retained.periods) {
        const bool begun = one.valid_from <= day;
        if (begun && (!one.valid_to || day <= *one.valid_to)) return one;
    }
    return retained.periods.back();
}

/// Who may read a class: the judgement of 003-01-4.5-9c looks at it. Evidence holds no contents of
/// logs and has no such circle.
json readers_of(const std::string& retention_class) {
    return retention_class == "log" ? json{"security_officer", "delegate"} : json::array();
}

std::string setting_name(const std::string& retention_class) {
    return "retention:" + retention_class;
}

std::string value_text(const std::string& retention_class, const Period& period) {
    return json{{"class", retention_class},
                {"period", register_::to_text(period)},
                {"readers", readers_of(retention_class)}}
        .dump();
}

Status store_value(store::Transaction& tx, const std::optional<store::Version>& current,
                   const std::string& actor, const std::string& retention_class,
                   const std::string& value, std::int64_t expected_version) {
    const store::Change change{actor, "retention.set", value};
    const std::vector<store::Value> values{setting_name(retention_class), value};
    const Result<std::int64_t> stored =
        current ? setting_table().change(tx, current->key, expected_version, values, change)
                : setting_table().add(tx, values, change);
    if (!stored) return fail(stored.error());
    return {};
}

}  // namespace

std::string RetentionRule::text() const {
    std::string out = id + " " + register_::to_text(period);
    if (clause) out += " " + *clause;
    return out;
}

WallNs RetentionRule::kept_until(const calendar::Zone& zone, WallNs last_event_ns) const {
    return register_::end_of_day(zone, register_::add(zone, last_event_ns, period));
}

RetentionRule RetentionRules::demanded(const register_::RetentionClass& retained,
                                       WallNs now) const {
    const register_::RetentionPeriod& valid = valid_on(retained, today(now));
    RetentionRule out{
        retained.id, retained.title, valid.period, valid.period, valid.source, valid.clause, 0};
    // What a control will judge by must never be longer than what is kept.
    std::set<std::string> regulations;
    for (const auto& [id, regulation] : content_.regulations) regulations.insert(id);
    const auto figures = evidence::assess::effective_parameters(content_, regulations);
    for (const auto& [id, control] : content_.controls) {
        for (const register_::CheckSpec& check : control.evidence) {
            if (check.check != "retained" || check.arguments.value("class", "") != retained.id)
                continue;
            const auto figure = figures.find(check.arguments.value("period", ""));
            if (figure == figures.end()) continue;
            const auto* period = std::get_if<Period>(&figure->second.value);
            if (period == nullptr || period->mean_seconds() <= out.minimum.mean_seconds()) continue;
            out.minimum = *period;
            if (!figure->second.source.empty()) out.clause = figure->second.source;
        }
    }
    out.period = out.minimum;
    return out;
}

RetentionRule RetentionRules::in_force(store::Reader& reader,
                                       const register_::RetentionClass& retained) const {
    RetentionRule out = demanded(retained, reader.clock().wall_ns());
    const auto current = setting_table().current_where(reader, "name", setting_name(retained.id));
    if (!current) return out;
    out.version = current->version;
    const json value = json::parse(std::get<std::string>(current->values[1]));
    const auto set = register_::parse_period(value.value("period", ""));
    if (set && set->mean_seconds() > out.minimum.mean_seconds()) out.period = *set;
    return out;
}

Status RetentionRules::state() {
    return database_.write([&](store::Transaction& tx) -> Status {
        bool recorded = false;
        for (const auto& [id, retained] : content_.retention) {
            const auto current = setting_table().current_where(tx, "name", setting_name(id));
            const std::string value = value_text(id, in_force(tx, retained).period);
            if (current && std::get<std::string>(current->values[1]) == value) continue;
            recorded = true;
            const Status stored =
                store_value(tx, current, "daicho", id, value, current ? current->version : 0);
            if (!stored) return stored;
        }
        if (!recorded) tx.no_evidence("nothing has changed");
        return {};
    });
}

Result<std::vector<RetentionRule>> RetentionRules::all() {
    return database_.read([&](store::Reader& reader) -> Result<std::vector<RetentionRule>> {
        std::vector<RetentionRule> out;
        for (const auto& [id, retained] : content_.retention)
            out.push_back(in_force(reader, retained));
        return out;
    });
}

Result<RetentionRule> RetentionRules::one(const std::string& retention_class) {
    const auto found = content_.retention.find(retention_class);
    if (found == content_.retention.end())
        return fail(Errc::not_found, "there is no such retention class");
    return database_.read([&](store::Reader& reader) -> Result<RetentionRule> {
        return in_force(reader, found->second);
    });
}

Result<RetentionRule> RetentionRules::set(const std::string& actor,
                                          const std::string& retention_class,
                                          const std::string& period, std::int64_t version) {
    const Result<RetentionRule> rule = one(retention_class);
    if (!rule) return rule;
    const std::optional<Period> wanted = register_::parse_period(period);
    if (!wanted || wanted->mean_seconds() > register_::period_days_max * 86'400) {
        return refuse(Errc::invalid, "retention.period_malformed", "not a period: " + period);
    }
    if (wanted->mean_seconds() < rule->minimum.mean_seconds()) {
        return refuse(Errc::invalid, "retention.period_too_short",
                      "shorter than what the regulations demand",
                      {{"minimum", register_::to_text(rule->minimum)}});
    }
    const Status stored = database_.write([&](store::Transaction& tx) -> Status {
        const auto current =
            setting_table().current_where(tx, "name", setting_name(retention_class));
        return store_value(tx, current, actor, retention_class,
                           value_text(retention_class, *wanted), version);
    });
    if (!stored) return fail(stored.error());
    return one(retention_class);
}

}  // namespace daicho::app::node
