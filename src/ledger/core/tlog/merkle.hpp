#pragma once
// The Merkle tree of RFC 9162, section 2.1 (the same tree as RFC 6962): its root, its right edge,
// and the two proofs. Every function takes leaf *hashes* (crypto::hash_leaf of an entry, or an
// event commitment), never entries.
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "crypto/digest.hpp"

namespace daicho::ledger::core {

/// 2^40 leaves are a thousand group commits a second for 35 years. The bound keeps every shift and
/// every tile index far away from overflow, and the tree within five levels of tiles.
inline constexpr std::uint64_t tree_size_max = std::uint64_t{1} << 40;
/// No proof in a tree of tree_size_max leaves is longer: one hash per level, and one more for
/// consistency.
inline constexpr std::size_t proof_length_max = 41;

/// What a checkpoint says of the tree: this many leaves, this root.
struct TreeHead {
    std::uint64_t size = 0;
    crypto::Digest root;
    bool operator==(const TreeHead&) const = default;
};

/// The root of a complete subtree: the leaves [index << level, (index + 1) << level).
struct NodeId {
    unsigned level = 0;
    std::uint64_t index = 0;
    auto operator<=>(const NodeId&) const = default;
};

/// In the order of RFC 9162: from the sibling of the leaf up to the child of the root.
using Proof = std::vector<crypto::Digest>;

/// The right edge of the tree: all it takes to append a leaf and to know the root, in at most 40
/// hashes. A value: copy it, store it. Not synchronised; whoever owns it decides who may append.
/// Invariant: peaks_ holds the root of one complete subtree per set bit of size_, largest first.
class Frontier {
public:
    /// Rebuilds an edge from storage, which is not trusted: Errc::tampered if there can be no such
    /// edge. That the peaks are the right ones shows only in the root: compare it with a signed
    /// head.
    [[nodiscard]] static Result<Frontier> restore(std::uint64_t size,
                                                  std::vector<crypto::Digest> peaks);
    /// Adds one leaf and returns its index; Errc::too_large once the tree is full.
    [[nodiscard]] Result<std::uint64_t> append(const crypto::Digest& leaf_hash);
    /// Adds all or none; returns the index of the first.
    [[nodiscard]] Result<std::uint64_t> append_many(std::span<const crypto::Digest> leaf_hashes);
    /// The hash that commits to every leaf so far (RFC 9162, 2.1.1).
    [[nodiscard]] crypto::Digest root() const;
    [[nodiscard]] TreeHead head() const { return {size_, root()}; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] std::span<const crypto::Digest> peaks() const noexcept { return peaks_; }

private:
    void push(const crypto::Digest& leaf_hash);
    std::uint64_t size_ = 0;
    std::vector<crypto::Digest> peaks_;
};

/// The root over `hashes`, computed in their own place: no allocation, and what they held is gone
/// afterwards.
[[nodiscard]] crypto::Digest root_in_place(std::span<crypto::Digest> hashes);

/// Roots of many batches with one buffer that grows to the largest batch and stays. Not
/// thread-safe: one per thread.
class RangeHasher {
public:
    [[nodiscard]] crypto::Digest root(std::span<const crypto::Digest> leaf_hashes);

private:
    std::vector<crypto::Digest> buffer_;
};

/// Where hashes of a stored tree come from.
class HashSource {
public:
    virtual ~HashSource() = default;
    /// One hash per id, in order. Errc::not_found for a node that the source does not have,
    /// Errc::tampered for storage of an impossible shape. The hashes are *not* authenticated:
    /// verify what is built from them.
    [[nodiscard]] virtual Result<std::vector<crypto::Digest>> read(std::span<const NodeId> ids) = 0;
};

/// A tree whose leaf hashes are all in memory. Keeps a view: the span must outlive it.
class LeafSource final : public HashSource {
public:
    explicit LeafSource(std::span<const crypto::Digest> leaf_hashes) : leaf_hashes_(leaf_hashes) {}
    [[nodiscard]] Result<std::vector<crypto::Digest>> read(std::span<const NodeId> ids) override;

private:
    std::span<const crypto::Digest> leaf_hashes_;
    RangeHasher hasher_;
};

/// The complete subtrees that make up a tree of `size` leaves, largest first: what
/// Frontier::peaks() holds.
[[nodiscard]] std::vector<NodeId> peak_ids(std::uint64_t size);
/// The edge and the root of the tree as it was at `size`; the source may hold a longer one.
[[nodiscard]] Result<Frontier> frontier_at(std::uint64_t size, HashSource& source);
[[nodiscard]] Result<crypto::Digest> root_at(std::uint64_t size, HashSource& source);

/// Proof that leaf `index` is in the tree of the first `size` leaves. Errc::invalid unless index <
/// size.
[[nodiscard]] Result<Proof> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                            HashSource& source);
/// The same, in one pass over all leaf hashes of the tree.
[[nodiscard]] Result<Proof> prove_inclusion(std::uint64_t index,
                                            std::span<const crypto::Digest> leaf_hashes);
/// Proof that the tree of `newer_size` leaves begins with the tree of `older_size` leaves. Empty if
/// the sizes are equal or the older tree is empty; Errc::invalid if the older one is the larger.
[[nodiscard]] Result<Proof> prove_consistency(std::uint64_t older_size, std::uint64_t newer_size,
                                              HashSource& source);

/// RFC 9162, 2.1.3.2. Errc::tampered for anything but the one proof that fits, down to its length.
[[nodiscard]] Status verify_inclusion(const crypto::Digest& leaf_hash, std::uint64_t index,
                                      const TreeHead& head, std::span<const crypto::Digest> proof);
/// RFC 9162, 2.1.4.2, which leaves two cases open: equal sizes need equal roots and an empty proof;
/// and an older size of zero needs the root of the empty tree and an empty proof.
[[nodiscard]] Status verify_consistency(const TreeHead& older, const TreeHead& newer,
                                        std::span<const crypto::Digest> proof);

}  // namespace daicho::ledger::core
