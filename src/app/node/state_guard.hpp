#pragma once
// Whether state.db is the one the ledger speaks of, or an older copy that was put back
// (docs/decisions/0062). The ledger holds every row of the outbox that was ever moved: the newest
// of them must be in the state. Nothing is stored for this, so nothing can be lost or put back with
// the state.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "access/door/session.hpp"
#include "ledger/ledger.hpp"
#include "store/database.hpp"

namespace daicho::app::node {

/// Errc::tampered, state.rolled_back: the ledger holds evidence of changes that this state does not
/// know. Reads the newest evidence only.
[[nodiscard]] Status check_state_is_current(store::Database& database, ledger::Ledger& ledger);

/// Takes an older state of the same ledger as the one to go on from: all sessions and one-time
/// passwords end, and the outbox says so ("state.restored", with the ids that were given up), to be
/// moved to the ledger as always. The facts of the changes that are not in it are derived again.
/// Errc::conflict: it is current. Errc::tampered, state.foreign: it belongs to another ledger.
[[nodiscard]] Status accept_restored_state(store::Database& database, ledger::Ledger& ledger,
                                           access::door::Sessions& sessions,
                                           const std::string& reason);

/// What such an event gave up: rows with ids after the first up to the second. nullopt for any
/// other event.
[[nodiscard]] std::optional<std::pair<std::int64_t, std::int64_t>> given_up_by(
    const nlohmann::json& event);

}  // namespace daicho::app::node
