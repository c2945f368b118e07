#include "ledger/ledger.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "base/fault.hpp"
#include "base/system/memory.hpp"

namespace daicho::ledger {
namespace {

/// A WAL that can't be sealed now (full disk) is tried again after this long.
constexpr std::chrono::seconds seal_retry{10};
constexpr std::chrono::milliseconds publish_wait{50};
constexpr std::size_t gap_reason_max = 64;

}  // namespace

Status Ledger::create(Files& files, const Clock& clock, const std::string& data_directory,
                      const std::string& keys_directory) {
    const std::string ledger = data_directory + "/ledger";
    if (files.exists(ledger + "/origin"))
        return fail(Errc::conflict, "there is a ledger at " + ledger + " already");
    const Status made = write::Keyring::create(files, keys_directory);
    if (!made) return made;
    Result<std::unique_ptr<write::Keyring>> keyring = write::Keyring::open(files, keys_directory);
    if (!keyring) return fail(keyring.error());
    files.make_directories(data_directory + "/index");
    return write::create_ledger(files, **keyring, clock, ledger);
}

Result<DataLock> lock_data(Files& files, const std::string& data_directory) {
    if (!files.exists(data_directory + "/ledger/origin"))
        return fail(Errc::not_found, "there is no ledger in " + data_directory);
    Result<FileLock> lock = FileLock::acquire(data_directory + "/lock");
    if (!lock) return fail(lock.error());
    return DataLock(std::make_shared<const FileLock>(std::move(*lock)));
}

Result<std::unique_ptr<Ledger>> Ledger::open(Files& files, const Clock& clock,
                                             LedgerOptions options, MakeExtractor make_extractor,
                                             DataLock lock) {
    if (!lock) {
        Result<DataLock> taken = lock_data(files, options.data_directory);
        if (!taken) return fail(taken.error());
        lock = std::move(*taken);
    }
    const Result<core::Origin> origin =
        write::read_origin(files, options.data_directory + "/ledger");
    if (!origin) return fail(origin.error());
    std::unique_ptr<Ledger> out(new Ledger(files, clock, std::move(options),
                                           std::move(make_extractor), std::move(lock),
                                           origin->log_key));
    const Status started = out->start();
    if (!started) return fail(started.error());
    // A new ledger signs its first checkpoint now: whoever asks for proofs finds a tree.
    const std::uint64_t leaves = out->recovered_size_;
    const Status published = out->wait_published(leaves == 0 ? 0 : leaves - 1);
    if (!published) return fail(published.error());
    for (const std::string& path : out->already_sealed_) out->drop_wal(path);
    out->finish_interrupted();
    Result<read::Prover> prover = out->prover();
    if (!prover) return fail(prover.error());
    const Status accounted =
        read::account_for_all(out->segments(), *prover, out->figures().next_seq);
    if (!accounted) return fail(accounted.error());
    return out;
}

Ledger::Ledger(Files& files, const Clock& clock, LedgerOptions options,
               MakeExtractor make_extractor, DataLock lock, core::VerifierKey log_key)
    : files_(files),
      clock_(clock),
      options_(std::move(options)),
      make_extractor_(std::move(make_extractor)),
      lock_(std::move(lock)),
      log_key_(std::move(log_key)) {}

Status Ledger::start() {
    Result<std::unique_ptr<write::Keyring>> keyring =
        write::Keyring::open(files_, options_.keys_directory);
    if (!keyring) return fail(keyring.error());
    keyring_ = std::move(*keyring);
    Result<write::Recovered> recovered =
        write::recover(files_, *keyring_, clock_, ledger_directory(), options_.commit.classes);
    if (!recovered) return fail(recovered.error());
    publisher_ = std::move(recovered->publisher);
    torn_bytes_ = recovered->torn_bytes;
    recovered_size_ = publisher_->size();
    {
        const MutexLock lock(mutex_);
        published_size_ = publisher_->published().size;
    }
    segments_ = std::make_unique<read::SegmentStore>(files_, *keyring_, options_.data_directory);
    const Status loaded = segments_->load(recovered->unsealed_files);
    if (!loaded) return loaded;
    extractor_ = make_extractor_();
    observer_ = std::make_unique<read::IndexObserver>(files_, options_.data_directory + "/index",
                                                      *extractor_);
    sealer_ =
        std::make_unique<write::Sealer>(files_, ledger_directory(), options_.seal, observer_.get());
    already_sealed_ = std::move(recovered->already_sealed);
    for (const auto& wal : recovered->closed) {
        for (const core::ClassKey& key : wal->header().classes) {
            const std::string file = core::segment_name(wal->header().segment, key.retention_class);
            if (files_.exists(ledger_directory() + "/segment/" + file))
                interrupted_.insert(wal->path());
        }
        segments_->add_wal(wal);
        enqueue(wal);
    }
    segments_->add_wal(recovered->state.wal);
    write::CommitHooks hooks;
    hooks.on_rotated = [this](std::shared_ptr<write::WalFile> closed) { rotated(closed); };
    hooks.on_published = [this](const core::TreeHead& head) {
        const MutexLock lock(mutex_);
        published_size_ = head.size;
        changed_.notify_all();
    };
    hooks.on_notice = [this](const core::NoticeLeaf& leaf, std::uint64_t leaf_index) {
        noticed(leaf, leaf_index);
    };
    committer_ = std::make_unique<write::Committer>(files_, *keyring_, clock_, ledger_directory(),
                                                    options_.commit, *publisher_,
                                                    std::move(recovered->state), std::move(hooks));
    committer_->start();
    sealing_ = std::thread([this] { run_sealer(); });
    return {};
}

Ledger::~Ledger() {
    stop();
}

void Ledger::stop() {
    {
        const MutexLock lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    // The sealer first: it ends with the SEAL leaf of what it has in hand.
    if (sealing_.joinable()) sealing_.join();
    if (committer_) committer_->stop();
}

void Ledger::rotated(std::shared_ptr<write::WalFile> closed) {
    const std::shared_ptr<write::WalFile> current = committer_->current_wal();
    if (closed->path() == current->path()) {
        // The old file held no frame, and the new one has taken its place.
        segments_->replace_wal(closed->path(), {});
        segments_->forget_wal(closed->path());
        segments_->add_wal(current);
        return;
    }
    segments_->add_wal(current);
    enqueue(std::move(closed));
}

void Ledger::noticed(const core::NoticeLeaf& leaf, std::uint64_t leaf_index) {
    if (leaf.type == core::LeafType::key_rotation) {
        try {
            read::Prover::remember_rotation(files_, options_.data_directory, leaf_index);
        } catch (const IoFault& fault) {
            if (!fault.out_of_space()) throw;  // a hint: without it the leaf is searched for
        }
    }
    segments_->retired().note(leaf, leaf_index);
    std::vector<NoticeListener> listeners;
    {
        const MutexLock lock(mutex_);
        listeners = listeners_;
    }
    for (const NoticeListener& listener : listeners) listener(leaf, leaf_index);
}

Result<Ticket> Ledger::submit(Chunk& chunk) {
    const Status fits = write::check_chunk(chunk, options_.commit.classes);
    if (!fits) return fail(fits.error());
    if (chunk.wall_ns == 0) {
        chunk.wall_ns = clock_.wall_ns();
        chunk.monotonic_ns = clock_.monotonic_ns();
    }
    return committer_->queue().push(chunk);
}

Result<Receipt> Ledger::wait_durable(Ticket ticket) {
    const Result<write::Outcome> outcome = committer_->queue().wait(ticket);
    if (!outcome) return fail(outcome.error());
    return outcome->receipt;
}

Status Ledger::declare_gap(const std::string& source, const std::string& reason,
                           std::uint64_t events, std::uint64_t bytes) {
    if (source.size() > source_id_size_max || reason.size() > gap_reason_max) {
        return fail(Errc::invalid, "a gap of an overlong source or reason");
    }
    const nlohmann::json facts{
        {"bytes", bytes}, {"events", events}, {"reason", reason}, {"source", source}};
    const Result<Ticket> ticket = committer_->queue().push(
        core::NoticeLeaf{core::LeafType::gap, clock_.wall_ns(), facts.dump()});
    if (!ticket) return fail(ticket.error());
    return {};
}

Result<std::uint64_t> Ledger::append_notice(core::LeafType type, std::string json) {
    check(type != core::LeafType::batch, "a BATCH leaf comes from events only");
    const Result<Ticket> ticket =
        committer_->queue().push(core::NoticeLeaf{type, clock_.wall_ns(), std::move(json)});
    if (!ticket) return fail(ticket.error());
    const Result<write::Outcome> outcome = committer_->queue().wait(*ticket);
    if (!outcome) return fail(outcome.error());
    return outcome->leaf_index;
}

Result<std::uint64_t> Ledger::record_read(const ReadRecord& record) {
    nlohmann::json facts{{"actor", record.actor},         {"events", record.events},
                         {"first_seq", record.first_seq}, {"last_seq", record.last_seq},
                         {"purpose", record.purpose},     {"right", record.right}};
    if (!record.role.empty()) facts["role"] = record.role;
    if (!record.delegation.empty()) facts["delegation"] = record.delegation;
    return append_notice(core::LeafType::read, facts.dump());
}

Status Ledger::wait_published(std::uint64_t leaf_index) {
    MutexLock lock(mutex_);
    while (published_size_ <= leaf_index) {
        const write::CommitFigures figures = committer_->figures();
        if (!figures.stopped.empty() || stopping_)
            return fail(Errc::unavailable,
                        figures.stopped.empty() ? "the ledger is closing" : figures.stopped);
        if (figures.full) return refuse(Errc::unavailable, "ledger.low_water", "the disk is full");
        lock.wait_for(changed_, publish_wait);
    }
    return {};
}

Result<read::Prover> Ledger::prover() {
    const Bytes origin_note =
        read_file(files_, ledger_directory() + "/origin", core::note_size_max);
    return read::Prover::make(files_, *segments_, options_.data_directory,
                              std::string(text_of(origin_note)), checkpoint_note());
}

std::optional<std::uint64_t> Ledger::last_seq_before(WallNs wall_ns) {
    // Batches are in order of receipt but for steps of the clock, so one that lies wholly before
    // the moment decides; a batch that straddles it counts as before: it is reviewed now rather
    // than never.
    std::optional<std::uint64_t> last;
    const auto take = [&](std::uint64_t last_seq) {
        last = std::max(last.value_or(last_seq), last_seq);
    };
    for (const auto& file : segments_->files()) {
        for (const core::SegmentBlock& block : file->directory.footer.blocks) {
            if (block.wall_first_ns < wall_ns) take(block.last_seq);
        }
    }
    for (const auto& wal : segments_->unsealed()) {
        for (const write::BatchRef& ref : wal->batches()) {
            if (ref.wall_first_ns < wall_ns) take(ref.first_seq + ref.count - 1);
        }
    }
    return last;
}

std::uint64_t Ledger::rate_p99_bytes_per_s() {
    // Blocks carry their bytes and the times of their first and last event; spread evenly over the
    // minutes between.
    std::map<std::int64_t, std::uint64_t> per_minute;
    for (const auto& file : segments_->files()) {
        for (const core::SegmentBlock& block : file->directory.footer.blocks) {
            const std::int64_t first = block.wall_first_ns / minute_ns;
            const std::int64_t minutes = block.wall_last_ns / minute_ns - first + 1;
            for (std::int64_t i = 0; i < minutes; ++i) {
                per_minute[first + i] += block.raw_bytes / static_cast<std::uint64_t>(minutes);
            }
        }
    }
    if (per_minute.empty()) return 0;
    std::vector<std::uint64_t> rates;
    for (const auto& [minute, bytes] : per_minute) rates.push_back(bytes);
    const std::size_t at = (rates.size() - 1) * 99 / 100;
    std::nth_element(rates.begin(), rates.begin() + static_cast<std::ptrdiff_t>(at), rates.end());
    return rates[at] / 60;
}

std::string Ledger::ledger_directory() const {
    return options_.data_directory + "/ledger";
}

void Ledger::on_notice(NoticeListener listener) {
    const MutexLock lock(mutex_);
    listeners_.push_back(std::move(listener));
}

void Ledger::finish_interrupted() {
    MutexLock lock(mutex_);
    const auto waits = [this]() DAICHO_REQUIRES(mutex_) {
        return std::ranges::any_of(
            to_seal_, [this](const auto& wal) { return interrupted_.contains(wal->path()); });
    };
    while (waits() && trouble_.empty()) lock.wait_for(changed_, publish_wait);
}

void Ledger::enqueue(std::shared_ptr<write::WalFile> wal) {
    const MutexLock lock(mutex_);
    to_seal_.push_back(std::move(wal));
    changed_.notify_all();
}

Status Ledger::seal_now() {
    const std::shared_ptr<write::WalFile> current = committer_->current_wal();
    // Asked once: what comes into an empty file while others are being sealed can wait for its
    // turn.
    const bool has_events = current->raw_bytes() > 0;
    if (has_events) committer_->request_rotation();
    MutexLock lock(mutex_);
    while (true) {
        const bool rotated = !has_events || committer_->current_wal() != current;
        if (rotated && to_seal_.empty() && !sealing_busy_) return {};
        if (!trouble_.empty()) return fail(Errc::unavailable, trouble_);
        const write::CommitFigures figures = committer_->figures();
        if (!figures.stopped.empty()) return fail(Errc::unavailable, figures.stopped);
        if (figures.full) return refuse(Errc::unavailable, "ledger.low_water", "the disk is full");
        lock.wait_for(changed_, publish_wait);
    }
}

std::string Ledger::sealing_trouble() const {
    const MutexLock lock(mutex_);
    return trouble_;
}

void Ledger::run_sealer() {
    while (true) {
        std::shared_ptr<write::WalFile> wal;
        {
            MutexLock lock(mutex_);
            while (to_seal_.empty() && !stopping_) lock.wait(changed_);
            if (stopping_) return;
            wal = to_seal_.front();
            sealing_busy_ = true;
        }
        std::string trouble;
        try {
            seal_one(wal);
        } catch (const std::exception& error) {
            trouble = error.what();
        }
        wal.reset();
        bool idle = false;
        {
            MutexLock lock(mutex_);
            sealing_busy_ = false;
            trouble_ = trouble;
            if (trouble.empty()) {
                to_seal_.pop_front();
                idle = to_seal_.empty();
            } else if (!stopping_) {
                lock.wait_for(changed_, seal_retry);
            }
            changed_.notify_all();
        }
        if (idle) give_back_free_memory();  // the events of a whole file were in memory
    }
}

void Ledger::seal_one(const std::shared_ptr<write::WalFile>& wal) {
    const std::uint64_t tree_size = committer_->figures().tree_size;
    std::uint64_t last_leaf = tree_size == 0 ? 0 : tree_size - 1;  // covers every frame of the file
    Result<std::vector<write::SealedSegment>> sealed = sealer_->seal(*wal);
    if (!sealed) throw Fault(sealed.error().message);
    std::vector<read::SealedFile> files;
    for (write::SealedSegment& segment : *sealed) {
        if (!recorded_.contains(segment.file)) {  // unless only what came after it failed before
            const auto leaf = append_notice(core::LeafType::seal, segment.seal_json);
            if (!leaf) throw Fault(leaf.error().message);
            last_leaf = *leaf;
            recorded_.insert(segment.file);
        }
        files.push_back(read::SegmentStore::describe(segment.file, std::move(segment.directory)));
    }
    segments_->replace_wal(wal->path(), std::move(files));
    const Status published = wait_published(last_leaf);
    if (!published) throw Fault(published.error().message);
    drop_wal(wal->path());
}

void Ledger::drop_wal(const std::string& path) {
    if (files_.exists(path)) files_.remove(path);
    files_.sync_directory(ledger_directory() + "/wal");
    segments_->forget_wal(path);
}

}  // namespace daicho::ledger
