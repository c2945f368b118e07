#pragma once
// The figures that bind: of all that adopted regulations state, the strictest; where none states
// one, the default with its reason. How it came about is kept, because somebody will ask.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "evidence/assess/facts.hpp"
#include "register/content/content.hpp"

namespace daicho::evidence::assess {

struct Stated {
    std::string clause;
    register_::Quantity value;
};

struct Effective {
    std::string parameter;
    register_::Quantity value;
    std::string source;          // the clause that binds; empty: the default
    std::vector<Stated> stated;  // by all adopted clauses, strictest first
};

/// Regulations in force at the book's moment: those with a regulation.adopted that has not run out,
/// or all of the content when nobody ever adopted any - to leave one out takes an act, not an
/// omission.
[[nodiscard]] std::set<std::string> adopted(const register_::Content& content,
                                            const FactBook& book);

/// Parameters that neither a clause nor a default gives a value have no entry.
[[nodiscard]] std::map<std::string, Effective> effective_parameters(
    const register_::Content& content, const std::set<std::string>& regulations);

/// "P3Y" or "950".
[[nodiscard]] std::string to_text(const register_::Quantity& value);
/// 950 per thousand as "95.0 %".
[[nodiscard]] std::string percent_text(std::int64_t per_thousand);
/// As a person reads it, in either language; a period stays ISO 8601.
[[nodiscard]] std::string shown(const register_::Parameter& parameter,
                                const register_::Quantity& value);

}  // namespace daicho::evidence::assess
