#pragma once
// The last step before the ledger: events of one source become a ledger::Chunk with every flag set,
// and are counted.
#include "evidence/collect/extractor.hpp"
#include "evidence/collect/framing.hpp"
#include "evidence/collect/source_board.hpp"

namespace daicho::evidence::collect {

/// Who sends, as far as it is known.
struct SourceIdentity {
    std::string source;
    std::string retention_class = "log";
    ledger::Transport transport = ledger::Transport::tcp;
    bool authenticated = false;
    bool registered = false;
};

/// Every n-th event of a chunk is looked into for the coverage of a source.
inline constexpr std::size_t coverage_stride = 64;

/// One per thread.
class ChunkMaker {
public:
    /// A time in a message further from the receipt than this is flagged. Senders that queue while
    /// the network is down are late by nature, so this is about clocks, not delay.
    static constexpr std::int64_t skew_flag_ns = 10 * minute_ns;

    explicit ChunkMaker(const parse::ZoneRule& zone) : zone_(zone), extractor_(zone) {}

    /// `stats` is overwritten. The batch is consumed.
    [[nodiscard]] ledger::Chunk make(FrameBatch&& batch, const SourceIdentity& who, WallNs wall_ns,
                                     std::int64_t monotonic_ns, ChunkStats& stats);

private:
    void look_at(ledger::Chunk& chunk, ChunkStats& stats);

    parse::ZoneCache zone_;
    FieldExtractor extractor_;
    ledger::search::Fields fields_;
};

/// No byte over 0x7F.
[[nodiscard]] bool is_ascii(ByteView bytes) noexcept;

}  // namespace daicho::evidence::collect
