#pragma once
// The one writer. Its thread takes groups from the queue, makes them durable in the WAL, grows the
// tree, publishes checkpoints, and keeps the ledger's own watch: heart-beats, clock steps, day
// keys, low water, rotation. Invariants: (1) nobody is told of an event before fdatasync returned;
// (2) a failed fdatasync stops the writer for good; (3) a leaf enters the tree after it is durable,
// a checkpoint is published after its tiles are; (4) a full disk stops nothing for good: what found
// no space counts as not written, is owed or kept, and is written when there is some.
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/mutex.hpp"
#include "ledger/write/batcher.hpp"
#include "ledger/write/publisher.hpp"
#include "ledger/write/queue.hpp"
#include "ledger/write/wal_file.hpp"

namespace daicho::ledger::write {

struct CommitOptions {
    std::vector<std::string> classes{"log", "evidence"};
    /// One fdatasync for so many bytes at full rate: it takes milliseconds whatever it writes.
    std::size_t group_raw_bytes = std::size_t{8} << 20;
    int linger_ms = 20;  // and no later than this
    std::int64_t checkpoint_ns = second_ns;
    std::int64_t heartbeat_ns = minute_ns;
    std::uint64_t segment_raw_bytes = std::uint64_t{64} << 20;
    std::int64_t segment_age_ns = 10 * minute_ns;
    std::uint64_t reserve_bytes = std::uint64_t{2}
                                  << 30;     // below this much free space only own events are taken
    std::int64_t clock_step_ns = second_ns;  // a larger jump of the wall clock is a CLOCK leaf
    bool sync =
        true;  // false only to measure what durability costs (bench/): then nothing is promised
};

/// What recovery found, and the committer continues from.
struct CommitState {
    std::shared_ptr<WalFile> wal;  // freshly made, empty
    BatchContext context;
    std::string signing_day;  // of the publisher's signer; empty if it has none
    std::vector<core::NoticeLeaf>
        notices;  // to be written first: GAP after a torn tail, SEAL of a found segment
};

/// For the status page; a snapshot.
struct CommitFigures {
    std::uint64_t tree_size = 0;
    std::uint64_t next_seq = 0;
    std::uint64_t groups = 0;
    std::uint64_t events = 0;
    std::uint64_t raw_bytes = 0;
    WallNs last_commit_ns = 0;
    WallNs last_checkpoint_ns = 0;
    std::uint64_t free_bytes = 0;
    bool low_water = false;
    bool full = false;    // a write found no space: nothing is written until there is some
    std::string stopped;  // why the writer has stopped; empty while it works
};

/// Called on the committer's thread; must be quick and must not call back into the ledger's waiting
/// functions.
struct CommitHooks {
    std::function<void(std::shared_ptr<WalFile>)> on_rotated;  // the file has no more writer
    std::function<void(const core::TreeHead&)> on_published;
    std::function<void(const core::NoticeLeaf&, std::uint64_t leaf_index)> on_notice;
};

class Committer {
public:
    Committer(Files& files, Keyring& keyring, const Clock& clock, std::string ledger_directory,
              CommitOptions options, Publisher& publisher, CommitState state, CommitHooks hooks);
    ~Committer();
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    void start();
    /// Writes what is queued, publishes, and ends the thread.
    void stop();
    [[nodiscard]] Queue& queue() noexcept { return queue_; }
    [[nodiscard]] CommitFigures figures() const;
    [[nodiscard]] std::shared_ptr<WalFile> current_wal() const;
    /// Closes the current file at the next opportunity, so that it gets sealed.
    void request_rotation() { rotation_wanted_ = true; }

private:
    void run();
    void commit(Group group);
    [[nodiscard]] std::vector<NewBatch> append_batches(WalFile& wal, const Group& group,
                                                       BatchContext& context);
    void write_notice(const core::NoticeLeaf& leaf);
    void write_owed();
    void tick();
    void look_around();
    void begin();
    void watch_clock(WallNs wall, std::int64_t monotonic);
    void watch_space();
    void rotate_day_key(WallNs wall);
    void rotate_wal_if_due(WallNs wall);
    void open_new_wal(WallNs wall);
    void publish(WallNs wall);
    void spoil(WalFile& wal);
    void wait_for_space(Group group);

    Files& files_;
    Keyring& keyring_;
    const Clock& clock_;
    std::string directory_;
    CommitOptions options_;
    Publisher& publisher_;
    CommitHooks hooks_;
    Queue queue_;
    // Owned by the thread (by the constructor before start()):
    BatchContext context_;
    std::deque<core::NoticeLeaf> owed_;  // nobody would find out again what they say
    bool busy_ = false;
    bool no_space_ = false;     // nothing is written until there is some
    bool wal_spoiled_ = false;  // an append failed in it for want of space: it takes no more
    std::string signing_day_;
    bool older_day_keys_ = true;  // may be there: they go once signing_day_'s has signed all
    WallNs last_leaf_ns_ = 0;
    std::int64_t last_publish_mono_ns_ = 0;
    std::int64_t last_tick_mono_ns_ = 0;
    std::int64_t wal_opened_mono_ns_ = 0;
    std::int64_t wall_minus_mono_ns_ = 0;
    std::uint64_t events_at_heartbeat_ = 0;
    std::atomic<bool> rotation_wanted_{false};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
    mutable Mutex mutex_;
    std::shared_ptr<WalFile> wal_ DAICHO_GUARDED_BY(mutex_);
    CommitFigures figures_ DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::ledger::write
