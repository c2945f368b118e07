#pragma once
// Verifies a ledger directory, the data directory around it, or an export bundle, from its bytes
// alone (docs/verification.md). Reads only. Memory does not grow with the ledger, but for some 200
// bytes per segment file.
#include <functional>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "ledger/core/tlog/note.hpp"
#include "ledger/core/verify/report.hpp"

namespace daicho::ledger::core::verify {

struct Options {
    /// Also decrypt and hash every event again. Needs `keys_directory`.
    bool deep = false;
    std::string keys_directory;
    /// Compare the log key with this one.
    std::optional<VerifierKey> log_key;
    /// A checkpoint remembered from earlier (the whole note): the ledger must continue it.
    std::optional<std::string> since;
    std::size_t findings_max = 100;
    /// Asked between leaves; true stops with Errc::unavailable.
    std::function<bool()> cancelled;
};

/// Errc::not_found: there is no ledger at `path`; Errc::invalid: the options can't be followed (no
/// keys, `since` is no note); Errc::unavailable: cancelled. Everything else, unreadable files
/// included, is in the report. A ledger that is being written is read again when it changed
/// meanwhile.
[[nodiscard]] Result<Report> verify_ledger(Files& files, const std::string& path,
                                           const Options& options);

}  // namespace daicho::ledger::core::verify
