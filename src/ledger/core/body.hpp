#pragma once
// The events of one batch as they lie (encrypted) in a WAL frame: runs of one source and receive
// time, then the raw bytes back to back. Envelopes are not stored: they follow from the leaf and
// the runs.
#include <functional>
#include <vector>

#include "ledger/core/block.hpp"
#include "ledger/core/event.hpp"
#include "ledger/core/leaf.hpp"

namespace daicho::ledger::core {

struct BodyItem {
    std::uint32_t length = 0;
    std::uint16_t flags = 0;
    std::uint64_t true_length = 0;
};

/// Events of one source that were received at one moment.
struct BodyRun {
    std::uint16_t source = 0;  // index into BatchLeaf::sources
    Transport transport = Transport::internal;
    Framing framing = Framing::whole;
    WallNs wall_ns = 0;
    std::int64_t monotonic_ns = 0;
    std::vector<BodyItem> items;
    std::vector<ByteView> raw;  // one view per item; not owned
};

/// The part before the raw bytes; the raw bytes of all runs follow in order.
[[nodiscard]] Bytes encode_body_head(const std::vector<BodyRun>& runs);

/// The runs with `raw` viewing into `body`. Errc::tampered unless the body is exactly what `leaf`
/// speaks of.
[[nodiscard]] Result<std::vector<BodyRun>> decode_body(ByteView body, const BatchLeaf& leaf);

/// The same event as blocks hold it; `raw` stays the caller's.
[[nodiscard]] BlockEvent block_event_of(const Envelope& envelope, ByteView raw) noexcept;

/// Calls `each` for every event in order of sequence number.
void for_each_event(const std::vector<BodyRun>& runs, std::uint64_t first_seq,
                    const std::function<void(const Envelope&, ByteView)>& each);

}  // namespace daicho::ledger::core
