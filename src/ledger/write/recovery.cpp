#include "ledger/write/recovery.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/calendar/timestamp.hpp"
#include "base/fault.hpp"
#include "crypto/random.hpp"
#include "ledger/core/keys.hpp"
#include "ledger/core/segment.hpp"

namespace daicho::ledger::write {
namespace {

constexpr std::string_view temporary_suffix = ".tmp";

void remove_leftovers(Files& files, const std::string& directory) {
    for (const DirectoryEntry& entry : files.list(directory)) {
        if (!entry.is_directory && entry.name.ends_with(temporary_suffix))
            files.remove(directory + "/" + entry.name);
    }
}

/// Partial tiles that a crash left between tiles and checkpoint: right, but of a tree that nobody
/// signed.
void remove_unpublished_tiles(Files& files, const std::string& directory, std::uint64_t size) {
    const auto clean = [&](core::TileKind kind, unsigned level, std::uint64_t count) {
        const core::TileId edge{kind, level, count / core::tile_width, 1};
        const std::string full =
            directory + "/" + core::tile_path({kind, level, edge.index, core::tile_width});
        if (files.exists(full + std::string(temporary_suffix)))
            files.remove(full + std::string(temporary_suffix));
        const std::string folder = parent_of(directory + "/" + core::tile_path(edge));
        if (!files.exists(folder)) return;
        for (const DirectoryEntry& entry : files.list(folder)) {
            if (entry.name != std::to_string(count % core::tile_width))
                files.remove(folder + "/" + entry.name);
        }
        if (files.list(folder).empty()) files.remove_directory(folder);
    };
    clean(core::TileKind::entries, 0, size);
    std::uint64_t count = size;
    for (unsigned level = 0; level <= core::tile_level_max; ++level) {
        clean(core::TileKind::hashes, level, count);
        count /= core::tile_width;
    }
}

/// One recovery in progress.
class Recovery {
public:
    Recovery(Files& files, Keyring& keyring, const Clock& clock, std::string directory)
        : files_(files), keyring_(keyring), clock_(clock), directory_(std::move(directory)) {}

    Result<Recovered> run(const std::vector<std::string>& classes);

private:
    Status open_checkpoint(const core::Origin& origin);
    Status load_wals();
    Status replay(const WalFile::Recovered& wal, bool is_last);
    Status replay_frame(const core::Frame& frame);
    Status check_tail(const WalFile::Recovered& wal, bool is_last);
    Status check_not_rolled_back(const core::TreeHead& now);
    Status choose_signer(const core::Origin& origin);
    [[nodiscard]] bool is_missing(const WalFile& wal) const;
    void sort_closed();

