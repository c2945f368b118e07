#pragma once
// Recomputes what a BATCH leaf commits to from the events themselves, in whatever order they come:
// for sealing, for deep verification and for proofs.
#include <cstdint>
#include <string_view>
#include <vector>

#include "crypto/aead.hpp"
#include "ledger/core/block.hpp"
#include "ledger/core/event.hpp"
#include "ledger/core/leaf.hpp"
#include "ledger/core/tlog/merkle.hpp"

namespace daicho::ledger::core {

/// A value for one batch; not synchronised. `leaf` and `data_key` are copied from.
class BatchHasher {
public:
    BatchHasher(const BatchLeaf& leaf, const crypto::Key32& data_key);

    /// Errc::tampered for an event that can't belong to the batch, or comes twice.
    [[nodiscard]] Status add(const BlockEvent& event, std::string_view source);
    [[nodiscard]] bool complete() const noexcept { return added_ == leaf_.count; }
    /// Every event was there and their root is the leaf's.
    [[nodiscard]] Status finish() const;

    [[nodiscard]] const BatchLeaf& leaf() const noexcept { return leaf_; }
    /// By position; zero where an event has not come.
    [[nodiscard]] std::span<const crypto::Digest> commitments() const noexcept {
        return commitments_;
    }
    [[nodiscard]] Salt salt(std::uint32_t position) const noexcept;
    /// The envelope of an event of this batch. Errc::tampered if its source is not in the leaf.
    [[nodiscard]] Result<Envelope> envelope_of(const BlockEvent& event,
                                               std::string_view source) const;

private:
    BatchLeaf leaf_;
    Bytes salts_;
    std::vector<crypto::Digest> commitments_;
    std::vector<bool> seen_;
    std::uint32_t added_ = 0;
};

}  // namespace daicho::ledger::core
