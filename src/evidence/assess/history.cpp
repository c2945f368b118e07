#include "evidence/assess/history.hpp"

namespace daicho::evidence::assess {

Result<std::vector<StateRun>> history(const register_::Content& content,
                                      std::span<const Fact> facts, const calendar::Zone& zone,
                                      WallNs from_ns, WallNs until_ns, std::int64_t step_ns) {
    if (from_ns >= until_ns || step_ns <= 0) return fail(Errc::invalid, "an empty history");
    if (static_cast<std::uint64_t>(until_ns - from_ns) / static_cast<std::uint64_t>(step_ns) >=
        history_steps_max) {
        return fail(Errc::too_large, "a history of too many steps");
    }
    std::map<std::string, std::vector<StateRun>> runs;
    for (WallNs at = from_ns; at < until_ns; at += step_ns) {
        for (const auto& [id, status] : assess(content, facts, zone, at).clauses) {
            std::vector<StateRun>& of_clause = runs[id];
            if (!of_clause.empty() && of_clause.back().until_ns == at &&
                of_clause.back().state == status.state) {
                of_clause.back().until_ns = std::min(at + step_ns, until_ns);
            } else {
                of_clause.push_back({id, status.state, at, std::min(at + step_ns, until_ns)});
            }
        }
    }
    std::vector<StateRun> out;
    for (auto& [id, of_clause] : runs) out.insert(out.end(), of_clause.begin(), of_clause.end());
    return out;
}

}  // namespace daicho::evidence::assess
