#pragma once
// Makes an evidence pack (docs/formats/pack.md): chosen events and leaves with their proofs, the
// status they support, and a manifest that the ledger itself records before the pack is complete.
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "ledger/ledger.hpp"

namespace daicho::ledger::keep {

/// What goes in. The caller has recorded the reading of the disclosed events (READ leaf).
struct PackRequest {
    std::string organisation;
    std::string software;  // "daicho 0.1.0"
    std::vector<std::string> clauses;
    std::string from;  // days, both included
    std::string to;
    WallNs as_of_ns = 0;
    /// An object with `clauses`: each `id`, `status`, `evidence` (`{"seq": N}` or `{"leaf": N}`);
    /// other members are kept as they are.
    nlohmann::json status;
    std::vector<std::uint64_t> seqs;    // events to disclose; order and repetition do not matter
    std::vector<std::uint64_t> leaves;  // leaf indexes to include
};

struct PackReceipt {
    std::uint64_t seq = 0;  // of the event that records the manifest
    crypto::Digest manifest;
    std::uint64_t bytes = 0;
};

/// Called with the pack's bytes in order; may throw.
using PackSink = std::function<void(ByteView)>;

/// Streams the pack: memory holds one event and the list of members. On any refusal what the sink
/// has is no pack. Errc::invalid: a malformed request; Errc::not_found, Errc::expired: an event
/// that can't be disclosed; Errc::too_large; Errc::unavailable: cancelled, or the ledger has
/// stopped.
[[nodiscard]] Result<PackReceipt> build_pack(Ledger& ledger, const Clock& clock,
                                             const PackRequest& request, const PackSink& sink,
                                             Progress* progress);

}  // namespace daicho::ledger::keep
