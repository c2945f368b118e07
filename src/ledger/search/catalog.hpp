#pragma once
// What the search engine needs from whoever keeps segments: declared here by the consumer,
// implemented by the ledger.
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "ledger/core/block.hpp"
#include "ledger/search/index.hpp"

namespace daicho::ledger::search {

struct SegmentInfo {
    std::uint64_t id = 0;
    std::uint64_t first_seq = 0;  // smallest and largest sequence number inside
    std::uint64_t last_seq = 0;
    WallNs wall_first_ns = 0;  // smallest and largest receive time inside
    WallNs wall_last_ns = 0;
    std::uint32_t blocks = 0;
};

/// Of a refusal (Errc::tampered): the segment should be there, and is not.
inline constexpr const char* segment_missing_key = "ledger.segment_missing";

/// A refusal that leaves one segment out of an answer, which goes on: its key is destroyed, or it
/// is missing. Whoever keeps the segments knows which.
[[nodiscard]] inline bool leaves_segment_out(const Error& error) {
    return error.code == Errc::expired || error.text_key == segment_missing_key;
}

/// Thread-safe: a Searcher may be used by several threads.
class Catalog {
public:
    virtual ~Catalog() = default;
    /// Sealed segments in any order. Sequence ranges may overlap (retention classes are sealed
    /// apart).
    [[nodiscard]] virtual std::vector<SegmentInfo> segments() const = 0;
    /// Plain bytes of one index section. Errc::not_found: no index yet, the blocks will be scanned.
    /// leaves_segment_out(): the segment is left out, and counted if its key was destroyed.
    [[nodiscard]] virtual Result<Bytes> index_section(std::uint64_t segment,
                                                      Section section) const = 0;
    /// leaves_segment_out() as above.
    [[nodiscard]] virtual Result<std::shared_ptr<const core::Block>> block(
        std::uint64_t segment, std::uint32_t number) const = 0;
    /// The same block, in which only rows with wanted[row] != 0 need their bytes
    /// (core::decode_rows). A catalogue that does not override it gives more than was asked for.
    [[nodiscard]] virtual Result<std::shared_ptr<const core::Block>> rows(
        std::uint64_t segment, std::uint32_t number, std::span<const std::uint8_t> wanted) const {
        static_cast<void>(wanted);
        return block(segment, number);
    }
    /// Calls `visit` with every durable event that lies in no sealed segment, in ascending seq,
    /// with its source id. `visit` answers false to stop. Views are valid during the call only.
    using Visit = std::function<bool(const core::BlockEvent&, const std::string& source)>;
    [[nodiscard]] virtual Status tail(const Visit& visit) const = 0;
};

}  // namespace daicho::ledger::search
