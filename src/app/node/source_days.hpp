#pragma once
// Keeps the counters of each source's days over a restart: otherwise the coverage of a day on which
// daicho was restarted would begin again at nothing. Up to a minute of counting is lost when the
// process dies; the events themselves are in the ledger.
#include <map>
#include <string>
#include <utility>

#include "base/mutex.hpp"
#include "evidence/collect/source_board.hpp"
#include "store/database.hpp"

namespace daicho::app::node {

/// Thread-safe.
class SourceDays {
public:
    SourceDays(store::Database& database, evidence::collect::SourceBoard& board)
        : database_(database), board_(board) {}

    /// Gives the board what was kept. Before anything is collected. Errc::tampered for a row that
    /// nobody here wrote.
    [[nodiscard]] Status load();
    /// Writes the days that have changed, and forgets those that the board has forgotten.
    [[nodiscard]] Status save();

private:
    using Place = std::pair<std::string, std::int32_t>;  // source and day
    store::Database& database_;
    evidence::collect::SourceBoard& board_;
    Mutex mutex_;
    std::map<Place, std::string> kept_ DAICHO_GUARDED_BY(mutex_);  // counters as stored
};

}  // namespace daicho::app::node
