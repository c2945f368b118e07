#pragma once
// Walks over the matches of a query in order of sequence number, although blocks and segments may
// overlap, and decodes no block before it is its turn.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ledger/search/scan.hpp"
#include "ledger/search/searcher.hpp"

namespace daicho::ledger::search {

/// An event of the unsealed tail; owns what it shows.
struct TailEvent {
    core::BlockEvent event;
    std::string source;
    Bytes raw;
};

/// What can be searched at one moment: no event missing or twice because a segment was sealed
/// meanwhile. `visit` and `restart` as in Catalog::tail; after restart() all is told again.
[[nodiscard]] Result<std::vector<SegmentInfo>> take_snapshot(const Catalog& catalog,
                                                             const std::function<void()>& restart,
                                                             const Catalog::Visit& visit);

/// Errc::unavailable once somebody asked to stop.
[[nodiscard]] Status step(Progress* progress, std::uint64_t blocks_total,
                          std::uint64_t blocks_done);

class Sweep {
public:
    Sweep(Probe& probe, Store& store, Progress* progress)
        : probe_(probe), store_(store), progress_(progress) {}
    /// `deliver` answers false to stop. The event's bytes are valid during the call.
    [[nodiscard]] Status run(const Catalog::Visit& deliver, std::size_t wanted_max);
    /// False when run() was stopped by `deliver` while there may be more.
    [[nodiscard]] bool is_exhausted() const noexcept { return exhausted_; }
    [[nodiscard]] std::uint32_t segments_expired() const noexcept { return expired_; }

private:
    /// Something still to be looked into: a whole segment, or one block of an opened one.
    struct Item {
        std::uint64_t key = 0;  // the largest (or smallest) number that may come out of it
        std::uint32_t segment = 0;
        std::uint32_t block = whole;
        static constexpr std::uint32_t whole = 0xffffffff;
    };
    struct Found {
        std::uint64_t seq = 0;
        std::shared_ptr<const core::Block> block;  // or
        std::shared_ptr<const TailEvent> tail;     // exactly one of the two
        std::size_t row = 0;
    };
    [[nodiscard]] bool before(std::uint64_t a, std::uint64_t b) const noexcept {
        return newest_first_ ? a > b : a < b;
    }
    [[nodiscard]] std::uint64_t key_of(
        std::pair<std::uint64_t, std::uint64_t> bounds) const noexcept {
        return newest_first_ ? bounds.second : bounds.first;
    }
    [[nodiscard]] Status start(std::size_t wanted_max);
    void push(Item item);
    [[nodiscard]] Item pop();
    void keep(Found found);
    [[nodiscard]] Status open_segment(std::uint32_t segment);
    [[nodiscard]] Status look_into(const Item& item);
    [[nodiscard]] Status collect(SegmentScan& scan, std::uint32_t number);
    /// Hands over what nothing still to come can precede; false when `deliver` had enough.
    [[nodiscard]] bool flush(const Catalog::Visit& deliver);

    Probe& probe_;
    Store& store_;
    Progress* progress_;
    bool newest_first_ = true;
    std::vector<SegmentInfo> segments_;
    std::vector<std::unique_ptr<SegmentScan>> scans_;
    std::vector<std::uint32_t>
        blocks_open_;           // by segment, so that a scan goes when its last block is done
    std::vector<Item> items_;   // heap
    std::vector<Found> found_;  // heap
    std::vector<Verdict> rows_;
    std::uint64_t blocks_total_ = 0;
    std::uint64_t blocks_done_ = 0;
    std::uint32_t expired_ = 0;
    bool exhausted_ = false;
};

}  // namespace daicho::ledger::search
