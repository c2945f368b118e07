#include "evidence/assess/rights.hpp"

#include <algorithm>

namespace daicho::evidence::assess {

Rights::Rights(const FactBook& book, std::set<std::string> roles) : roles_(std::move(roles)) {
    for (const Fact& fact : book.of("delegation.granted")) granted_.emplace(fact.subject, &fact);
    for (const Fact& fact : book.of("delegation.revoked"))
        revoked_.emplace(fact.subject, fact.time_ns);
}

bool Rights::held(const Fact& act) const {
    if (act.text("performer").empty()) return false;
    const std::string right = act.text("right");
    if (right == "role") return roles_.contains(act.text("role"));
    return right == "delegation" && delegated(act);
}

namespace {

/// Reviewing includes reading, not the other way round. A grant that does not say what it lends
/// lends nothing.
bool lends(const Fact& grant, const Fact& act) {
    const std::string permission = grant.text("permission");
    return permission == "log.review" || (permission == "log.read" && act.kind == "log.read");
}

}  // namespace

bool Rights::delegated(const Fact& act) const {
    const auto grant = granted_.find(act.text("delegation"));
    if (grant == granted_.end()) return false;
    const Fact& granted = *grant->second;
    const auto revoked = revoked_.find(grant->first);
    const auto from = granted.number("from_ns");
    const auto until = granted.number("until_ns");
    return lends(granted, act) && granted.text("to") == act.text("performer") &&
           granted.text("by") != act.text("performer") && granted.time_ns <= act.time_ns && from &&
           *from <= act.time_ns && until && act.time_ns < *until &&
           (revoked == revoked_.end() || act.time_ns < revoked->second);
}

}  // namespace daicho::evidence::assess
