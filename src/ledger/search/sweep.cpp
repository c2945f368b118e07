#include "ledger/search/sweep.hpp"

#include <algorithm>
#include <deque>

namespace daicho::ledger::search {
namespace {

/// Sealing takes seconds, a pass over the tail less: more than a few changes in a row don't happen.
constexpr unsigned snapshot_attempts_max = 16;

bool same_segments(const std::vector<SegmentInfo>& a, const std::vector<SegmentInfo>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const SegmentInfo& x, const SegmentInfo& y) { return x.id == y.id; });
}

}  // namespace

Result<std::vector<SegmentInfo>> take_snapshot(const Catalog& catalog,
                                               const std::function<void()>& restart,
                                               const Catalog::Visit& visit) {
    std::vector<SegmentInfo> before = catalog.segments();
    for (unsigned attempt = 0; attempt < snapshot_attempts_max; ++attempt) {
        restart();
        const Status told = catalog.tail(visit);
        if (!told) return tl::unexpected(told.error());
        std::vector<SegmentInfo> after = catalog.segments();
        if (same_segments(before, after)) return after;
        before = std::move(after);
    }
    return fail(Errc::unavailable, "segments change too fast to be searched");
}

Status step(Progress* progress, std::uint64_t blocks_total, std::uint64_t blocks_done) {
    if (progress == nullptr) return {};
    progress->total.store(blocks_total, std::memory_order_relaxed);
    progress->done.store(blocks_done, std::memory_order_relaxed);
    if (progress->cancel.load(std::memory_order_relaxed)) {
        return fail(Errc::unavailable, "the search was cancelled");
    }
    return {};
}

Status Sweep::run(const Catalog::Visit& deliver, std::size_t wanted_max) {
    newest_first_ = probe_.query().newest_first;
    const Status started = start(wanted_max);
    if (!started) return started;
    const Status may_go = step(progress_, blocks_total_, blocks_done_);
    if (!may_go) return may_go;
    while (!items_.empty()) {
        if (!flush(deliver)) return {};
        if (items_.empty()) break;
        const Item item = pop();
        const Status done =
            item.block == Item::whole ? open_segment(item.segment) : look_into(item);
        // Destroyed keys are a lawful answer; of what is missing the keeper of segments tells.
        if (!done && !leaves_segment_out(done.error())) return done;
        if (!done && done.error().code == Errc::expired) ++expired_;
        const Status stepped = step(progress_, blocks_total_, blocks_done_);
        if (!stepped) return stepped;
    }
    exhausted_ = flush(deliver);
    return {};
}

Status Sweep::start(std::size_t wanted_max) {
    std::deque<std::shared_ptr<const TailEvent>> tail;
    const auto visit = [&](const core::BlockEvent& event, const std::string& source) {
        if (!probe_.matches(event, source)) return true;
        auto copy = std::make_shared<TailEvent>();
        copy->event = event;
        copy->source = source;
        copy->raw.assign(event.raw.begin(), event.raw.end());
        copy->event.raw = copy->raw;
        tail.push_back(std::move(copy));
        // The tail comes in ascending order: only its far end is wanted.
        if (newest_first_ && tail.size() > wanted_max) tail.pop_front();
        return newest_first_ || tail.size() < wanted_max;
    };
    auto segments = take_snapshot(
        store_.catalog(), [&] { tail.clear(); }, visit);
    if (!segments) return tl::unexpected(segments.error());
    segments_ = std::move(*segments);
    scans_.resize(segments_.size());
    blocks_open_.assign(segments_.size(), 0);
    for (auto& event : tail) keep({event->event.seq, nullptr, event, 0});
    for (std::uint32_t i = 0; i < segments_.size(); ++i) {
        blocks_total_ += segments_[i].blocks;
        push({key_of({segments_[i].first_seq, segments_[i].last_seq}), i, Item::whole});
    }
    return {};
}

void Sweep::push(Item item) {
    items_.push_back(item);
    std::push_heap(items_.begin(), items_.end(),
                   [this](const Item& a, const Item& b) { return before(b.key, a.key); });
}

Sweep::Item Sweep::pop() {
    std::pop_heap(items_.begin(), items_.end(),
                  [this](const Item& a, const Item& b) { return before(b.key, a.key); });
    const Item item = items_.back();
    items_.pop_back();
    return item;
}

void Sweep::keep(Found found) {
    found_.push_back(std::move(found));
    std::push_heap(found_.begin(), found_.end(),
                   [this](const Found& a, const Found& b) { return before(b.seq, a.seq); });
}

Status Sweep::open_segment(std::uint32_t segment) {
    auto scan = SegmentScan::open(probe_, store_, segments_[segment]);
    if (!scan) {
        blocks_done_ += segments_[segment].blocks;
        return tl::unexpected(scan.error());
    }
    if (scan->is_empty()) {
        blocks_done_ += segments_[segment].blocks;
        return {};
    }
    auto held = std::make_unique<SegmentScan>(std::move(*scan));
    for (std::uint32_t number = 0; number < held->block_count(); ++number) {
        const Result<bool> may = held->may_match(number);
        if (!may) return tl::unexpected(may.error());
        if (!*may) {
            ++blocks_done_;
            continue;
        }
        push({key_of(held->bounds(number)), segment, number});
        ++blocks_open_[segment];
    }
    if (blocks_open_[segment] > 0) scans_[segment] = std::move(held);
    return {};
}

Status Sweep::look_into(const Item& item) {
    const Status done = collect(*scans_[item.segment], item.block);
    ++blocks_done_;
    if (--blocks_open_[item.segment] == 0) scans_[item.segment].reset();
    return done;
}

Status Sweep::collect(SegmentScan& scan, std::uint32_t number) {
    if (scan.has_index()) {
        const Result<bool> some = scan.judge(number, rows_);
        if (!some) return tl::unexpected(some.error());
        if (!*some) return {};
    }
    const auto block = scan.has_index() ? scan.block(number, rows_) : scan.block(number);
    if (!block) return tl::unexpected(block.error());
    const core::Block& b = **block;
    if (!scan.has_index()) rows_.assign(b.size(), Verdict::perhaps);
    if (rows_.size() != b.size()) return fail(Errc::tampered, "index and block differ in size");
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        if (rows_[row] == Verdict::no) continue;
        const core::BlockEvent event = b.event(row);
        if (rows_[row] == Verdict::perhaps && !probe_.matches(event, b.sources()[event.source]))
            continue;
        keep({event.seq, *block, nullptr, row});
    }
    return {};
}

bool Sweep::flush(const Catalog::Visit& deliver) {
    while (!found_.empty()) {
        if (!items_.empty() && !before(found_.front().seq, items_.front().key)) return true;
        std::pop_heap(found_.begin(), found_.end(),
                      [this](const Found& a, const Found& b) { return before(b.seq, a.seq); });
        const Found found = std::move(found_.back());
        found_.pop_back();
        if (found.tail) {
            if (!deliver(found.tail->event, found.tail->source)) return false;
            continue;
        }
        const core::BlockEvent event = found.block->event(found.row);
        if (!deliver(event, found.block->sources()[event.source])) return false;
    }
    return true;
}

}  // namespace daicho::ledger::search
