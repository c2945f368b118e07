#pragma once
// Which facts follow from what the ledger holds (docs/formats/facts.md). Pure: the keeper stores
// what these functions give, and a rebuild gives the same from the ledger alone.
#include <optional>
#include <string_view>
#include <vector>

#include "ledger/core/leaf.hpp"
#include "store/facts.hpp"

namespace daicho::app::node {

/// From one of daicho's own events (source `daicho`): the JSON text that the outbox pump wrote.
[[nodiscard]] std::vector<store::Fact> facts_of_event(std::uint64_t seq, std::string_view json);

/// From a leaf that is no BATCH.
[[nodiscard]] std::vector<store::Fact> facts_of_leaf(std::uint64_t leaf_index,
                                                     const ledger::core::NoticeLeaf& leaf);

}  // namespace daicho::app::node
