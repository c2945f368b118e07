#pragma once
// How states went over time, computed again from facts: there is no stored status that could differ
// from the evidence.
#include "evidence/assess/assess.hpp"

namespace daicho::evidence::assess {

/// A year by days, or a day by minutes.
inline constexpr std::size_t history_steps_max = 1'500;

/// A clause was in a state at every step from from_ns to until_ns (the first step at which it was
/// not; the end of the history for the last one).
struct StateRun {
    std::string clause;
    State state = State::insufficient;
    WallNs from_ns = 0;
    WallNs until_ns = 0;
};

/// By clause, then time. Errc::invalid for an empty range or step, Errc::too_large over
/// history_steps_max.
[[nodiscard]] Result<std::vector<StateRun>> history(const register_::Content& content,
                                                    std::span<const Fact> facts,
                                                    const calendar::Zone& zone, WallNs from_ns,
                                                    WallNs until_ns, std::int64_t step_ns);

}  // namespace daicho::evidence::assess
