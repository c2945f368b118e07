#pragma once
// The leaves in their order: batches that follow each other without a hole, day keys that hand over
// to each other, and everything that the other types say of what went before.
#include <map>
#include <optional>
#include <set>
#include <string>

#include "ledger/core/origin.hpp"
#include "ledger/core/tlog/merkle.hpp"
#include "ledger/core/verify/segment_audit.hpp"

namespace daicho::ledger::core::verify {

/// Not thread-safe.
class Chain {
public:
    Chain(const Origin& origin, SegmentAudit& segments, Collector& out)
        : origin_(origin), segments_(segments), out_(out) {}

    /// The leaf `before.size()`, in a tree that was `before` until it came. `in_wal`: its events
    /// were found, intact, in the write-ahead log. `is_signed`: the checkpoint covers it.
    void leaf(const Frontier& before, ByteView entry, bool in_wal, bool is_signed);
    /// Nothing more comes: totals of what was only counted.
    void finish();

    [[nodiscard]] std::uint64_t next_seq() const noexcept { return next_seq_; }
    [[nodiscard]] std::uint64_t segment() const noexcept { return segment_; }
    [[nodiscard]] const crypto::Digest& previous_batch() const noexcept { return previous_; }
    /// Who signs for the tree so far; nullopt before the first KEYROT leaf.
    [[nodiscard]] const std::optional<VerifierKey>& key() const noexcept { return key_; }
    [[nodiscard]] const std::string& day() const noexcept { return day_; }
    /// By target: the sizes of the trees whose export is recorded.
    using Exports = std::map<std::string, std::set<std::uint64_t>>;
    [[nodiscard]] const Exports& exports() const noexcept { return exports_; }

private:
    void batch(std::uint64_t index, ByteView entry, bool in_wal, bool is_signed);
    void notice(const Frontier& before, ByteView entry);
    void rotation(const Frontier& before, const NoticeLeaf& leaf);
    void check_handover(const Frontier& before, const KeyRotation& rotation);
    void seen_at(WallNs from, WallNs to);

    const Origin& origin_;
    SegmentAudit& segments_;
    Collector& out_;
    std::uint64_t next_seq_ = 0;
    std::uint64_t segment_ = 0;
    crypto::Digest previous_;
    std::optional<VerifierKey> key_;
    std::string day_;
    WallNs last_ns_ = 0;
    std::uint64_t clock_steps_ = 0;
    std::uint64_t gap_events_ = 0;
    std::uint64_t gaps_ = 0;
    Exports exports_;
};

}  // namespace daicho::ledger::core::verify
