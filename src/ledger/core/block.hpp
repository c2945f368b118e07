#pragma once
// The block codec: about 1 MiB of raw events in, a small byte string out, and every byte back again
// (docs/formats/block.md; the choice and its figures: docs/decisions/0045).
// A block carries no key and no digest: whoever stores it seals it, and whoever reads it checks
// every event against the commitments in the tree. A decoder therefore trusts nothing it reads.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "ledger/core/chunk.hpp"

namespace daicho::ledger::core {

/// Rows are numbered with 16 bits in the search index.
inline constexpr std::size_t block_events_max = 65536;
/// Where a writer should cut: large enough for the dictionaries to pay, small enough to fetch one
/// event.
inline constexpr std::size_t block_raw_bytes_target = std::size_t{1} << 20;
/// The target plus one event of event_size_max must fit; nothing larger is ever allocated by a
/// decoder.
inline constexpr std::size_t block_raw_bytes_max = std::size_t{32} << 20;
inline constexpr std::size_t block_sources_max = 4096;
/// zstd level of the textual parts; numbers do not go through zstd.
inline constexpr int block_level_default = 3;

/// One event as the ledger holds it. `raw` is a view: of the caller's memory when encoding, of the
/// Block when decoding.
struct BlockEvent {
    std::uint64_t seq = 0;
    WallNs wall_ns = 0;             // receive time
    std::int64_t monotonic_ns = 0;  // since boot
    std::uint16_t source = 0;       // index into the block's table of source ids
    Transport transport = Transport::internal;
    Framing framing = Framing::whole;
    std::uint16_t flags = 0;        // event_flag bits
    std::uint64_t true_length = 0;  // as sent; at least raw.size()
    ByteView raw;
};

struct BlockLimits {
    std::size_t events_max = block_events_max;
    std::size_t raw_bytes_max = block_raw_bytes_max;
};

/// Keeps its buffers and zstd contexts between blocks; the result depends on the arguments alone.
/// Not synchronised: one object per thread.
class BlockEncoder {
public:
    explicit BlockEncoder(int level = block_level_default);
    ~BlockEncoder();
    BlockEncoder(BlockEncoder&&) noexcept;
    BlockEncoder& operator=(BlockEncoder&&) noexcept;

    /// Errc::invalid unless 1 .. block_events_max events of strictly ascending seq, every source
    /// below sources.size(), every id at most source_id_size_max, and true_length >= raw.size().
    /// Errc::too_large over block_raw_bytes_max.
    [[nodiscard]] Result<Bytes> encode(std::span<const BlockEvent> events,
                                       std::span<const std::string> sources);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// One block with an encoder of its own.
[[nodiscard]] Result<Bytes> encode_block(std::span<const BlockEvent> events,
                                         std::span<const std::string> sources,
                                         int level = block_level_default);

/// Decoded events; owns all memory that event() points into. Immutable, so any number of threads
/// may read it.
class Block {
public:
    [[nodiscard]] const std::vector<std::string>& sources() const noexcept { return sources_; }
    [[nodiscard]] std::size_t size() const noexcept { return envelopes_.size(); }
    /// `index` < size().
    [[nodiscard]] BlockEvent event(std::size_t index) const noexcept;
    /// Binary search over the ascending sequence numbers.
    [[nodiscard]] std::optional<std::size_t> find(std::uint64_t seq) const noexcept;
    /// First index with a sequence number >= seq; size() when there is none.
    [[nodiscard]] std::size_t lower_bound(std::uint64_t seq) const noexcept;
    /// All raw bytes, one event after the other, without separators; offset(i) is where event i
    /// starts (offset(size()) is the end).
    [[nodiscard]] ByteView raw() const noexcept { return raw_; }
    [[nodiscard]] std::size_t offset(std::size_t index) const noexcept { return offsets_[index]; }
    /// Bytes held, for caches with a bound.
    [[nodiscard]] std::size_t memory_bytes() const noexcept;

private:
    friend class BlockDecoder;
    struct Envelope {
        std::uint64_t seq = 0;
        WallNs wall_ns = 0;
        std::int64_t monotonic_ns = 0;
        std::uint64_t extra_length = 0;  // true_length - raw.size()
        std::uint16_t source = 0;
        std::uint16_t flags = 0;
        Transport transport = Transport::internal;
        Framing framing = Framing::whole;
    };
    std::vector<std::string> sources_;
    std::vector<Envelope> envelopes_;
    std::vector<std::uint32_t> offsets_;  // size() + 1
    Bytes raw_;
};

/// Errc::tampered for bytes that no encoder wrote, Errc::too_large over a limit. Linear in its
/// input and in what it returns.
[[nodiscard]] Result<Block> decode_block(ByteView packed, const BlockLimits& limits = {});

/// The same, but only rows with `wanted[row] != 0` get their bytes; the others are there with an
/// empty `raw`. For a few rows of a block this takes less than half the time. Rows beyond the end
/// of `wanted` are not wanted.
[[nodiscard]] Result<Block> decode_rows(ByteView packed, std::span<const std::uint8_t> wanted,
                                        const BlockLimits& limits = {});

}  // namespace daicho::ledger::core
