#include "evidence/assess/status.hpp"

#include <algorithm>

namespace daicho::evidence::assess {
namespace {

void keep_newest(std::vector<Evidence>& list) {
    std::stable_sort(list.begin(), list.end(),
                     [](const Evidence& a, const Evidence& b) { return a.time_ns > b.time_ns; });
    if (list.size() > evidence_listed_max) list.resize(evidence_listed_max);
}

}  // namespace

std::string_view name_of(State state) noexcept {
    switch (state) {
        case State::conformant:
            return "conformant";
        case State::due_soon:
            return "due_soon";
        case State::insufficient:
            return "insufficient";
        case State::nonconformant:
            return "nonconformant";
        case State::exception:
            return "exception";
        case State::not_applicable:
            return "not_applicable";
    }
    return "insufficient";
}

State worse(State a, State b) noexcept {
    return std::max(a, b);
}

std::string_view name_of(ParamType type) noexcept {
    switch (type) {
        case ParamType::text:
            return "text";
        case ParamType::count:
            return "count";
        case ParamType::instant:
            return "instant";
        case ParamType::period:
            return "period";
        case ParamType::day:
            return "day";
        case ParamType::source:
            return "source";
        case ParamType::account:
            return "account";
        case ParamType::clause:
            return "clause";
        case ParamType::parameter:
            return "parameter";
    }
    return "text";
}

void Finding::say(State found, std::string text_key, std::vector<Param> params) {
    reasons.push_back({found, {std::move(text_key), std::move(params)}});
    state = worse(state, found);
}

void Finding::remark(std::string text_key, std::vector<Param> params) {
    reasons.push_back({State::conformant, {std::move(text_key), std::move(params)}});
}

void Finding::weigh(const Fact& fact, bool supports) {
    evidence.push_back({fact.kind, fact.subject, fact.time_ns, fact.seq, fact.leaf, supports});
    ++evidence_count;
    if (evidence.size() >= 2 * evidence_listed_max)
        keep_newest(evidence);  // not each time: it sorts
}

void Finding::needs(Action action) {
    missing.push_back(std::move(action));
}

void Finding::due(WallNs by_ns) {
    next_due_ns = std::min(next_due_ns.value_or(by_ns), by_ns);
}

void Finding::join(const Finding& other) {
    state = worse(state, other.state);
    reasons.insert(reasons.end(), other.reasons.begin(), other.reasons.end());
    missing.insert(missing.end(), other.missing.begin(), other.missing.end());
    evidence.insert(evidence.end(), other.evidence.begin(), other.evidence.end());
    evidence_count += other.evidence_count;
    keep_newest(evidence);
    if (other.next_due_ns) due(*other.next_due_ns);
}

}  // namespace daicho::evidence::assess
