#pragma once
// The evidence ledger as the rest of the house sees it: append, seal, read, prove. One object per
// data directory and process; a second process is refused.
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "ledger/intake.hpp"
#include "ledger/lock.hpp"
#include "ledger/read/index_file.hpp"
#include "ledger/read/prover.hpp"
#include "ledger/read/segment_store.hpp"
#include "ledger/write/committer.hpp"
#include "ledger/write/recovery.hpp"
#include "ledger/write/sealer.hpp"

namespace daicho::ledger {

struct LedgerOptions {
    std::string data_directory;
    std::string keys_directory;
    write::CommitOptions commit;
    write::SealOptions seal;
};

/// Who read what, by what right: a role or a delegation (003-01-4.5-10a).
struct ReadRecord {
    std::string actor;       // `account:7`
    std::string right;       // `role` or `delegation`
    std::string role;        // with `role`
    std::string delegation;  // with `delegation`: `delegation:11`
    std::string purpose;     // a fixed word: `search`, `event`, `review`, …
    std::uint64_t events = 0;
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
};

/// Thread-safe. Throws IoFault where reading fails; writing faults stop the writer
/// (figures().stopped).
class Ledger final : public Intake {
public:
    using MakeExtractor = std::function<std::unique_ptr<search::Extractor>()>;

    /// Makes keys and an empty ledger. Errc::conflict if there are any.
    [[nodiscard]] static Status create(Files& files, const Clock& clock,
                                       const std::string& data_directory,
                                       const std::string& keys_directory);
    /// Recovers, starts the writer and the sealer. Errc::tampered: see recover(). Takes the lock of
    /// the data directory unless it is given.
    [[nodiscard]] static Result<std::unique_ptr<Ledger>> open(Files& files, const Clock& clock,
                                                              LedgerOptions options,
                                                              MakeExtractor make_extractor,
                                                              DataLock lock = nullptr);
    ~Ledger() override;
    void stop();  // whoever waits is answered, whatever comes is refused
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    [[nodiscard]] Result<Ticket> submit(Chunk& chunk) override;
    [[nodiscard]] Result<Receipt> wait_durable(Ticket ticket) override;
    Status declare_gap(const std::string& source, const std::string& reason, std::uint64_t events,
                       std::uint64_t bytes) override;

    /// Writes a leaf of a type other than BATCH; returns its index once it is durable. `json` must
    /// be canonical.
    [[nodiscard]] Result<std::uint64_t> append_notice(core::LeafType type, std::string json);
    /// A READ leaf: the contents of logs were looked at. Durable when this returns: call it before
    /// showing anything.
    [[nodiscard]] Result<std::uint64_t> record_read(const ReadRecord& record);

    /// Waits until the newest checkpoint covers `leaf_index`.
    [[nodiscard]] Status wait_published(std::uint64_t leaf_index);
    [[nodiscard]] std::string checkpoint_note() const { return publisher_->checkpoint_note(); }
    [[nodiscard]] core::TreeHead published() const { return publisher_->published(); }
    [[nodiscard]] const std::string& origin() const { return publisher_->origin(); }
    [[nodiscard]] const core::VerifierKey& log_key() const { return log_key_; }

    [[nodiscard]] write::CommitFigures figures() const { return committer_->figures(); }
    /// The newest event received before `wall_ns`; nullopt when there is none.
    [[nodiscard]] std::optional<std::uint64_t> last_seq_before(WallNs wall_ns);
    /// Raw bytes a second that all but one in a hundred minutes of the sealed history stayed below.
    [[nodiscard]] std::uint64_t rate_p99_bytes_per_s();
    [[nodiscard]] std::size_t waiting_bytes() { return committer_->queue().waiting_bytes(); }
    /// Closes the current WAL file and waits until everything before this call is sealed.
    [[nodiscard]] Status seal_now();
    /// Why sealing failed last; empty while it works.
    [[nodiscard]] std::string sealing_trouble() const;

    /// Proves from the newest published tree.
    [[nodiscard]] Result<read::Prover> prover();
    [[nodiscard]] read::SegmentStore& segments() noexcept { return *segments_; }
    [[nodiscard]] write::Keyring& keyring() noexcept { return *keyring_; }
    [[nodiscard]] const LedgerOptions& options() const noexcept { return options_; }
    [[nodiscard]] Files& files() noexcept { return files_; }
    [[nodiscard]] std::string ledger_directory() const;
    [[nodiscard]] std::uint64_t torn_bytes() const noexcept { return torn_bytes_; }

    /// Told of every leaf other than BATCH when it is durable, on the writer's thread: be quick.
    using NoticeListener = std::function<void(const core::NoticeLeaf&, std::uint64_t leaf_index)>;
    void on_notice(NoticeListener listener);

private:
    Ledger(Files& files, const Clock& clock, LedgerOptions options, MakeExtractor make_extractor,
           DataLock lock, core::VerifierKey log_key);
    Status start();
    void run_sealer();
    void seal_one(const std::shared_ptr<write::WalFile>& wal);
    void drop_wal(const std::string& path);
    void finish_interrupted();  // nothing vouches for a segment before it has its SEAL leaf
    void rotated(std::shared_ptr<write::WalFile> closed);
    void noticed(const core::NoticeLeaf& leaf, std::uint64_t leaf_index);
    void enqueue(std::shared_ptr<write::WalFile> wal);

    Files& files_;
    const Clock& clock_;
    LedgerOptions options_;
    MakeExtractor make_extractor_;
    DataLock lock_;
    core::VerifierKey log_key_;
    std::unique_ptr<write::Keyring> keyring_;
    std::unique_ptr<write::Publisher> publisher_;
    std::unique_ptr<read::SegmentStore> segments_;
    std::unique_ptr<search::Extractor> extractor_;
    std::unique_ptr<read::IndexObserver> observer_;
    std::unique_ptr<write::Sealer> sealer_;
    std::unique_ptr<write::Committer> committer_;
    std::uint64_t torn_bytes_ = 0;
    std::uint64_t recovered_size_ = 0;         // leaves that were found durable at the start
    std::vector<std::string> already_sealed_;  // found at the start: to be dropped once published
    std::set<std::string> interrupted_;        // WAL files whose sealing a crash cut short
    std::set<std::string> recorded_;           // segment files whose SEAL leaf this run has written
    std::thread sealing_;
    mutable Mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<write::WalFile>> to_seal_ DAICHO_GUARDED_BY(mutex_);
    bool sealing_busy_ DAICHO_GUARDED_BY(mutex_) = false;
    bool stopping_ DAICHO_GUARDED_BY(mutex_) = false;
    std::string trouble_ DAICHO_GUARDED_BY(mutex_);
    std::uint64_t published_size_ DAICHO_GUARDED_BY(mutex_) = 0;
    std::vector<NoticeListener> listeners_ DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::ledger
