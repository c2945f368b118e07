#pragma once
// Facts between the ledger's own events, the store and an assessment.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "evidence/assess/facts.hpp"
#include "store/facts.hpp"

namespace daicho::evidence::assess {

/// What one event of source `daicho` (an outbox row that reached the ledger) means as a fact;
/// nothing for most of them. `detail` is the row's JSON, which may be of any shape.
[[nodiscard]] std::optional<store::Fact> fact_of_event(std::string_view action,
                                                       const std::string& actor,
                                                       const std::string& object,
                                                       std::string_view detail, WallNs time_ns,
                                                       std::int64_t seq);

/// How far back facts of a kind can still matter; 0: for ever. Measurements come by the hour, and
/// only fresh ones count.
[[nodiscard]] int window_days(std::string_view kind) noexcept;

/// All facts that can matter to a status at `as_of`. Errc::too_large when a kind has more than a
/// query may give.
[[nodiscard]] Result<std::vector<Fact>> load_facts(store::Reader& reader, WallNs as_of);

[[nodiscard]] Fact fact_of(const store::Fact& stored);

}  // namespace daicho::evidence::assess
