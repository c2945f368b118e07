#pragma once
// Where collectors and the committer meet: a bounded queue of chunks and notices, and the receipts
// for what is durable.
#include <condition_variable>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.hpp"
#include "ledger/core/leaf.hpp"
#include "ledger/intake.hpp"

namespace daicho::ledger::write {

/// Raw bytes that may wait for the committer: a quarter of a second at the highest rate measured.
inline constexpr std::size_t queue_bytes_max = std::size_t{32} << 20;
/// Receipts are kept for this many tickets; whoever asks later has waited too long.
inline constexpr std::size_t receipts_max = 65536;
inline constexpr std::size_t chunk_bytes_max = event_size_max + (std::size_t{1} << 20);

struct PendingChunk {
    Ticket ticket = 0;
    Chunk chunk;
};
/// A leaf other than BATCH that somebody wants in the tree.
struct PendingNotice {
    Ticket ticket = 0;
    core::NoticeLeaf leaf;
};
struct Group {
    std::vector<PendingChunk> chunks;
    std::vector<PendingNotice> notices;
    std::size_t raw_bytes = 0;
    [[nodiscard]] bool empty() const noexcept { return chunks.empty() && notices.empty(); }
};
struct Outcome {
    Receipt receipt;               // of a chunk
    std::uint64_t leaf_index = 0;  // of a notice
};

/// Errc::invalid unless the chunk keeps the rules in intake.hpp.
[[nodiscard]] Status check_chunk(const Chunk& chunk, const std::vector<std::string>& classes);

/// Thread-safe.
class Queue {
public:
    /// Errc::unavailable when full, closed to `transport` (low water), or stopped.
    [[nodiscard]] Result<Ticket> push(Chunk& chunk);
    [[nodiscard]] Result<Ticket> push(core::NoticeLeaf leaf);
    [[nodiscard]] Result<Outcome> wait(Ticket ticket);

    /// Waits up to `timeout_ms` for work, then takes at most `bytes_max` raw bytes (but at least
    /// one chunk). With `linger_ms` it waits that long for the group to fill up.
    [[nodiscard]] Group take(std::size_t bytes_max, int timeout_ms, int linger_ms);
    /// A group that could not be written for want of space, and nothing of it was: events and gaps
    /// go back in front. Other notices are refused (Errc::unavailable), for somebody waits for them
    /// who can say so, and from now on everything but gaps, until there_is_space().
    void put_back(Group group);
    void there_is_space();
    void complete(const std::vector<std::pair<Ticket, Outcome>>& done);

    /// Low water: only daicho's own events (Transport::internal) and notices are taken.
    void set_low_water(bool low);
    [[nodiscard]] bool low_water() const;
    /// No more pushes; waiters of what is never written get Errc::unavailable with `reason`.
    void stop(const std::string& reason);
    /// Closes for pushes, while what is queued still gets written.
    void close();
    [[nodiscard]] std::size_t waiting_bytes() const;
    [[nodiscard]] std::uint64_t refused_chunks() const;

private:
    mutable Mutex mutex_;
    std::condition_variable work_;
    std::condition_variable done_;
    std::deque<PendingChunk> chunks_ DAICHO_GUARDED_BY(mutex_);
    std::deque<PendingNotice> notices_ DAICHO_GUARDED_BY(mutex_);
    std::map<Ticket, Result<Outcome>> outcomes_ DAICHO_GUARDED_BY(mutex_);
    std::size_t bytes_ DAICHO_GUARDED_BY(mutex_) = 0;
    Ticket next_ DAICHO_GUARDED_BY(mutex_) = 1;
    std::uint64_t refused_ DAICHO_GUARDED_BY(mutex_) = 0;
    bool full_ DAICHO_GUARDED_BY(mutex_) = false;
    bool low_water_ DAICHO_GUARDED_BY(mutex_) = false;
    bool closed_ DAICHO_GUARDED_BY(mutex_) = false;
    std::optional<std::string> stopped_ DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::ledger::write
