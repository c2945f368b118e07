#include "app/node/services/compliance.hpp"

#include "access/account.hpp"
#include "access/organisation.hpp"
#include "app/api/reply.hpp"
#include "evidence/assess/fact_store.hpp"
#include "evidence/assess/status_json.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;
namespace assess_ = evidence::assess;

json position(std::int64_t place) {
    return place < 0 ? json(nullptr) : json(std::to_string(place));
}

}  // namespace

json text_view(const register_::Bilingual& text) {
    return {{"ja", text.ja}, {"en", text.en}};
}

/// Message of openapi.yaml: already worded, sources by name, and what it was filled with as plain
/// text.
json Compliance::message_view(assess_::Sentence sentence) const {
    for (assess_::Param& param : sentence.params) {
        if (param.type != assess_::ParamType::source) continue;
        if (const auto name = sources_.name_of(param.value)) param.value = *name;
    }
    json out = assess_::to_json(content_, sentence);
    for (const assess_::Param& param : sentence.params) out["params"][param.name] = param.value;
    return out;
}

Result<calendar::Zone> Compliance::zone() {
    const auto name = database_.read([](store::Reader& reader) -> Result<std::string> {
        const auto organisation = access::organisations::current(reader);
        return organisation ? organisation->time_zone : "Asia/Tokyo";
    });
    if (!name) return fail(name.error());
    return calendar::Zone::find(*name);
}

Result<assess_::Assessment> Compliance::assess(WallNs as_of_ns) {
    const Result<calendar::Zone> zone_found = zone();
    if (!zone_found) return fail(zone_found.error());
    const auto facts = database_.read(
        [&](store::Reader& reader) { return assess_::load_facts(reader, as_of_ns); });
    if (!facts) return fail(facts.error());
    return assess_::assess(content_, *facts, *zone_found, as_of_ns);
}

Result<json> Compliance::status(WallNs as_of_ns) {
    const Result<calendar::Zone> zone_found = zone();
    if (!zone_found) return fail(zone_found.error());
    Result<assess_::Assessment> assessment = assess(as_of_ns);
    if (!assessment) return fail(assessment.error());
    assess_::name_sources(*assessment,
                          [this](const std::string& id) { return sources_.name_of(id); });
    return assess_::to_json(content_, *zone_found, *assessment);
}

json Compliance::counts_view(const assess_::Assessment& assessment) {
    json out{{"conformant", 0},   {"due_soon", 0},  {"nonconformant", 0},
             {"insufficient", 0}, {"exception", 0}, {"not_applicable", 0}};
    for (const auto& [state, count] : assessment.counts())
        out[std::string(assess_::name_of(state))] = count;
    return out;
}

Result<std::vector<std::string>> Compliance::holders(const std::string& post) {
    const auto found = content_.posts.find(post);
    if (found == content_.posts.end()) return std::vector<std::string>{};
    const std::optional<access::Role> role = access::role_named(found->second.role);
    return database_.read([&](store::Reader& reader) -> Result<std::vector<std::string>> {
        std::vector<std::string> names;
        for (const access::Account& account : access::accounts::all(reader)) {
            const bool holds =
                role && account.roles.has(*role) && account.state != access::AccountState::disabled;
            if (holds) names.push_back(account.display_name);
        }
        return names;
    });
}

Result<json> Compliance::action_view(const assess_::Action& action) {
    const Result<std::vector<std::string>> names = holders(action.post);
    if (!names) return fail(names.error());
    json params = json::object();
    for (const auto& [name, value] : action.page_params) params[name] = value;
    return json{{"message", message_view(action.sentence)},
                {"post", action.post.empty() ? json(nullptr) : json(action.post)},
                {"person_names", *names},
                {"by", api::time_or_null(action.by_ns)},
                {"page", action.page.empty() ? "none" : action.page},
                {"page_params", params}};
}

Result<json> Compliance::control_view(const assess_::ControlStatus& status) {
    const register_::Control& control = content_.controls.at(status.control);
    json reasons = json::array();
    for (const assess_::Reason& reason : status.finding.reasons) {
        reasons.push_back({{"state", assess_::name_of(reason.state)},
                           {"message", message_view(reason.sentence)}});
    }
    json evidence = json::array();
    for (const assess_::Evidence& one : status.finding.evidence) {
        const auto name = sources_.name_of(one.subject);
        const std::string subject = name ? *name + " (" + one.subject + ")" : one.subject;
        evidence.push_back(
            {{"kind", one.kind},
             {"at", api::time_text(one.time_ns)},
             {"message", {{"text_key", "fact." + one.kind}, {"params", {{"subject", subject}}}}},
             {"seq", position(one.seq)},
             {"leaf_index", position(one.leaf)}});
    }
    json missing = json::array();
    for (const assess_::Action& action : status.finding.missing) {
        const Result<json> view = action_view(action);
        if (!view) return fail(view.error());
        missing.push_back(*view);
    }
    json parameters = json::array();
    for (const assess_::Effective& effective : status.parameters) {
        parameters.push_back(
            {{"name", text_view(content_.parameters.at(effective.parameter).title)},
             {"value",
              assess_::shown(content_.parameters.at(effective.parameter), effective.value)},
             {"source", effective.source}});
    }
    return json{{"id", status.control},
                {"title", text_view(control.title)},
                {"state", assess_::name_of(status.finding.state)},
                {"reasons", reasons},
                {"evidence", evidence},
                {"missing", missing},
                {"parameters", parameters}};
}

Result<json> Compliance::overview(WallNs as_of_ns) {
    const Result<assess_::Assessment> assessment = assess(as_of_ns);
    if (!assessment) return fail(assessment.error());
    json regulations = json::array();
    json clauses = json::array();
    for (const auto& [id, regulation] : content_.regulations) {
        regulations.push_back({{"id", id}, {"title", text_view(regulation.title)}});
        for (const std::string& clause_id : regulation.clauses) {
            const auto found = assessment->clauses.find(clause_id);
            if (found == assessment->clauses.end()) continue;
            const register_::Clause& clause = content_.clauses.at(clause_id);
            clauses.push_back({{"id", clause_id},
                               {"regulation_id", id},
                               {"number", clause_id},
                               {"title", text_view(clause.section)},
                               {"state", assess_::name_of(found->second.state)},
                               {"next_due_at", api::time_or_null(found->second.next_due_ns)}});
        }
    }
    return json{{"as_of", api::time_text(as_of_ns)},
                {"counts", counts_view(*assessment)},
                {"regulations", regulations},
                {"clauses", clauses}};
}

Result<json> Compliance::clause(const std::string& id, WallNs as_of_ns) {
    const auto known = content_.clauses.find(id);
    if (known == content_.clauses.end()) return fail(Errc::not_found, "there is no such clause");
    const Result<assess_::Assessment> assessment = assess(as_of_ns);
    if (!assessment) return fail(assessment.error());
    const auto found = assessment->clauses.find(id);
    if (found == assessment->clauses.end())
        return fail(Errc::not_found, "the clause is of no adopted regulation");
    json controls = json::array();
    for (const std::string& control : found->second.controls) {
        const Result<json> view = control_view(assessment->controls.at(control));
        if (!view) return fail(view.error());
        controls.push_back(*view);
    }
    const register_::Clause& clause = known->second;
    return json{{"id", id},
                {"regulation", text_view(content_.regulations.at(clause.regulation).title)},
                {"number", id},
                {"title", text_view(clause.section)},
                {"text", text_view(clause.statement)},
                {"state", assess_::name_of(found->second.state)},
                {"as_of", api::time_text(as_of_ns)},
                {"controls", controls}};
}

}  // namespace daicho::app::node
