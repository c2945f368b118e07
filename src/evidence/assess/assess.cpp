#include "evidence/assess/assess.hpp"

#include <algorithm>

#include "evidence/assess/checks/check.hpp"

namespace daicho::evidence::assess {
namespace {

using register_::Content;
using register_::Control;

Check check_named(const std::string& name) {
    static const std::map<std::string, Check> checks = {
        {"performed", performed},       {"authorised", authorised},   {"no_stranger", no_stranger},
        {"source_items", source_items}, {"source_days", source_days}, {"retained", retained},
        {"transferred", transferred},   {"capacity", capacity},       {"clocks", clocks},
    };
    const auto found = checks.find(name);
    return found == checks.end() ? nullptr : found->second;
}

/// A control may use a figure that nobody has set; then nothing can be judged.
bool all_set(const Control& control, const std::map<std::string, Effective>& parameters,
             Finding& finding) {
    for (const std::string& id : control.parameters) {
        if (parameters.contains(id)) continue;
        finding.say(State::insufficient, "assess.parameter_unset",
                    {{"parameter", ParamType::parameter, id}});
    }
    return finding.reasons.empty();
}

/// The same thing to do, asked for by two checks, is one thing; the earlier deadline holds.
void merge_actions(std::vector<Action>& actions) {
    std::vector<Action> out;
    for (Action& action : actions) {
        const auto same = std::find_if(out.begin(), out.end(), [&](const Action& other) {
            if (other.sentence.text_key != action.sentence.text_key || other.post != action.post)
                return false;
            return std::equal(other.sentence.params.begin(), other.sentence.params.end(),
                              action.sentence.params.begin(), action.sentence.params.end(),
                              [](const Param& a, const Param& b) { return a.value == b.value; });
        });
        if (same == out.end()) {
            out.push_back(std::move(action));
        } else if (action.by_ns) {
            same->by_ns = std::min(same->by_ns.value_or(*action.by_ns), *action.by_ns);
        }
    }
    actions = std::move(out);
}

ControlStatus judge(const Content& content, const Control& control, const FactBook& book,
                    const calendar::Zone& zone,
                    const std::map<std::string, Effective>& parameters) {
    ControlStatus status{control.id, {}, {}};
    for (const std::string& id : control.parameters) {
        const auto found = parameters.find(id);
        if (found != parameters.end()) status.parameters.push_back(found->second);
    }
    if (!all_set(control, parameters, status.finding)) return status;
    const Context context{content, book, zone, parameters, control};
    for (const register_::CheckSpec& spec : control.evidence) {
        const Check check = check_named(spec.check);
        if (check == nullptr) {
            status.finding.say(State::insufficient, "assess.check_unknown");
        } else {
            status.finding.join(check(context, spec.arguments));
        }
    }
    merge_actions(status.finding.missing);
    return status;
}

/// The decision in force about a clause, if any. One that a person took on the own application is
/// none.
std::optional<Decision> decision_in(const FactBook& book, const std::string& clause,
                                    std::string_view made, std::string_view undone,
                                    std::vector<Reason>& reasons) {
    const Fact* fact = book.newest(made, clause);
    if (fact == nullptr) return std::nullopt;
    const Fact* end = book.newest(undone, clause);
    const auto until = fact->number("until_ns");
    if ((end != nullptr && end->time_ns >= fact->time_ns) || !until || *until <= book.as_of())
        return std::nullopt;
    const Decision decision{fact->text("by"), fact->text("applicant"), fact->time_ns, *until,
                            fact->seq};
    if (decision.by.empty() || decision.applicant.empty() || decision.by == decision.applicant ||
        fact->text("reason_digest").empty()) {
        reasons.push_back({State::insufficient, {"assess.decision_void", {}}});
        return std::nullopt;
    }
    return decision;
}

void apply_decisions(ClauseStatus& status, const FactBook& book, const calendar::Zone& zone) {
    const auto tell = [&](State state, const char* key) {
        status.state = state;
        status.reasons.push_back(
            {state,
             {key, {{"until", ParamType::instant, zone.to_text(status.decision->until_ns)}}}});
    };
    status.decision = decision_in(book, status.clause, "applicability.excluded",
                                  "applicability.restored", status.reasons);
    if (status.decision) return tell(State::not_applicable, "assess.not_applicable");
    // An exception excuses what is not kept; what is kept needs no excuse.
    if (status.computed <= State::due_soon) return;
    status.decision =
        decision_in(book, status.clause, "exception.approved", "exception.revoked", status.reasons);
    if (status.decision) tell(State::exception, "assess.exception");
}

}  // namespace

std::map<State, std::size_t> Assessment::counts() const {
    std::map<State, std::size_t> out;
    for (const auto& [id, status] : clauses) ++out[status.state];
    return out;
}

void name_sources(
    Assessment& assessment,
    const std::function<std::optional<std::string>(const std::string& source_id)>& name_of_source) {
    const auto name = [&](Sentence& sentence) {
        for (Param& param : sentence.params) {
            if (param.type == ParamType::source)
                param.known_as = name_of_source(param.value).value_or("");
        }
    };
    for (auto& [id, status] : assessment.controls) {
        for (Reason& reason : status.finding.reasons) name(reason.sentence);
        for (Action& action : status.finding.missing) name(action.sentence);
        for (Evidence& evidence : status.finding.evidence)
            evidence.known_as = name_of_source(evidence.subject).value_or("");
    }
    for (auto& [id, status] : assessment.clauses) {
        for (Reason& reason : status.reasons) name(reason.sentence);
    }
}

Assessment assess(const Content& content, std::span<const Fact> facts, const calendar::Zone& zone,
                  WallNs as_of) {
    const FactBook book(facts, as_of);
    const std::set<std::string> regulations = adopted(content, book);
    const auto parameters = effective_parameters(content, regulations);
    Assessment out;
    out.as_of = as_of;
    out.content_version = content.version;
    for (const auto& [id, clause] : content.clauses) {
        if (!regulations.contains(clause.regulation)) continue;
        out.clauses[id].clause = id;
    }
    for (const auto& [id, control] : content.controls) {
        std::vector<ClauseStatus*> answered;
        for (const std::string& clause : control.clauses) {
            const auto found = out.clauses.find(clause);
            if (found != out.clauses.end()) answered.push_back(&found->second);
        }
        if (answered.empty()) continue;
        ControlStatus status = judge(content, control, book, zone, parameters);
        for (ClauseStatus* clause : answered) {
            const bool first = clause->controls.empty();
            clause->controls.push_back(id);
            clause->computed =
                first ? status.finding.state : worse(clause->computed, status.finding.state);
            if (const auto due = status.finding.next_due_ns) {
                clause->next_due_ns = std::min(clause->next_due_ns.value_or(*due), *due);
            }
        }
        out.controls.emplace(id, std::move(status));
    }
    for (auto& [id, status] : out.clauses) {
        if (status.controls.empty())
            status.reasons.push_back({State::insufficient, {"assess.no_control", {}}});
        status.state = status.computed;
        apply_decisions(status, book, zone);
    }
    return out;
}

ControlStatus assess_control(const Content& content, const Control& control,
                             std::span<const Fact> facts, const calendar::Zone& zone,
                             WallNs as_of) {
    const FactBook book(facts, as_of);
    return judge(content, control, book, zone,
                 effective_parameters(content, adopted(content, book)));
}

}  // namespace daicho::evidence::assess
