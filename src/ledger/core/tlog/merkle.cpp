#include "ledger/core/tlog/merkle.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/fault.hpp"

namespace daicho::ledger::core {
namespace {

using crypto::Digest;
using crypto::hash_node;

/// The leaves [begin, end) where `begin` is a multiple of the smallest power of two that is not
/// below the length: the only kind of range that the two proof definitions speak of.
struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// RFC 9162's k: the largest power of two smaller than `length` (length >= 2).
std::uint64_t split_of(std::uint64_t length) noexcept {
    return std::bit_floor(length - 1);
}

/// The complete subtrees of a range, largest first. Their roots, folded from the right, make the
/// root of the range.
void append_nodes(const Range& range, std::vector<NodeId>& out) {
    std::uint64_t begin = range.begin;
    while (begin < range.end) {
        const std::uint64_t length = std::bit_floor(range.end - begin);
        const auto level = static_cast<unsigned>(std::countr_zero(length));
        out.push_back({level, begin >> level});
        begin += length;
    }
}

Digest fold_right(std::span<const Digest> hashes) {
    Digest root = hashes.back();
    for (std::size_t i = hashes.size() - 1; i-- > 0;) root = hash_node(hashes[i], root);
    return root;
}

/// One level up, in place: pairs become their parent, an odd last node rises as it is. That is the
/// tree of RFC 9162, which splits at the largest power of two, seen from below.
std::size_t fold_level(std::span<Digest> nodes) {
    const std::size_t pairs = nodes.size() / 2;
    crypto::hash_nodes(nodes.first(2 * pairs), nodes.first(pairs));
    if (nodes.size() % 2 == 1) nodes[pairs] = nodes.back();
    return pairs + nodes.size() % 2;
}

/// The hashes of each range, read in one go so that a source can batch its reads.
Result<Proof> read_ranges(std::span<const Range> ranges, HashSource& source) {
    std::vector<NodeId> ids;
    std::vector<std::size_t> ends;
    for (const Range& range : ranges) {
        append_nodes(range, ids);
        ends.push_back(ids.size());
    }
    const auto hashes = source.read(ids);
    if (!hashes) return fail(hashes.error());
    check(hashes->size() == ids.size(), "a hash source gives one hash per id");
    Proof proof;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
        proof.push_back(fold_right(std::span(*hashes).subspan(begin, end - begin)));
        begin = end;
    }
    return proof;
}

Status does_not_fit() {
    return fail(Errc::tampered, "the proof does not fit the root");
}

}  // namespace

Result<Frontier> Frontier::restore(std::uint64_t size, std::vector<Digest> peaks) {
    if (size > tree_size_max) return fail(Errc::tampered, "the stored tree is impossibly large");
    if (std::cmp_not_equal(peaks.size(), std::popcount(size))) {
        return fail(Errc::tampered, "the stored peaks do not fit the stored size");
    }
    Frontier frontier;
    frontier.size_ = size;
    frontier.peaks_ = std::move(peaks);
    return frontier;
}

void Frontier::push(const Digest& leaf_hash) {
    // Counting in binary: every trailing one-bit of the size is a carry that joins two peaks.
    Digest carry = leaf_hash;
    for (std::uint64_t bits = size_; bits % 2 == 1; bits /= 2) {
        carry = hash_node(peaks_.back(), carry);
        peaks_.pop_back();
    }
    peaks_.push_back(carry);
    ++size_;
}

Result<std::uint64_t> Frontier::append(const Digest& leaf_hash) {
    return append_many(std::span(&leaf_hash, 1));
}

Result<std::uint64_t> Frontier::append_many(std::span<const Digest> leaf_hashes) {
    if (leaf_hashes.size() > tree_size_max - size_) {
        return fail(Errc::too_large, "the tree is full");
    }
    const std::uint64_t first = size_;
    for (const Digest& leaf_hash : leaf_hashes) push(leaf_hash);
    return first;
}

Digest Frontier::root() const {
    return peaks_.empty() ? crypto::hash_empty() : fold_right(peaks_);
}

Digest root_in_place(std::span<Digest> hashes) {
    if (hashes.empty()) return crypto::hash_empty();
    std::size_t width = hashes.size();
    while (width > 1) width = fold_level(hashes.first(width));
    return hashes.front();
}

Digest RangeHasher::root(std::span<const Digest> leaf_hashes) {
    buffer_.assign(leaf_hashes.begin(), leaf_hashes.end());
    return root_in_place(buffer_);
}

Result<std::vector<Digest>> LeafSource::read(std::span<const NodeId> ids) {
    std::vector<Digest> out;
    out.reserve(ids.size());
    for (const auto& [level, index] : ids) {
        const std::uint64_t size = leaf_hashes_.size();
        if (level >= 64 || index >= size >> level) {
            return fail(Errc::not_found, "no such complete subtree");
        }
        const std::size_t width = std::size_t{1} << level;
        out.push_back(hasher_.root(leaf_hashes_.subspan(index << level, width)));
    }
    return out;
}

std::vector<NodeId> peak_ids(std::uint64_t size) {
    std::vector<NodeId> ids;
    append_nodes({0, size}, ids);
    return ids;
}

Result<Frontier> frontier_at(std::uint64_t size, HashSource& source) {
    if (size > tree_size_max) return fail(Errc::invalid, "no tree is that large");
    auto peaks = source.read(peak_ids(size));
    if (!peaks) return fail(peaks.error());
    return Frontier::restore(size, std::move(*peaks));
}

