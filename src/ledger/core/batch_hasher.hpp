#pragma once
// Recomputes what a BATCH leaf commits to from the events themselves, in whatever order they come:
// for sealing, for deep verification and for proofs.
#include <cstdint>
#include <string_view>
#include <vector>

#include "crypto/aead.hpp"
#include "ledger/core/block.hpp"
#include "ledger/core/body.hpp"
#include "ledger/core/event.hpp"
#include "ledger/core/leaf.hpp"
#include "ledger/core/tlog/merkle.hpp"

namespace daicho::ledger::core {

/// The commitments of all events of a batch, by position, from its body. `first_seq` is the leaf's.
[[nodiscard]] std::vector<crypto::Digest> commitments_of(const std::vector<BodyRun>& runs,
                                                         std::uint64_t first_seq,
                                                         const crypto::Key32& data_key);

/// For one batch; not synchronised. `leaf` and `data_key` are copied from.
class BatchHasher {
public:
    BatchHasher(const BatchLeaf& leaf, const crypto::Key32& data_key);

    /// Errc::tampered for an event that can't belong to the batch, or comes twice. The event's
    /// bytes must stay until flush() or finish().
    [[nodiscard]] Status add(const BlockEvent& event, std::string_view source);
    [[nodiscard]] bool complete() const noexcept { return added_ == leaf_.count; }
    /// Every event was there and their root is the leaf's.
    [[nodiscard]] Status finish();
    /// Hashes what has been added so far.
    void flush() { lanes_.flush(); }

    [[nodiscard]] const BatchLeaf& leaf() const noexcept { return leaf_; }
    /// By position, of what has been flushed; zero where an event has not come.
    [[nodiscard]] std::span<const crypto::Digest> commitments() const noexcept {
        return lanes_.commitments();
    }
    [[nodiscard]] Salt salt(std::uint32_t position) const noexcept;
    /// The envelope of an event of this batch. Errc::tampered if its source is not in the leaf.
    [[nodiscard]] Result<Envelope> envelope_of(const BlockEvent& event,
                                               std::string_view source) const;

private:
    BatchLeaf leaf_;
    Bytes salts_;
    CommitmentLanes lanes_;
    std::vector<bool> seen_;
    std::uint32_t added_ = 0;
    mutable std::size_t last_source_ = 0;  // events of one source come together
};

}  // namespace daicho::ledger::core
