#pragma once
// By what right somebody read or reviewed logs (003-01-4.5-10a), judged again from the facts: what
// the access check noted at that moment must fit the delegations on record.
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "evidence/assess/facts.hpp"

namespace daicho::evidence::assess {

class Rights {
public:
    /// `book` must outlive it; `roles` are those that carry the right by themselves.
    Rights(const FactBook& book, std::set<std::string> roles);
    /// `act` has performer, right and role or delegation.
    [[nodiscard]] bool held(const Fact& act) const;

private:
    [[nodiscard]] bool delegated(const Fact& act) const;
    std::set<std::string> roles_;
    std::map<std::string_view, const Fact*>
        granted_;  // the first grant of each id: an id is never lent twice
    std::map<std::string_view, WallNs> revoked_;
};

}  // namespace daicho::evidence::assess
