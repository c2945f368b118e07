#pragma once
// C2SP tlog-proof: everything needed to check, offline, that an entry is in a log, in one text file
// (.tlog-proof).
//   c2sp.org/tlog-proof@v1 | extra BASE64, if any | index N | one proof hash per line | empty line
//   | checkpoint
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "ledger/core/tlog/checkpoint.hpp"
#include "ledger/core/tlog/merkle.hpp"

namespace daicho::ledger::core {

/// An event's envelope, salt and inner proof fit; the event's own bytes travel beside the proof.
inline constexpr std::size_t proof_extra_size_max = std::size_t{64} << 10;
inline constexpr std::size_t tlog_proof_size_max = note_size_max + 2 * proof_extra_size_max;

struct TlogProof {
    /// Not authenticated by anything: use it only as a means to recompute the leaf hash. Empty = no
    /// such line.
    Bytes extra;
    std::uint64_t index = 0;
    Proof path;
    std::string checkpoint;  // the signed note, byte for byte
    bool operator==(const TlogProof&) const = default;
};

/// Errc::invalid or Errc::too_large if parse_tlog_proof would refuse the outcome.
[[nodiscard]] Result<std::string> format_tlog_proof(const TlogProof& proof);
/// Strict: one proof has one form. The checkpoint must be a note, but nothing is verified.
[[nodiscard]] Result<TlogProof> parse_tlog_proof(std::string_view bytes);
/// Verifies the checkpoint's signatures (as open_checkpoint) and that `leaf_hash` is at the proof's
/// index in its tree.
[[nodiscard]] Result<OpenCheckpoint> verify_tlog_proof(const TlogProof& proof,
                                                       const crypto::Digest& leaf_hash,
                                                       std::string_view origin,
                                                       std::span<const VerifierKey> log_keys);

}  // namespace daicho::ledger::core
