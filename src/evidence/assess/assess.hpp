#pragma once
// Status from evidence: a pure function of content, facts and a moment.
//
// Invariants, each with a test: (1) the order of the facts does not matter, nor does saying one
// twice; (2) a fact after `as_of` does not matter; (3) so a status of the past can be computed
// again, and is the same; (4) without facts nothing is conformant; (5) taking away a fact that
// supports a status never betters it.
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/calendar/zone.hpp"
#include "evidence/assess/parameters.hpp"
#include "evidence/assess/status.hpp"
#include "register/content/content.hpp"

namespace daicho::evidence::assess {

struct ControlStatus {
    std::string control;
    Finding finding;
    std::vector<Effective> parameters;  // those the control uses, in its order
};

/// A decision of people about a clause: it lapses by itself, and it never makes a broken clause
/// look kept.
struct Decision {
    std::string by;         // account
    std::string applicant;  // another account
    WallNs since_ns = 0;
    WallNs until_ns = 0;
    std::int64_t seq = -1;
};

struct ClauseStatus {
    std::string clause;
    State state = State::insufficient;     // what to show
    State computed = State::insufficient;  // what the evidence says, whatever was decided
    std::vector<std::string> controls;
    std::vector<Reason> reasons;  // about the clause itself; the others are with the controls
    std::optional<Decision> decision;
    std::optional<WallNs> next_due_ns;
};

struct Assessment {
    WallNs as_of = 0;
    crypto::Digest content_version;
    std::map<std::string, ClauseStatus> clauses;    // of adopted regulations
    std::map<std::string, ControlStatus> controls;  // of these clauses
    [[nodiscard]] std::map<State, std::size_t> counts() const;
};

/// Fills in `known_as` wherever the assessment speaks of a source that has a name.
void name_sources(
    Assessment& assessment,
    const std::function<std::optional<std::string>(const std::string& source_id)>& name_of_source);

[[nodiscard]] Assessment assess(const register_::Content& content, std::span<const Fact> facts,
                                const calendar::Zone& zone, WallNs as_of);

/// One control on its own, with all regulations adopted that the facts say: what the examples in
/// content/ are run with.
[[nodiscard]] ControlStatus assess_control(const register_::Content& content,
                                           const register_::Control& control,
                                           std::span<const Fact> facts, const calendar::Zone& zone,
                                           WallNs as_of);

}  // namespace daicho::evidence::assess
