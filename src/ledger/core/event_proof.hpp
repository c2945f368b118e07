#pragma once
// One event, disclosed and proven: a C2SP tlog-proof whose extra data holds what leads from the
// event's bytes to the leaf.
//   raw + envelope + salt -> commitment -> (inner path) -> event root in the BATCH leaf -> (outer
//   path) -> checkpoint
//   -> day key -> its certificate -> log key in the origin note
// Every byte of the file is under one of these steps: none can be changed without one failing.
// Nothing of the neighbouring events is in it but hashes under salts of their own.
#include <optional>
#include <string>
#include <string_view>

#include "ledger/core/event.hpp"
#include "ledger/core/leaf.hpp"
#include "ledger/core/origin.hpp"
#include "ledger/core/tlog/merkle.hpp"
#include "ledger/core/tlog/tlog_proof.hpp"

namespace daicho::ledger::core {

/// Longer events are not put into the proof; their bytes must be given beside it.
inline constexpr std::size_t embedded_raw_max = std::size_t{32} << 10;

struct EventProof {
    std::string origin_note;
    DayCertificate certificate;  // of the key that signed the checkpoint, from its KEYROT leaf
    Bytes batch_leaf;
    Envelope envelope;
    Salt salt{};
    Proof inner;
    std::optional<Bytes> raw;  // absent: over embedded_raw_max
    std::uint64_t leaf_index = 0;
    Proof outer;
    std::string checkpoint;  // signed note
    bool operator==(const EventProof&) const = default;
};

/// The `.tlog-proof` file. Errc::too_large when the parts do not fit.
[[nodiscard]] Result<std::string> format_event_proof(const EventProof& proof);
/// Strict, nothing verified.
[[nodiscard]] Result<EventProof> parse_event_proof(std::string_view file);

/// What a proof proves when it verifies.
struct ProvenEvent {
    Origin origin;
    std::string signing_day;
    TreeHead head;
    BatchLeaf leaf;
    Envelope envelope;
    std::string source;
    Bytes raw;
};

/// Every step. `raw` is needed where the proof has none and must be equal where it has. The log key
/// is the one the proof's own origin note names: whoever checks must compare it with the key they
/// know (`trusted_log_key`, if given, is compared here). Errc::tampered with the step that fails.
[[nodiscard]] Result<ProvenEvent> verify_event_proof(
    const EventProof& proof, std::optional<ByteView> raw,
    const std::optional<VerifierKey>& trusted_log_key);

}  // namespace daicho::ledger::core
