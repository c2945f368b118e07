#pragma once
// Makes proofs from what lies on disk: the event, its batch, the leaf's place in the published
// tree.
#include <functional>

#include "base/files.hpp"
#include "ledger/core/event_proof.hpp"
#include "ledger/core/tlog/tile.hpp"
#include "ledger/read/segment_store.hpp"

namespace daicho::ledger::read {

/// An event as it is shown to a person: everything the ledger knows, its bytes included.
struct FoundEvent {
    core::Envelope envelope;
    std::string source;
    std::string retention_class;
    BootId boot_id{};
    Bytes raw;
    std::uint64_t leaf_index = 0;
    std::string segment_file;  // empty: not sealed yet
};

/// A value bound to one published tree; cheap to make. Not thread-safe.
class Prover {
public:
    /// `checkpoint` is the signed note; throws IoFault while reading.
    [[nodiscard]] static Result<Prover> make(Files& files, const SegmentStore& segments,
                                             const std::string& data_directory,
                                             std::string origin_note, std::string checkpoint);
    /// Remembers (in DATA/index, derived) where the newest KEYROT leaf is, so that certificate()
    /// need not look for it.
    static void remember_rotation(Files& files, const std::string& data_directory,
                                  std::uint64_t leaf_index);

    /// Errc::not_found, or Errc::expired when the key of the event is destroyed.
    [[nodiscard]] Result<FoundEvent> find(std::uint64_t seq);
    /// Errc::unavailable while the newest checkpoint does not cover the event yet (at most a second
    /// or two).
    [[nodiscard]] Result<core::EventProof> prove(std::uint64_t seq);

    /// The tree as it was at `size` leaves. Errc::invalid beyond the published one.
    [[nodiscard]] Result<core::TreeHead> head_at(std::uint64_t size);
    /// The bytes of one leaf, from the published tiles.
    [[nodiscard]] Result<Bytes> leaf(std::uint64_t index);
    /// The same, proven against the published root: Errc::tampered unless it is in the tree.
    [[nodiscard]] Result<Bytes> proven_leaf(std::uint64_t index);
    /// All leaves from `from` on, unproven, until `visit` answers false.
    using VisitLeaf = std::function<bool(std::uint64_t index, ByteView entry)>;
    [[nodiscard]] Status each_leaf(std::uint64_t from, const VisitLeaf& visit);
    [[nodiscard]] Result<core::Proof> prove_leaf(std::uint64_t index);
    /// That this tree continues the one of `older_size` leaves.
    [[nodiscard]] Result<core::Proof> prove_consistency(std::uint64_t older_size);
    /// Of the key which signed the checkpoint, from its KEYROT leaf.
    [[nodiscard]] Result<core::DayCertificate> certificate();
    [[nodiscard]] const core::TreeHead& head() const noexcept { return head_; }
    [[nodiscard]] const std::string& checkpoint() const noexcept { return checkpoint_; }
    [[nodiscard]] const std::string& origin_note() const noexcept { return origin_note_; }

private:
    Prover(Files& files, const SegmentStore& segments, std::string data_directory,
           std::string origin_note, std::string checkpoint, core::Origin origin,
           const core::TreeHead& head);
    struct Loaded;
    [[nodiscard]] Result<Loaded> load(std::uint64_t seq);

    /// If the leaf certifies one of these key ids; Errc::not_found if it is another leaf.
    [[nodiscard]] Result<core::DayCertificate> certificate_at(
        std::uint64_t index, const std::vector<std::uint32_t>& key_ids);

    Files* files_;
    const SegmentStore* segments_;
    std::string data_directory_;
    std::string origin_note_;
    std::string checkpoint_;
    core::Origin origin_;
    core::TreeHead head_;
    core::TileReader tiles_;
};

}  // namespace daicho::ledger::read
