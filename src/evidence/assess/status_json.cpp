#include "evidence/assess/status_json.hpp"

namespace daicho::evidence::assess {
namespace {

using nlohmann::json;
using register_::Content;
using register_::Period;

json instant_or_null(const calendar::Zone& zone, const std::optional<WallNs>& at) {
    return at ? json(zone.to_text(*at)) : json(nullptr);
}

json number_or_null(std::int64_t number) {
    return number < 0 ? json(nullptr) : json(number);
}

/// The name for people, the id for whoever looks it up.
std::string beside(const std::string& name, const std::string& id) {
    return name + " (" + id + ")";
}

std::string words(const Content& content, const Param& param, bool japanese) {
    if (!param.known_as.empty()) return beside(param.known_as, param.value);
    if (param.type == ParamType::period) {
        const auto period = register_::parse_period(param.value);
        return period ? period_words(*period, japanese) : param.value;
    }
    if (param.type == ParamType::instant && param.value.size() > 16) {
        return param.value.substr(0, 10) + " " + param.value.substr(11, 5);
    }
    if (param.type == ParamType::parameter && content.parameters.contains(param.value)) {
        const register_::Bilingual& title = content.parameters.at(param.value).title;
        return japanese ? title.ja : title.en;
    }
    return param.value;
}

json to_json(const Content& content, const calendar::Zone& zone, const Action& action) {
    json params = json::object();
    for (const auto& [name, value] : action.page_params) params[name] = value;
    return {{"message", to_json(content, action.sentence)},
            {"post", action.post},
            {"by", instant_or_null(zone, action.by_ns)},
            {"page", action.page},
            {"page_params", params}};
}

json to_json(const calendar::Zone& zone, const Evidence& evidence) {
    json out{{"kind", evidence.kind},
             {"subject", evidence.subject},
             {"at", zone.to_text(evidence.time_ns)},
             {"seq", number_or_null(evidence.seq)},
             {"leaf_index", number_or_null(evidence.leaf)},
             {"supports", evidence.supports}};
    if (!evidence.known_as.empty()) out["subject_name"] = evidence.known_as;
    return out;
}

json to_json(const Content& content, const std::vector<Reason>& reasons) {
    json out = json::array();
    for (const Reason& reason : reasons) {
        out.push_back(
            {{"state", name_of(reason.state)}, {"message", to_json(content, reason.sentence)}});
    }
    return out;
}

json to_json(const Effective& effective) {
    json stated = json::array();
    for (const Stated& one : effective.stated)
        stated.push_back({{"clause", one.clause}, {"value", to_text(one.value)}});
    return {{"id", effective.parameter},
            {"value", to_text(effective.value)},
            {"source", effective.source.empty() ? json(nullptr) : json(effective.source)},
            {"stated", stated}};
}

/// What a script wants of a clause without going through its controls.
void add_all(json& clause, const json& control) {
    for (const char* list : {"reasons", "evidence", "missing"}) {
        for (const json& item : control.at(list)) clause[list].push_back(item);
    }
}

}  // namespace

std::string period_words(const Period& period, bool japanese) {
    struct Unit {
        std::int64_t number;
        const char* ja;
        const char* en;
    };
    const Unit units[] = {
        {period.months / 12, "年", "year"},
        {period.months % 12, "か月", "month"},
        {period.days, "日", "day"},
        {period.seconds / 3600, "時間", "hour"},
        {period.seconds % 3600 / 60, "分", "minute"},
        {period.seconds % 60, "秒", "second"},
    };
    std::string out;
    for (const Unit& unit : units) {
        if (unit.number == 0) continue;
        const std::string number = std::to_string(unit.number);
        if (japanese) {
            out += number + unit.ja;
        } else {
            out +=
                (out.empty() ? "" : " ") + number + " " + unit.en + (unit.number == 1 ? "" : "s");
        }
    }
    if (out.empty()) return japanese ? "0秒" : "0 seconds";
    return out;
}

json to_json(const Sentence& sentence) {
    json params = json::object();
    for (const Param& param : sentence.params) {
        params[param.name] = {{"type", name_of(param.type)}, {"value", param.value}};
        if (!param.known_as.empty()) params[param.name]["name"] = param.known_as;
    }
    return {{"text_key", sentence.text_key}, {"params", params}};
}

json to_json(const Content& content, const Sentence& sentence) {
    json out = to_json(sentence);
    out["ja"] = to_words(content, sentence, true);
    out["en"] = to_words(content, sentence, false);
    return out;
}

json to_json(const Content& content, const calendar::Zone& zone, const ControlStatus& status) {
    json out = {{"id", status.control},
                {"state", name_of(status.finding.state)},
                {"reasons", to_json(content, status.finding.reasons)},
                {"evidence", json::array()},
                {"evidence_count", status.finding.evidence_count},
                {"missing", json::array()},
                {"parameters", json::array()},
                {"next_due", instant_or_null(zone, status.finding.next_due_ns)}};
    for (const Evidence& evidence : status.finding.evidence)
        out["evidence"].push_back(to_json(zone, evidence));
    for (const Action& action : status.finding.missing)
        out["missing"].push_back(to_json(content, zone, action));
    for (const Effective& effective : status.parameters)
        out["parameters"].push_back(to_json(effective));
    return out;
}

json to_json(const Content& content, const calendar::Zone& zone, const Assessment& assessment) {
    json out = {{"as_of", zone.to_text(assessment.as_of)},
                {"content_version", assessment.content_version.hex()},
                {"counts", json::object()},
                {"clauses", json::object()}};
    for (const State state : {State::conformant, State::due_soon, State::nonconformant,
                              State::insufficient, State::exception, State::not_applicable}) {
        const auto counts = assessment.counts();
        const auto found = counts.find(state);
        out["counts"][std::string(name_of(state))] = found == counts.end() ? 0 : found->second;
    }
    for (const auto& [id, status] : assessment.clauses) {
        json clause = {{"state", name_of(status.state)},
                       {"status", name_of(status.state)},
                       {"computed", name_of(status.computed)},
                       {"reasons", to_json(content, status.reasons)},
                       {"evidence", json::array()},
                       {"missing", json::array()},
                       {"controls", json::array()},
                       {"next_due", instant_or_null(zone, status.next_due_ns)}};
        for (const std::string& control : status.controls) {
            json judged = to_json(content, zone, assessment.controls.at(control));
            add_all(clause, judged);
            clause["controls"].push_back(std::move(judged));
        }
        out["clauses"][id] = std::move(clause);
    }
    return out;
}

std::string to_words(const Content& content, const Sentence& sentence, bool japanese) {
    std::map<std::string, std::string> values;
    for (const Param& param : sentence.params) values[param.name] = words(content, param, japanese);
    return register_::render(content, sentence.text_key, japanese, values);
}

}  // namespace daicho::evidence::assess
