#pragma once
// An event as evidence: the exact bytes received and an envelope, committed to by one hash.
//   commitment = SHA-256(0x00 || salt || envelope || raw)
// The leading 0x00 makes it the RFC 9162 leaf hash of (salt || envelope || raw). The salt is 32
// bytes of a key stream that dies with the segment's key: a neighbour's short line can't be guessed
// from its hash in a disclosed proof.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/digest.hpp"
#include "ledger/core/chunk.hpp"

namespace daicho::ledger::core {

inline constexpr std::size_t envelope_size = 44;
inline constexpr std::size_t salt_size = 32;
using Salt = std::array<std::uint8_t, salt_size>;

/// What the ledger knows about an event besides its bytes. `source` indexes the source table of the
/// batch's leaf.
struct Envelope {
    std::uint64_t seq = 0;
    WallNs wall_ns = 0;             // receive time
    std::int64_t monotonic_ns = 0;  // since the boot named in the batch's leaf
    std::uint16_t source = 0;
    Transport transport = Transport::internal;
    Framing framing = Framing::whole;
    std::uint16_t flags = 0;
    std::uint32_t raw_length = 0;
    std::uint64_t true_length = 0;  // as sent; larger than raw_length when cut
    bool operator==(const Envelope&) const = default;
};

/// The one form of an envelope (docs/formats/ledger.md, "Envelope").
[[nodiscard]] std::array<std::uint8_t, envelope_size> encode(const Envelope& envelope) noexcept;
/// Errc::invalid for any byte string that encode() would not give.
[[nodiscard]] Result<Envelope> decode_envelope(ByteView bytes);

[[nodiscard]] crypto::Digest event_commitment(const Salt& salt, const Envelope& envelope,
                                              ByteView raw);

/// The commitments of many events, hashed side by side (crypto::sha256_many). For one batch; not
/// synchronised.
class CommitmentLanes {
public:
    explicit CommitmentLanes(std::size_t count) : commitments_(count) {}
    CommitmentLanes(const CommitmentLanes&) = delete;  // what waits points into the object
    CommitmentLanes& operator=(const CommitmentLanes&) = delete;
    ~CommitmentLanes() = default;
    /// `position` < count; `salt` has salt_size bytes; `raw` must stay until flush().
    void add(std::size_t position, ByteView salt, const Envelope& envelope, ByteView raw);
    void flush();
    /// Flushes and gives all away.
    [[nodiscard]] std::vector<crypto::Digest> take() && {
        flush();
        return std::move(commitments_);
    }
    /// By position; complete after flush(). Zero where nothing was added.
    [[nodiscard]] std::span<const crypto::Digest> commitments() const noexcept {
        return commitments_;
    }

private:
    /// Enough to keep sixteen lanes busy, few enough to stay in the first-level cache.
    static constexpr std::size_t waiting_max = 128;
    using Head = std::array<std::uint8_t, 1 + salt_size + envelope_size>;
    std::vector<crypto::Digest> commitments_;
    std::array<Head, waiting_max> heads_;
    std::array<crypto::MessageParts, waiting_max> messages_;
    std::array<std::size_t, waiting_max> positions_{};
    std::array<crypto::Digest, waiting_max> digests_;
    std::size_t waiting_ = 0;
};

}  // namespace daicho::ledger::core