Result<Digest> root_at(std::uint64_t size, HashSource& source) {
    const auto frontier = frontier_at(size, source);
    if (!frontier) return fail(frontier.error());
    return frontier->root();
}

Result<Proof> prove_inclusion(std::uint64_t index, std::uint64_t size, HashSource& source) {
    if (size > tree_size_max) return fail(Errc::invalid, "no tree is that large");
    if (index >= size) return fail(Errc::invalid, "the leaf is not in the tree");
    // PATH of RFC 9162, 2.1.3.1, walked from the root down: at each split the other side is one
    // step of the proof.
    std::vector<Range> others;
    Range here{0, size};
    while (here.end - here.begin > 1) {
        const std::uint64_t middle = here.begin + split_of(here.end - here.begin);
        if (index < middle) {
            others.push_back({middle, here.end});
            here.end = middle;
        } else {
            others.push_back({here.begin, middle});
            here.begin = middle;
        }
    }
    std::ranges::reverse(others);
    return read_ranges(others, source);
}

Result<Proof> prove_inclusion(std::uint64_t index, std::span<const Digest> leaf_hashes) {
    if (index >= leaf_hashes.size()) return fail(Errc::invalid, "the leaf is not in the tree");
    std::vector<Digest> nodes(leaf_hashes.begin(), leaf_hashes.end());
    Proof proof;
    std::size_t width = nodes.size();
    for (std::size_t at = index; width > 1; at /= 2) {
        const std::size_t sibling = at ^ 1;
        if (sibling < width) proof.push_back(nodes[sibling]);  // else it rises without a partner
        width = fold_level(std::span(nodes).first(width));
    }
    return proof;
}

Result<Proof> prove_consistency(std::uint64_t older_size, std::uint64_t newer_size,
                                HashSource& source) {
    if (newer_size > tree_size_max) return fail(Errc::invalid, "no tree is that large");
    if (older_size > newer_size) return fail(Errc::invalid, "the older tree is the larger");
    if (older_size == 0 || older_size == newer_size) return Proof{};
    // SUBPROOF of RFC 9162, 2.1.4.1, from the root down; `known` is its b: the verifier holds the
    // older root.
    std::vector<Range> parts;
    Range here{0, newer_size};
    bool known = true;
    while (here.end != older_size) {
        const std::uint64_t middle = here.begin + split_of(here.end - here.begin);
        if (older_size <= middle) {
            parts.push_back({middle, here.end});
            here.end = middle;
        } else {
            parts.push_back({here.begin, middle});
            here.begin = middle;
            known = false;
        }
    }
    if (!known) parts.push_back(here);
    std::ranges::reverse(parts);
    return read_ranges(parts, source);
}

Status verify_inclusion(const Digest& leaf_hash, std::uint64_t index, const TreeHead& head,
                        std::span<const Digest> proof) {
    if (head.size > tree_size_max || index >= head.size) {
        return fail(Errc::tampered, "the leaf can't be in the tree");
    }
    std::uint64_t fn = index;
    std::uint64_t sn = head.size - 1;
    Digest root = leaf_hash;
    for (const Digest& step : proof) {
        if (sn == 0) return does_not_fit();
        if (fn % 2 == 1 || fn == sn) {
            root = hash_node(step, root);
            while (fn % 2 == 0 && fn != 0) {
                fn /= 2;
                sn /= 2;
            }
        } else {
            root = hash_node(root, step);
        }
        fn /= 2;
        sn /= 2;
    }
    if (sn != 0 || root != head.root) return does_not_fit();
    return {};
}

Status verify_consistency(const TreeHead& older, const TreeHead& newer,
                          std::span<const Digest> proof) {
    if (newer.size > tree_size_max || older.size > newer.size) {
        return fail(Errc::tampered, "the older tree is the larger");
    }
    if (older.size == newer.size || older.size == 0) {
        const bool fits = older.size == 0 ? older.root == crypto::hash_empty() : older == newer;
        const bool both_empty_differ = newer.size == 0 && newer.root != older.root;
        if (!proof.empty() || !fits || both_empty_differ) return does_not_fit();
        return {};
    }
    if (proof.empty()) return does_not_fit();
    // Step 2: a complete older tree is a node of the newer one, so its root is left out of the
    // proof.
    const bool complete = std::has_single_bit(older.size);
    const Digest start = complete ? older.root : proof.front();
    std::uint64_t fn = older.size - 1;
    std::uint64_t sn = newer.size - 1;
    for (; fn % 2 == 1; fn /= 2) sn /= 2;
    Digest older_root = start;
    Digest newer_root = start;
    for (const Digest& step : proof.subspan(complete ? 0 : 1)) {
        if (sn == 0) return does_not_fit();
        if (fn % 2 == 1 || fn == sn) {
            older_root = hash_node(step, older_root);
            newer_root = hash_node(step, newer_root);
            while (fn % 2 == 0 && fn != 0) {
                fn /= 2;
                sn /= 2;
            }
        } else {
            newer_root = hash_node(newer_root, step);
        }
        fn /= 2;
        sn /= 2;
    }
    if (sn != 0 || older_root != older.root || newer_root != newer.root) return does_not_fit();
    return {};
}

}  // namespace daicho::ledger::core
