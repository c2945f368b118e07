#pragma once
// How events get into the ledger. Collectors, importers and the outbox pump see this and nothing
// else of the writer.
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "ledger/core/chunk.hpp"

namespace daicho::ledger {

/// Sequence numbers given to a chunk: first .. first + count - 1, without a hole.
struct Receipt {
    std::uint64_t first_seq = 0;
    std::uint32_t count = 0;
};
using Ticket = std::uint64_t;

/// Thread-safe.
class Intake {
public:
    virtual ~Intake() = default;
    /// Queues the chunk. Errc::unavailable: queue or disk is at its low water; nothing was taken,
    /// the chunk is unchanged and may be submitted again. Errc::invalid: the chunk breaks a rule
    /// above.
    [[nodiscard]] virtual Result<Ticket> submit(Chunk& chunk) = 0;
    /// Blocks until everything up to `ticket` is on the medium. Errc::unavailable once the writer
    /// has stopped on an I/O error: then it is unknown whether the chunk survives, and the sender
    /// must not be told it does.
    [[nodiscard]] virtual Result<Receipt> wait_durable(Ticket ticket) = 0;
    /// Declares events that were lost before they could be taken (a GAP leaf). `reason` is a fixed
    /// word such as `udp_queue_full`.
    virtual Status declare_gap(const std::string& source, const std::string& reason,
                               std::uint64_t events, std::uint64_t bytes) = 0;
};

}  // namespace daicho::ledger
