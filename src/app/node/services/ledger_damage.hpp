#pragma once
// What is wrong with the ledger's own files, as people are told.
#include <nlohmann/json.hpp>

#include "ledger/ledger.hpp"
#include "store/database.hpp"

namespace daicho::app::node {

/// A head that was missing at a start shows for so long: long enough for whoever looks once a week.
inline constexpr std::int64_t head_missing_shown_ns = 8 * day_ns;

/// Alarm objects of openapi.yaml: segments that are missing, a head that was.
[[nodiscard]] Result<nlohmann::json> damage_alarms(ledger::Ledger& ledger,
                                                   store::Database& database, WallNs now);

/// A Message that says how many events with numbers first .. last are missing; null when none is.
[[nodiscard]] nlohmann::json missing_message(ledger::Ledger& ledger, std::uint64_t first,
                                             std::uint64_t last);

}  // namespace daicho::app::node
