#pragma once
// Verifies an evidence pack (docs/formats/pack.md): every byte of the file is under the manifest,
// the manifest under an event of the ledger, everything under one log key.
#include <optional>

#include "base/files.hpp"
#include "ledger/core/tlog/note.hpp"
#include "ledger/core/verify/report.hpp"

namespace daicho::ledger::core::verify {

/// One member is in memory at a time. Throws IoFault.
[[nodiscard]] Report verify_pack(const File& file, const std::optional<VerifierKey>& log_key,
                                 std::size_t findings_max = 100);

}  // namespace daicho::ledger::core::verify
