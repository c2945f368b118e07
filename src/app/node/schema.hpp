#pragma once
// What the node itself keeps in the state: the register of sources, settings of the ledger's
// upkeep, and how far derived data has come.
#include <cstdint>
#include <string_view>

#include "store/database.hpp"
#include "store/facts.hpp"
#include "store/versioned.hpp"

namespace daicho::app::node {

[[nodiscard]] store::MigrationSet migrations();

/// Columns: source_id, name, kind, owner_post, silence_minutes_max, flags (JSON list).
[[nodiscard]] const store::Versioned& source_table();
/// Columns: name (UNIQUE), value (JSON).
[[nodiscard]] const store::Versioned& setting_table();

/// The first leaf whose facts are not stored yet.
inline constexpr std::string_view leaves_position = "facts.leaves";
/// 0 when nothing was noted.
[[nodiscard]] Result<std::int64_t> position(store::Reader& reader, std::string_view name);
[[nodiscard]] Status set_position(store::Transaction& tx, std::string_view name,
                                  std::int64_t value);

/// All facts of a kind, oldest first.
[[nodiscard]] Result<std::vector<store::Fact>> facts_of_kind(store::Reader& reader,
                                                             const std::string& kind,
                                                             bool newest_first = false);

}  // namespace daicho::app::node
