#pragma once
// Moves evidence of changes from the state to the ledger, and facts from the ledger to the state.
//   outbox row -> event of source `daicho` -> durable -> marked; leaves and events -> facts
// A crash between any two steps repeats the step: rows are marked with the place they have, facts
// are stored once.
#include <condition_variable>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "ledger/ledger.hpp"
#include "store/database.hpp"
#include "store/facts.hpp"

namespace daicho::app::node {

/// The event that an outbox row becomes: canonical JSON.
[[nodiscard]] std::string event_json(const store::OutboxEntry& row);

/// Thread-safe. start() and stop() by one thread.
class Pump {
public:
    Pump(store::Database& database, ledger::Ledger& ledger, Log& log)
        : database_(database), ledger_(ledger), log_(log) {}
    ~Pump() { stop(); }
    Pump(const Pump&) = delete;
    Pump& operator=(const Pump&) = delete;

    /// Derives the facts of leaves that were written while nobody noted them (a crash, a first
    /// start with an older state). Before start().
    [[nodiscard]] Status catch_up();
    void start();
    /// Moves what is there, then ends.
    void stop();
    /// Something was written: do not wait for the next look.
    void nudge();
    /// Everything recorded so far is durable in the ledger and its facts are stored when this
    /// returns. Errc::unavailable if the ledger takes nothing.
    [[nodiscard]] Status flush();
    /// A leaf has become durable (called on the ledger's writer thread).
    void note(const ledger::core::NoticeLeaf& leaf, std::uint64_t leaf_index);
    /// One of daicho's own measurements, as an event of its own: `object` is what was measured,
    /// `key` tells repetitions apart (facts.md).
    [[nodiscard]] Status measure(const std::string& action, const std::string& object,
                                 const std::string& key, WallNs time_ns,
                                 const std::string& detail_json);
    /// Why nothing moves; empty while all is well.
    [[nodiscard]] std::string trouble() const;

private:
    void run();
    [[nodiscard]] Result<bool> move_rows();
    [[nodiscard]] Status store_notes();
    [[nodiscard]] Status store(const std::vector<store::Fact>& facts,
                               std::optional<std::uint64_t> through_leaf);

    store::Database& database_;
    ledger::Ledger& ledger_;
    Log& log_;
    std::thread thread_;
    Mutex moving_;  // one mover at a time keeps the order of the rows
    mutable Mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ DAICHO_GUARDED_BY(mutex_) = false;
    bool nudged_ DAICHO_GUARDED_BY(mutex_) = false;
    std::string trouble_ DAICHO_GUARDED_BY(mutex_);
    std::deque<std::pair<ledger::core::NoticeLeaf, std::uint64_t>> notes_ DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::app::node
