#include "ledger/write/committer.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/fault.hpp"
#include "ledger/core/keys.hpp"

namespace daicho::ledger::write {
namespace {

constexpr int wait_ms =
    100;  // how long the thread sleeps when nothing comes: bounds the delay of a checkpoint
/// After a group of this size more is probably on its way: wait for it rather than sync small
/// groups one by one.
constexpr std::size_t busy_bytes = std::size_t{128} << 10;
constexpr std::int64_t tick_ns = 200'000'000;

Bytes notice_bytes(const core::NoticeLeaf& leaf) {
    return core::encode(leaf);
}

}  // namespace

Committer::Committer(Files& files, Keyring& keyring, const Clock& clock,
                     std::string ledger_directory, CommitOptions options, Publisher& publisher,
                     CommitState state, CommitHooks hooks)
    : files_(files),
      keyring_(keyring),
      clock_(clock),
      directory_(std::move(ledger_directory)),
      options_(std::move(options)),
      publisher_(publisher),
      hooks_(std::move(hooks)),
      context_(state.context),
      owed_(state.notices.begin(), state.notices.end()),
      signing_day_(std::move(state.signing_day)),
      wal_(std::move(state.wal)) {
    wal_opened_mono_ns_ = clock_.monotonic_ns();
    wall_minus_mono_ns_ = clock_.wall_ns() - wal_opened_mono_ns_;
    last_leaf_ns_ = clock_.wall_ns();
    const MutexLock lock(mutex_);
    figures_.next_seq = context_.next_seq;
    figures_.tree_size = publisher_.size();
}

Committer::~Committer() {
    stop();
}

void Committer::start() {
    thread_ = std::thread([this] { run(); });
}

void Committer::stop() {
    queue_.close();
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    queue_.stop("the ledger is closed");
}

CommitFigures Committer::figures() const {
    const MutexLock lock(mutex_);
    return figures_;
}

std::shared_ptr<WalFile> Committer::current_wal() const {
    const MutexLock lock(mutex_);
    return wal_;
}

void Committer::run() {
    try {
        begin();
        while (true) {
            const bool stopping = stopping_;
            if (no_space_) {
                // What is queued waits, and is given up when the ledger closes.
                if (stopping) break;
                std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
                tick();
                continue;
            }
            Group group = queue_.take(options_.group_raw_bytes, stopping ? 0 : wait_ms,
                                      busy_ && !stopping ? options_.linger_ms : 0);
            busy_ = group.raw_bytes >= busy_bytes;
            if (!group.empty()) {
                commit(std::move(group));
            } else if (stopping) {
                break;
            }
            tick();
        }
        if (!no_space_) publish(clock_.wall_ns());
    } catch (const std::exception& error) {
        // An I/O error after which nobody knows what is on the medium. Nothing more is promised
        // until a restart has read back what is there.
        const std::string reason = std::string("the ledger has stopped writing: ") + error.what();
        {
            const MutexLock lock(mutex_);
            figures_.stopped = reason;
        }
        queue_.stop(reason);
    }
}

/// Makes and appends one batch after the other: the medium works on one while the next is hashed.
std::vector<NewBatch> Committer::append_batches(WalFile& wal, const Group& group,
                                                BatchContext& context) {
    std::vector<NewBatch> batches;
    for (const auto& chunks : split_by_batch(group.chunks)) {
        const auto class_index = wal.class_index(chunks.front()->chunk.retention_class);
        check(class_index.has_value(), "a chunk of an unknown class got past the intake");
        NewBatch batch = make_batch(chunks, wal.data_key(*class_index), context);
        NewFrame frame{batch.leaf_bytes, *class_index, batch.body_head, batch.raw_parts, {}};
        frame.ref.first_seq = batch.leaf.first_seq;
        frame.ref.count = batch.leaf.count;
        frame.ref.wall_first_ns = batch.leaf.wall_first_ns;
        frame.ref.wall_last_ns = batch.leaf.wall_last_ns;
        for (const core::BatchSource& source : batch.leaf.sources)
            frame.ref.raw_bytes += source.bytes;
        wal.append(frame, publisher_.size() + batches.size());
        if (options_.sync) wal.start_writing();
        batches.push_back(std::move(batch));
    }
    return batches;
}

void Committer::commit(Group group) {
    const std::shared_ptr<WalFile> wal = current_wal();
    BatchContext next = context_;
    next.segment = wal->header().segment;
    next.boot_id = clock_.boot_id();
    const std::uint64_t first_leaf = publisher_.size();
    std::vector<NewBatch> batches;
    std::vector<Bytes> leaves;
    try {
        batches = append_batches(*wal, group, next);
        for (const NewBatch& batch : batches) leaves.push_back(batch.leaf_bytes);
        for (const PendingNotice& notice : group.notices) {
            leaves.push_back(notice_bytes(notice.leaf));
            NewFrame frame{leaves.back(), core::no_class, {}, {}, {}};
            wal->append(frame, first_leaf + leaves.size() - 1);
        }
    } catch (const IoFault& fault) {
        if (!fault.out_of_space()) throw;
        spoil(*wal);
        return wait_for_space(std::move(group));
    }
    if (options_.sync) {
        wal->sync();
    } else {
        wal->expose();
    }
    for (const Bytes& leaf : leaves) {
        if (!publisher_.append(leaf)) throw Fault("the tree takes no more leaves");
    }
    context_ = next;
    last_leaf_ns_ = clock_.wall_ns();
    std::vector<std::pair<Ticket, Outcome>> done;
    for (const NewBatch& batch : batches) {
        for (const auto& [ticket, receipt] : batch.receipts) done.push_back({ticket, {receipt, 0}});
    }
    for (std::size_t i = 0; i < group.notices.size(); ++i) {
        const std::uint64_t leaf_index = first_leaf + batches.size() + i;
        done.push_back({group.notices[i].ticket, {{}, leaf_index}});
        if (hooks_.on_notice) hooks_.on_notice(group.notices[i].leaf, leaf_index);
    }
    {
        const MutexLock lock(mutex_);
        figures_.groups += 1;
        for (const NewBatch& batch : batches) figures_.events += batch.leaf.count;
        figures_.raw_bytes += group.raw_bytes;
        figures_.next_seq = context_.next_seq;
        figures_.tree_size = publisher_.size();
        figures_.last_commit_ns = last_leaf_ns_;
    }
    queue_.complete(done);
}

void Committer::spoil(WalFile& wal) {
    wal_spoiled_ = true;
    try {
        wal.roll_back();
    } catch (const IoFault& stays) {
        throw Fault(stays.what());  // a torn tail that stays is no state that passes
    }
}

void Committer::wait_for_space(Group group) {
    // Nothing of the group was promised.
    no_space_ = true;
    {
        const MutexLock lock(mutex_);
        figures_.low_water = true;
        figures_.full = true;
    }
    queue_.set_low_water(true);
    queue_.put_back(std::move(group));
}

void Committer::write_notice(const core::NoticeLeaf& leaf) {
    const std::shared_ptr<WalFile> wal = current_wal();
    const Bytes bytes = notice_bytes(leaf);
    NewFrame frame{bytes, core::no_class, {}, {}, {}};
    const std::uint64_t index = publisher_.size();
    try {
        wal->append(frame, index);
    } catch (const IoFault& fault) {
        if (fault.out_of_space()) spoil(*wal);
        throw;
    }
    wal->sync();
    if (!publisher_.append(bytes)) throw Fault("the tree takes no more leaves");
    last_leaf_ns_ = clock_.wall_ns();
    if (hooks_.on_notice) hooks_.on_notice(leaf, index);
    const MutexLock lock(mutex_);
    figures_.tree_size = publisher_.size();
}

void Committer::write_owed() {
    while (!owed_.empty()) {
        write_notice(owed_.front());
        owed_.pop_front();
    }
}

void Committer::begin() {
    watch_space();
    try {
        write_owed();
        rotate_day_key(clock_.wall_ns());
        publish(clock_.wall_ns());
    } catch (const IoFault& fault) {
        if (!fault.out_of_space()) throw;
        wait_for_space({});
    }
}

void Committer::tick() {
    try {
        look_around();
    } catch (const IoFault& fault) {
        if (!fault.out_of_space()) throw;
        wait_for_space({});
    }
}

void Committer::look_around() {
    const std::int64_t monotonic = clock_.monotonic_ns();
    const WallNs wall = clock_.wall_ns();
    if (!no_space_ && publisher_.dirty() &&
        monotonic - last_publish_mono_ns_ >= options_.checkpoint_ns) {
        publish(wall);
    }
    // At full rate a tick is worth a hundred megabytes: segments are cut where they are full.
    if (!no_space_ && current_wal()->raw_bytes() >= options_.segment_raw_bytes) {
        rotate_wal_if_due(wall);
    }
    if (monotonic - last_tick_mono_ns_ < tick_ns) return;
    last_tick_mono_ns_ = monotonic;
    watch_space();
    if (no_space_) {
        if (queue_.low_water()) return;
        // Whatever is still to be written goes first: only when it found space there is some.
        if (wal_spoiled_) open_new_wal(wall);
        write_owed();
        rotate_day_key(wall);
        publish(wall);
        no_space_ = false;
        queue_.there_is_space();
        const MutexLock lock(mutex_);
        figures_.full = figures_.low_water = false;
    }
    watch_clock(wall, monotonic);
    rotate_day_key(wall);
    rotate_wal_if_due(wall);
    if (wall - last_leaf_ns_ >= options_.heartbeat_ns) {
        const nlohmann::json facts{
            {"events_since", context_.next_seq - events_at_heartbeat_},
            {"last_seq", context_.next_seq == 0 ? 0 : context_.next_seq - 1}};
        write_notice({core::LeafType::heartbeat, wall, facts.dump()});
        events_at_heartbeat_ = context_.next_seq;
    }
}

void Committer::watch_clock(WallNs wall, std::int64_t monotonic) {
    const std::int64_t difference = wall - monotonic;
    const std::int64_t step = difference - wall_minus_mono_ns_;
    wall_minus_mono_ns_ = difference;
    if (step < options_.clock_step_ns && step > -options_.clock_step_ns) return;
    const nlohmann::json facts{{"boot_changed", false}, {"step_ns", step}};
    owed_.push_back({core::LeafType::clock, wall, facts.dump()});
    write_owed();
}

void Committer::watch_space() {
    const std::uint64_t free_bytes = files_.free_bytes(directory_);
    const bool low = free_bytes < options_.reserve_bytes;
    queue_.set_low_water(low);
    const MutexLock lock(mutex_);
    figures_.free_bytes = free_bytes;
    figures_.low_water = low || figures_.full;
}

void Committer::rotate_day_key(WallNs wall) {
    const std::string today = core::day_of(wall);
    if (today <= signing_day_ && publisher_.has_signer()) return;
    nlohmann::json facts;
    if (publisher_.has_signer()) {
        if (publisher_.dirty()) publish(wall);
    }
    keyring_.destroy_day_key(
        today);  // left by a crash before its KEYROT leaf was durable: it has signed nothing
    Result<KeySigner> fresh = keyring_.make_day_key(today, publisher_.origin());
    if (!fresh) throw Fault(fresh.error().message);
    Result<KeySigner> log = keyring_.log_signer(publisher_.origin() + "/log");
    if (!log) throw Fault(log.error().message);
    const std::string vkey = fresh->key().format();
    const std::string text = core::certificate_text(today, vkey);
    const auto signed_by = [&text](KeySigner& signer) {
        const Result<Bytes> signature = signer.sign(view_of(text));
        if (!signature) throw Fault(signature.error().message);
        return to_base64(*signature);
    };
    facts["certificate"] = signed_by(*log);
    facts["day"] = today;
    facts["vkey"] = vkey;
    if (publisher_.has_signer()) {
        facts["previous_checkpoint"] = publisher_.checkpoint_note();
        facts["previous_signature"] = signed_by(publisher_.signer());
        facts["previous_vkey"] = publisher_.signer().key().format();
    }
    write_notice({core::LeafType::key_rotation, wall, facts.dump()});
    // Nothing below makes this day's leaf a second time, whatever publishing meets.
    publisher_.use_signer(std::move(*fresh));
    signing_day_ = today;
    older_day_keys_ = true;
    publish(wall);
}

void Committer::rotate_wal_if_due(WallNs wall) {
    const std::shared_ptr<WalFile> wal = current_wal();
    const bool has_events = wal->raw_bytes() > 0 || !wal->batches().empty();
    const bool old = clock_.monotonic_ns() - wal_opened_mono_ns_ >= options_.segment_age_ns;
    const bool large = wal->raw_bytes() >= options_.segment_raw_bytes;
    const bool wanted = rotation_wanted_.exchange(false);
    if ((has_events && (old || large || wanted)) || wal->file_bytes() >= options_.segment_raw_bytes)
        open_new_wal(wall);
}

void Committer::open_new_wal(WallNs wall) {
    core::WalHeader header;
    header.first_leaf = publisher_.size();
    header.segment = context_.next_seq;
    header.created_ns = wall;
    header.previous_batch = context_.previous_batch;
    Result<std::shared_ptr<WalFile>> fresh =
        WalFile::create(files_, keyring_, directory_ + "/wal", header, options_.classes);
    if (!fresh) throw Fault(fresh.error().message);
    std::shared_ptr<WalFile> closed;
    {
        const MutexLock lock(mutex_);
        closed = std::exchange(wal_, *fresh);
    }
    wal_spoiled_ = false;
    wal_opened_mono_ns_ = clock_.monotonic_ns();
    if (hooks_.on_rotated) hooks_.on_rotated(closed);
}

void Committer::publish(WallNs wall) {
    last_publish_mono_ns_ = clock_.monotonic_ns();
    if (!publisher_.has_signer()) return;
    if (publisher_.dirty()) {
        publisher_.publish(context_.next_seq);
        {
            const MutexLock lock(mutex_);
            figures_.last_checkpoint_ns = wall;
        }
        if (hooks_.on_published) hooks_.on_published(publisher_.published());
    }
    // Only now: a key may go when the checkpoint on the medium is not its own any more.
    if (older_day_keys_) keyring_.destroy_day_keys_but(signing_day_);
    older_day_keys_ = false;
}

}  // namespace daicho::ledger::write