    Files& files_;
    Keyring& keyring_;
    const Clock& clock_;
    std::string directory_;
    Recovered out_;
    std::optional<core::TreeHead> published_;
    std::optional<Head> head_;
    bool head_seen_ = false;
    std::vector<std::string> names_;
    std::vector<std::shared_ptr<WalFile>> wals_;
    std::set<std::string> sealed_;    // segment files that have a SEAL leaf
    std::string checkpoint_key_day_;  // whose key signed the checkpoint on disk
    std::optional<core::NoticeLeaf> last_rotation_;
    WallNs last_wall_ns_ = 0;
};

Status Recovery::open_checkpoint(const core::Origin& origin) {
    Result<std::optional<Head>> head = keyring_.read_head();
    if (!head) return fail(head.error());
    head_ = *head;
    const std::optional<Bytes> note = read_file_if_exists(files_, directory_ + "/checkpoint");
    if (!note) {
        // The head is written first, so a crash may keep the very first checkpoint from its place.
        // The leaves decide: they must lead to the head (check_not_rolled_back).
        return {};
    }
    for (const std::string& day : keyring_.day_keys()) {
        const std::optional<KeySigner> signer = keyring_.day_signer(day, origin.name);
        if (!signer) continue;  // being destroyed when the power went
        const std::array<core::VerifierKey, 1> known{signer->key()};
        const Result<core::OpenCheckpoint> opened =
            core::open_checkpoint(text_of(*note), origin.name, known);
        if (opened) {
            published_ = opened->checkpoint.head;
            checkpoint_key_day_ = day;
            return {};
        }
        if (opened.error().code != Errc::unauthorised) return fail(opened.error());
    }
    return refuse(Errc::tampered, "ledger.checkpoint_unknown_key",
                  "the checkpoint is not signed by a key of this machine: keys and data do not "
                  "belong together");
}

Status Recovery::load_wals() {
    for (const DirectoryEntry& entry : files_.list(directory_ + "/wal"))
        names_.push_back(entry.name);
    for (std::size_t i = 0; i < names_.size(); ++i) {
        const bool is_last = i + 1 == names_.size();
        const std::string path = directory_ + "/wal/" + names_[i];
        Result<WalFile::Recovered> wal = WalFile::recover(files_, keyring_, path, !is_last);
        if (!wal) return fail(wal.error());
        if (wal->content.header.first_leaf > out_.publisher->size()) {
            return refuse(Errc::tampered, "ledger.wal_missing",
                          "leaves " + std::to_string(out_.publisher->size()) +
                              " and after are missing before " + path);
        }
        const Status replayed = replay(*wal, is_last);
        if (!replayed) return replayed;
        wals_.push_back(wal->file);
    }
    return {};
}

Status Recovery::replay_frame(const core::Frame& frame) {
    const core::LeafType type = core::leaf_type_of(frame.leaf).value_or(core::LeafType::config);
    if (type == core::LeafType::batch) {
        const Result<core::BatchLeaf> leaf = core::decode_batch(frame.leaf);
        if (!leaf) return fail(Errc::tampered, leaf.error().message);
        out_.state.context.next_seq = leaf->first_seq + leaf->count;
        out_.state.context.previous_batch = crypto::hash_leaf(frame.leaf);
        last_wall_ns_ = std::max(last_wall_ns_, leaf->wall_last_ns);
    } else {
        const Result<core::NoticeLeaf> leaf = core::decode_notice(frame.leaf);
        if (!leaf) return fail(Errc::tampered, leaf.error().message);
        last_wall_ns_ = std::max(last_wall_ns_, leaf->wall_ns);
        if (type == core::LeafType::key_rotation) last_rotation_ = *leaf;
        if (type == core::LeafType::seal) {
            const auto facts = nlohmann::json::parse(leaf->json, nullptr, false);
            if (facts.is_object()) sealed_.insert(facts.value("file", std::string()));
        }
    }
    if (frame.head.leaf_index < out_.publisher->size()) return {};
    if (head_ && out_.publisher->size() == head_->tree.size)
        head_seen_ = out_.publisher->head() == head_->tree;
    if (!out_.publisher->append(frame.leaf)) return fail(Errc::too_large, "the tree is full");
    return {};
}

Status Recovery::check_tail(const WalFile::Recovered& wal, bool is_last) {
    const core::WalEnd& end = wal.content.end;
    if (end.good_bytes == end.file_bytes) return {};
    const std::uint64_t lost_leaf = wal.content.header.first_leaf + wal.content.frames.size();
    const std::uint64_t known =
        std::max(published_ ? published_->size : 0, head_ ? head_->tree.size : 0);
    if (!is_last || end.damaged_inside || lost_leaf < known) {
        return refuse(Errc::tampered, "ledger.wal_damaged",
                      wal.file->path() + " is damaged at byte " + std::to_string(end.good_bytes) +
                          ", where no crash can have damaged it: " + end.reason,
                      {{"file", core::wal_name(wal.content.header.first_leaf)},
                       {"byte", std::to_string(end.good_bytes)}});
    }
    out_.torn_bytes = end.file_bytes - end.good_bytes;
    wal.file->truncate(end.good_bytes);
    const nlohmann::json facts{
        {"bytes", out_.torn_bytes}, {"events", 0}, {"reason", "torn_write"}, {"source", "daicho"}};
    out_.state.notices.push_back({core::LeafType::gap, clock_.wall_ns(), facts.dump()});
    return {};
}

Status Recovery::replay(const WalFile::Recovered& wal, bool is_last) {
    const Status tail = check_tail(wal, is_last);
    if (!tail) return tail;
    if (wal.content.frames.empty() || wal.file->batches().empty()) {
        out_.state.context.next_seq =
            std::max(out_.state.context.next_seq, wal.content.header.segment);
        if (out_.state.context.previous_batch == crypto::Digest{}) {
            out_.state.context.previous_batch = wal.content.header.previous_batch;
        }
    }
    core::TileReader tiles(published_ ? published_->size : 0, fetch_from(files_, directory_));
    for (const core::Frame& frame : wal.content.frames) {
        const std::uint64_t index = frame.head.leaf_index;
        if (published_ && index < published_->size) {
            const core::NodeId id{0, index};
            const auto stored = tiles.read(std::span<const core::NodeId>(&id, 1));
            if (!stored) return fail(stored.error());
            if (stored->front() != crypto::hash_leaf(frame.leaf)) {
                return refuse(Errc::tampered, "ledger.leaf_changed",
                              "leaf " + std::to_string(index) +
                                  " in the write-ahead log is not the one in the tree");
            }
        }
        const Status replayed = replay_frame(frame);
        if (!replayed) return replayed;
    }
    return {};
}

Status Recovery::check_not_rolled_back(const core::TreeHead& now) {
    if (!head_) return {};
    const bool same = now.size == head_->tree.size ? now == head_->tree : head_seen_;
    const bool published_is_head =
        published_ && published_->size == head_->tree.size && *published_ == head_->tree;
    if (same || published_is_head) return {};
    return refuse(
        Errc::tampered, "ledger.rolled_back",
        "this copy of the ledger holds " + std::to_string(now.size) +
            " leaves and does not contain the " + std::to_string(head_->tree.size) +
            " that this machine signed last: it is an older copy, or another one",
        {{"have", std::to_string(now.size)}, {"signed", std::to_string(head_->tree.size)}});
}

Status Recovery::choose_signer(const core::Origin& origin) {
    std::string day = checkpoint_key_day_;
    if (last_rotation_) {
        const Result<core::KeyRotation> rotation = core::open_key_rotation(*last_rotation_, origin);
        if (!rotation) return fail(rotation.error());
        if (day.empty() || rotation->day > day) day = rotation->day;
    }
    if (day.empty()) return {};
    std::optional<KeySigner> signer = keyring_.day_signer(day, origin.name);
    if (!signer) return fail(Errc::not_found, "the signing key of " + day + " is missing");
    out_.publisher->use_signer(std::move(*signer));
    out_.state.signing_day = day;
    return {};
}

/// Sealed, and a segment is not there: the file stays, it is the last that holds these events.
bool Recovery::is_missing(const WalFile& wal) const {
    return std::ranges::any_of(wal.batches(), [&](const BatchRef& ref) {
        const std::string& name = wal.header().classes[ref.class_index].retention_class;
        return !files_.exists(directory_ + "/segment/" +
                              core::segment_name(wal.header().segment, name));
    });
}

void Recovery::sort_closed() {
    for (const std::shared_ptr<WalFile>& wal : wals_) {
        bool complete = !wal->batches().empty();
        for (const BatchRef& ref : wal->batches()) {
            const std::string& name = wal->header().classes[ref.class_index].retention_class;
            complete =
                complete && sealed_.contains(core::segment_name(wal->header().segment, name));
        }
        if (complete && is_missing(*wal)) continue;
        if (complete) {
            out_.already_sealed.push_back(wal->path());
        } else {
            out_.closed.push_back(wal);
            for (const core::ClassKey& key : wal->header().classes) {
                out_.unsealed_files.insert(
                    core::segment_name(wal->header().segment, key.retention_class));
            }
        }
    }
}

Result<Recovered> Recovery::run(const std::vector<std::string>& classes) {
    const Result<core::Origin> origin = read_origin(files_, directory_);
    if (!origin) return fail(origin.error());
    for (const char* folder : {"/wal", "/segment"}) remove_leftovers(files_, directory_ + folder);
    remove_leftovers(files_, directory_);
    sync_tree(files_, directory_);  // what is built on it from here on must not outlive it
    const Status opened = open_checkpoint(*origin);
    if (!opened) return fail(opened.error());
    Result<std::unique_ptr<Publisher>> publisher =
        Publisher::restore(files_, keyring_, directory_, origin->name, published_);
    if (!publisher) return fail(publisher.error());
    out_.publisher = std::move(*publisher);
    remove_unpublished_tiles(files_, directory_, published_ ? published_->size : 0);
    const Status loaded = load_wals();
    if (!loaded) return fail(loaded.error());
    if (wals_.empty() && (published_ || head_)) {
        return refuse(Errc::tampered, "ledger.wal_missing", "the write-ahead log is missing");
    }
    const Status current = check_not_rolled_back(out_.publisher->head());
    if (!current) return fail(current.error());
    const Status signer = choose_signer(*origin);
    if (!signer) return fail(signer.error());
    sort_closed();
    const WallNs now = clock_.wall_ns();
    // It is written before the checkpoint, so no crash leaves this: somebody took away what would
    // have told an older copy from the newest.
    if (published_ && !head_) {
        const nlohmann::json facts{{"value", std::to_string(published_->size)},
                                   {"what", "head_missing"}};
        out_.state.notices.push_back({core::LeafType::config, now, facts.dump()});
    }
    if (last_wall_ns_ > now + second_ns) {
        const nlohmann::json facts{{"boot_changed", true}, {"step_ns", now - last_wall_ns_}};
        out_.state.notices.push_back({core::LeafType::clock, now, facts.dump()});
    }
    core::WalHeader header;
    header.first_leaf = out_.publisher->size();
    header.segment = out_.state.context.next_seq;
    header.created_ns = now;
    header.previous_batch = out_.state.context.previous_batch;
    // A file without a single frame has the name that the new one needs, and nothing that anybody
    // would miss: the new one takes its place in one step.
    const std::string path = directory_ + "/wal/" + core::wal_name(header.first_leaf);
    std::erase_if(out_.closed, [&path](const auto& wal) { return wal->path() == path; });
    Result<std::shared_ptr<WalFile>> fresh =
        WalFile::create(files_, keyring_, directory_ + "/wal", header, classes);
    if (!fresh) return fail(fresh.error());
    out_.state.wal = std::move(*fresh);
    return std::move(out_);
}

}  // namespace

Result<core::Origin> read_origin(Files& files, const std::string& ledger_directory) {
    const std::optional<Bytes> note = read_file_if_exists(files, ledger_directory + "/origin");
    if (!note) return fail(Errc::not_found, "there is no ledger at " + ledger_directory);
    return core::open_origin(text_of(*note));
}

Result<Recovered> recover(Files& files, Keyring& keyring, const Clock& clock,
                          const std::string& ledger_directory,
                          const std::vector<std::string>& classes) {
    return Recovery(files, keyring, clock, ledger_directory).run(classes);
}

Status create_ledger(Files& files, Keyring& keyring, const Clock& clock,
                     const std::string& ledger_directory) {
    if (files.exists(ledger_directory + "/origin")) {
        return fail(Errc::conflict, "there is a ledger at " + ledger_directory + " already");
    }
    for (const char* folder : {"/wal", "/segment", "/tile"})
        files.make_directories(ledger_directory + folder);
    const std::string name = "daicho.local/" + to_hex(crypto::random_bytes<8>());
    Result<KeySigner> log = keyring.log_signer(core::log_key_name(name));
    if (!log) return fail(log.error());
    core::NoteSigner* signer = &*log;
    const std::string text =
        core::origin_text(name, calendar::to_rfc3339(clock.wall_ns()), log->key());
    const Result<std::string> note =
        core::sign_note(text, std::span<core::NoteSigner* const>(&signer, 1));
    if (!note) return fail(note.error());
    write_file_durably(files, ledger_directory + "/origin", view_of(*note));
    return {};
}

}  // namespace daicho::ledger::write
