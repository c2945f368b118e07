#pragma once
// Write-once copies (003-01-4.5-9): sealed segments, tiles and checkpoint go to a target on another
// volume, are read back from it, and only then an EXPORT leaf says so. The bundle has the layout of
// DATA/ledger, so the verifier reads it as it is; no key is ever in it.
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "ledger/ledger.hpp"

namespace daicho::ledger::keep {

struct ExportTarget {
    std::string directory;
    /// A target on the volume of the data is no second medium. Allowed for trying out; the EXPORT
    /// leaf says it, and the control does not count it.
    bool allow_same_volume = false;
};

struct ExportReport {
    std::uint64_t leaf_index = 0;
    std::string bundle;              // directory below the target
    std::vector<std::string> files;  // segments new on this target
    std::uint64_t bytes = 0;
    std::uint64_t tree_size = 0;
    std::uint64_t already_there = 0;  // segments that were there, intact
    bool same_volume = false;
};

/// Copies what the target does not have; the bundle then has every segment that its newest
/// checkpoint covers. Seals what is open first when `seal_first`. Refusals:
/// Errc::invalid (same volume), Errc::conflict (the target holds another ledger), Errc::tampered
/// (what was read back differs; nothing is recorded. Or `export.segment_missing`: a sealed file is
/// gone; all else was exported and recorded, and the bundle's verification names it),
/// Errc::unavailable (cancelled; whole files
/// that were copied stay and are not copied again). Progress is in bytes. Throws IoFault.
[[nodiscard]] Result<ExportReport> export_segments(Ledger& ledger, const ExportTarget& target,
                                                   bool seal_first, Progress* progress);

}  // namespace daicho::ledger::keep
