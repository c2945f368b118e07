#pragma once
// Checking a sealed segment: without keys, that every stored byte is the one its footer commits to;
// with the data key, that the events inside are exactly those of the BATCH leaves.
#include <functional>
#include <span>

#include "crypto/aead.hpp"
#include "ledger/core/batch_hasher.hpp"
#include "ledger/core/block.hpp"
#include "ledger/core/segment.hpp"

namespace daicho::ledger::core {

/// What a check was about when it failed: the verifier names the place.
struct SegmentFinding {
    std::uint32_t block = 0;
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
    std::string reason;
};

/// Every block's stored bytes against the footer. Adds a finding per bad block; `bytes` counts what
/// was hashed.
void check_block_digests(const SegmentDirectory& directory, const ReadAt& read,
                         std::vector<SegmentFinding>& findings, std::uint64_t& bytes);

/// Decrypts block `index`, still packed. Errc::tampered with the reason.
[[nodiscard]] Result<Bytes> decrypt_block(const SegmentDirectory& directory, std::uint32_t index,
                                          ByteView stored, crypto::Aead& aead);
/// Decrypts and unpacks block `index`. Errc::tampered with the reason.
[[nodiscard]] Result<Block> open_block(const SegmentDirectory& directory, std::uint32_t index,
                                       ByteView stored, crypto::Aead& aead);

/// Every event of every batch: `leaves` are the BATCH leaves that footer.batches name, in their
/// order. `finding` names the place when it fails.
[[nodiscard]] Status check_events(const SegmentDirectory& directory, const ReadAt& read,
                                  const crypto::Key32& data_key, std::span<const BatchLeaf> leaves,
                                  SegmentFinding& finding);

}  // namespace daicho::ledger::core
