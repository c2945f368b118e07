#pragma once
// A single .tlog-proof file of an event (core/event_proof.hpp), as a report.
#include <optional>
#include <string_view>

#include "ledger/core/tlog/note.hpp"
#include "ledger/core/verify/report.hpp"

namespace daicho::ledger::core::verify {

/// `raw`: the event's bytes from beside the proof; needed where the proof has none.
[[nodiscard]] Report verify_proof_file(std::string_view file, std::optional<ByteView> raw,
                                       const std::optional<VerifierKey>& log_key);

}  // namespace daicho::ledger::core::verify
