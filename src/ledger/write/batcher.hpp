#pragma once
// From a group of chunks to batches: sequence numbers, commitments, leaf and body. Pure: no file,
// no clock.
#include <string>
#include <vector>

#include "crypto/secret.hpp"
#include "ledger/core/body.hpp"
#include "ledger/core/leaf.hpp"
#include "ledger/write/queue.hpp"
#include "ledger/write/wal_file.hpp"

namespace daicho::ledger::write {

/// One batch ready to be framed. Its runs view into the chunks it was made of.
struct NewBatch {
    core::BatchLeaf leaf;
    Bytes leaf_bytes;
    std::vector<core::BodyRun> runs;
    Bytes body_head;
    std::vector<ByteView> raw_parts;  // neighbouring events joined where they lie side by side
    std::vector<std::pair<Ticket, Receipt>> receipts;
};

struct BatchContext {
    std::uint64_t segment = 0;
    std::uint64_t next_seq = 0;
    crypto::Digest previous_batch;
    BootId boot_id{};
};

/// A proof of one event hashes its whole batch again: larger groups become several batches. One
/// chunk alone may be larger.
inline constexpr std::size_t batch_raw_bytes_max = std::size_t{1} << 20;

/// Splits by retention class and by the limits of a batch (sources, events, bytes), keeping the
/// order of chunks within a class.
[[nodiscard]] std::vector<std::vector<const PendingChunk*>> split_by_batch(
    const std::vector<PendingChunk>& chunks);

/// Makes one batch of chunks of one class; advances `context` (sequence number, digest of the batch
/// before). The leaf commits to the events under the salts of `data_key`.
[[nodiscard]] NewBatch make_batch(const std::vector<const PendingChunk*>& chunks,
                                  const crypto::Key32& data_key, BatchContext& context);

}  // namespace daicho::ledger::write
