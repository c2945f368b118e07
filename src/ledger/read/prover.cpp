#include "ledger/read/prover.hpp"

#include <algorithm>

#include "ledger/core/batch_hasher.hpp"
#include "ledger/write/publisher.hpp"

namespace daicho::ledger::read {
namespace {

constexpr const char* rotation_hint = "/index/keyrot";

/// Copies of the events of one batch, with the envelope each was committed with.
struct Member {
    core::BlockEvent event;
    std::string source;
};

void take_from_wal(const write::LoadedBatch& batch, std::vector<Member>& out) {
    core::for_each_event(batch.runs, batch.leaf.first_seq,
                         [&](const core::Envelope& envelope, ByteView raw) {
                             core::BlockEvent event;
                             event.seq = envelope.seq;
                             event.wall_ns = envelope.wall_ns;
                             event.monotonic_ns = envelope.monotonic_ns;
                             event.transport = envelope.transport;
                             event.framing = envelope.framing;
                             event.flags = envelope.flags;
                             event.true_length = envelope.true_length;
                             event.raw = raw;
                             out.push_back({event, batch.leaf.sources[envelope.source].id});
                         });
}

}  // namespace

/// The whole batch of an event: proving one means hashing all.
struct Prover::Loaded {
    Location location;
    core::BatchLeaf leaf;
    Bytes leaf_bytes;
    crypto::Key32 data_key;
    std::vector<core::Block> blocks;  // own the bytes
    write::LoadedBatch batch;         // or this does
    std::vector<Member> members;
};

Prover::Prover(Files& files, const SegmentStore& segments, std::string data_directory,
               std::string origin_note, std::string checkpoint, core::Origin origin,
               const core::TreeHead& head)
    : files_(&files),
      segments_(&segments),
      data_directory_(std::move(data_directory)),
      origin_note_(std::move(origin_note)),
      checkpoint_(std::move(checkpoint)),
      origin_(std::move(origin)),
      head_(head),
      tiles_(head.size, write::fetch_growing(files, data_directory_ + "/ledger")) {}

Result<Prover> Prover::make(Files& files, const SegmentStore& segments,
                            const std::string& data_directory, std::string origin_note,
                            std::string checkpoint) {
    Result<core::Origin> origin = core::open_origin(origin_note);
    if (!origin) return fail(origin.error());
    const Result<core::Note> note = core::parse_note(checkpoint);
    if (!note) return fail(note.error());
    const Result<core::Checkpoint> body = core::parse_checkpoint(note->text);
    if (!body) return fail(body.error());
    return Prover(files, segments, data_directory, std::move(origin_note), std::move(checkpoint),
                  std::move(*origin), body->head);
}

Result<Bytes> Prover::leaf(std::uint64_t index) {
    if (index >= head_.size) {
        return refuse(Errc::unavailable, "ledger.not_published_yet",
                      "the newest checkpoint does not cover this leaf yet");
    }
    const Result<Bytes> bundle = tiles_.bundle(index / core::tile_width);
    if (!bundle) return fail(bundle.error());
    const auto entries = core::decode_bundle(*bundle, tiles_.width_at(0, index / core::tile_width));
    if (!entries) return fail(entries.error());
    const ByteView entry = (*entries)[index % core::tile_width];
    return Bytes(entry.begin(), entry.end());
}

Result<Bytes> Prover::proven_leaf(std::uint64_t index) {
    Result<Bytes> entry = leaf(index);
    if (!entry) return entry;
    const Result<core::Proof> proof = prove_leaf(index);
    if (!proof) return fail(proof.error());
    const Status holds = core::verify_inclusion(crypto::hash_leaf(*entry), index, head_, *proof);
    if (!holds) return fail(holds.error());
    return entry;
}

Status Prover::each_leaf(std::uint64_t from, const VisitLeaf& visit) {
    for (std::uint64_t index = from; index < head_.size;) {
        const std::uint64_t tile = index / core::tile_width;
        const Result<Bytes> bundle = tiles_.bundle(tile);
        if (!bundle) return fail(bundle.error());
        const auto entries = core::decode_bundle(*bundle, tiles_.width_at(0, tile));
        if (!entries) return fail(entries.error());
        for (std::size_t at = index % core::tile_width; at < entries->size(); ++at, ++index) {
            if (!visit(index, (*entries)[at])) return {};
        }
    }
    return {};
}

Result<core::TreeHead> Prover::head_at(std::uint64_t size) {
    if (size > head_.size) return fail(Errc::invalid, "the published tree is smaller than that");
    const Result<crypto::Digest> root = core::root_at(size, tiles_);
    if (!root) return fail(root.error());
    return core::TreeHead{size, *root};
}

Result<core::Proof> Prover::prove_leaf(std::uint64_t index) {
    return core::prove_inclusion(index, head_.size, tiles_);
}

Result<core::Proof> Prover::prove_consistency(std::uint64_t older_size) {
    return core::prove_consistency(older_size, head_.size, tiles_);
}

void Prover::remember_rotation(Files& files, const std::string& data_directory,
                               std::uint64_t leaf_index) {
    write_file_durably(files, data_directory + rotation_hint, view_of(std::to_string(leaf_index)));
}

Result<core::DayCertificate> Prover::certificate_at(std::uint64_t index,
                                                    const std::vector<std::uint32_t>& key_ids) {
    const Result<Bytes> bytes = leaf(index);
    if (!bytes) return fail(bytes.error());
    const Result<core::LeafType> type = core::leaf_type_of(*bytes);
    if (!type || *type != core::LeafType::key_rotation)
        return fail(Errc::not_found, "another leaf");
    const Result<core::NoticeLeaf> notice = core::decode_notice(*bytes);
    if (!notice) return fail(notice.error());
    Result<core::KeyRotation> rotation = core::open_key_rotation(*notice, origin_);
    if (!rotation) return fail(rotation.error());
    const bool wanted =
        std::find(key_ids.begin(), key_ids.end(), rotation->key.id()) != key_ids.end();
    if (!wanted) return fail(Errc::not_found, "a KEYROT leaf of another key");
    return std::move(rotation->certificate);
}

Result<core::DayCertificate> Prover::certificate() {
    const Result<core::Note> note = core::parse_note(checkpoint_);
    if (!note) return fail(note.error());
    std::vector<std::uint32_t> key_ids;
    for (const core::NoteSignature& signature : note->signatures)
        key_ids.push_back(signature.key_id);
    const std::optional<Bytes> hint = read_file_if_exists(*files_, data_directory_ + rotation_hint);
    if (hint) {
        const Result<std::uint64_t> index =
            core::parse_decimal(text_of(*hint), core::tree_size_max);
        if (index && *index < head_.size) {
            Result<core::DayCertificate> found = certificate_at(*index, key_ids);
            if (found) return found;
        }
    }
    for (std::uint64_t index = head_.size; index-- > 0;) {
        Result<core::DayCertificate> found = certificate_at(index, key_ids);
        if (found || found.error().code != Errc::not_found) return found;
    }
    return fail(Errc::tampered, "no KEYROT leaf certifies the key that signed the checkpoint");
}

Result<Prover::Loaded> Prover::load(std::uint64_t seq) {
    std::optional<Location> location = segments_->locate(seq);
    if (!location) return fail(Errc::not_found, "there is no event " + std::to_string(seq));
    Loaded out;
    out.location = std::move(*location);
    if (out.location.wal != nullptr) {
        Result<write::LoadedBatch> batch = out.location.wal->load(out.location.ref);
        if (!batch) return fail(batch.error());
        out.batch = std::move(*batch);
        out.leaf = out.batch.leaf;
        out.leaf_bytes = core::encode(out.leaf);
        out.data_key = out.location.wal->data_key(out.location.ref.class_index).clone();
        take_from_wal(out.batch, out.members);
        return out;
    }
    const SealedFile& file = *out.location.sealed;
    Result<crypto::Key32> key = segments_->data_key(file);
    if (!key) return fail(key.error());
    out.data_key = std::move(*key);
    Result<Bytes> bytes = leaf(out.location.leaf_index);
    if (!bytes) return fail(bytes.error());
    Result<core::BatchLeaf> decoded = core::decode_batch(*bytes);
    if (!decoded) return fail(decoded.error());
    out.leaf = std::move(*decoded);
    out.leaf_bytes = std::move(*bytes);
    const std::uint64_t first = out.location.first_seq;
    const std::uint64_t last = first + out.location.count - 1;
    for (std::uint32_t i = 0; i < file.directory.footer.blocks.size(); ++i) {
        const core::SegmentBlock& place = file.directory.footer.blocks[i];
        if (place.first_seq > last || place.last_seq < first) continue;
        Result<core::Block> block = segments_->open_block(file, i);
        if (!block) return fail(block.error());
        out.blocks.push_back(std::move(*block));
    }
    for (const core::Block& block : out.blocks) {
        for (std::size_t row = block.lower_bound(first);
             row < block.size() && block.event(row).seq <= last; ++row) {
            out.members.push_back({block.event(row), block.sources()[block.event(row).source]});
        }
    }
    return out;
}

Result<FoundEvent> Prover::find(std::uint64_t seq) {
    const Result<Loaded> loaded = load(seq);
    if (!loaded) return fail(loaded.error());
    const core::BatchHasher hasher(loaded->leaf, loaded->data_key);
    for (const Member& member : loaded->members) {
        if (member.event.seq != seq) continue;
        const Result<core::Envelope> envelope = hasher.envelope_of(member.event, member.source);
        if (!envelope) return fail(envelope.error());
        FoundEvent out;
        out.envelope = *envelope;
        out.source = member.source;
        out.retention_class = loaded->leaf.retention_class;
        out.boot_id = loaded->leaf.boot_id;
        out.raw.assign(member.event.raw.begin(), member.event.raw.end());
        out.leaf_index = loaded->location.leaf_index;
        if (loaded->location.sealed != nullptr) out.segment_file = loaded->location.sealed->file;
        return out;
    }
    return fail(Errc::tampered, "event " + std::to_string(seq) + " is missing from its segment");
}

Result<core::EventProof> Prover::prove(std::uint64_t seq) {
    const Result<Loaded> loaded = load(seq);
    if (!loaded) return fail(loaded.error());
    if (loaded->location.leaf_index >= head_.size) {
        return refuse(Errc::unavailable, "ledger.not_published_yet",
                      "the newest checkpoint does not cover this event yet");
    }
    core::BatchHasher hasher(loaded->leaf, loaded->data_key);
    core::EventProof out;
    for (const Member& member : loaded->members) {
        const Status added = hasher.add(member.event, member.source);
        if (!added) return fail(added.error());
        if (member.event.seq != seq) continue;
        const Result<core::Envelope> envelope = hasher.envelope_of(member.event, member.source);
        if (!envelope) return fail(envelope.error());
        out.envelope = *envelope;
        if (member.event.raw.size() <= core::embedded_raw_max) {
            out.raw = Bytes(member.event.raw.begin(), member.event.raw.end());
        }
    }
    const Status whole = hasher.finish();
    if (!whole) return fail(whole.error());
    const std::uint64_t position = seq - loaded->leaf.first_seq;
    out.salt = hasher.salt(static_cast<std::uint32_t>(position));
    Result<core::Proof> inner = core::prove_inclusion(position, hasher.commitments());
    if (!inner) return fail(inner.error());
    Result<core::Proof> outer = prove_leaf(loaded->location.leaf_index);
    if (!outer) return fail(outer.error());
    Result<core::DayCertificate> certified = certificate();
    if (!certified) return fail(certified.error());
    out.inner = std::move(*inner);
    out.outer = std::move(*outer);
    out.leaf_index = loaded->location.leaf_index;
    out.batch_leaf = loaded->leaf_bytes;
    out.certificate = std::move(*certified);
    out.origin_note = origin_note_;
    out.checkpoint = checkpoint_;
    return out;
}

}  // namespace daicho::ledger::read
