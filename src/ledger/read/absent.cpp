#include "ledger/read/absent.hpp"

#include <algorithm>
#include <map>

#include "ledger/core/leaf.hpp"
#include "ledger/read/prover.hpp"
#include "ledger/read/segment_store.hpp"

namespace daicho::ledger::read {
namespace {

std::uint64_t count_of(const std::vector<SeqRange>& ranges) {
    std::uint64_t out = 0;
    for (const SeqRange& range : ranges) out += range.last - range.first + 1;
    return out;
}

bool holds(const std::vector<SeqRange>& ranges, std::uint64_t seq) {
    const auto after = std::ranges::upper_bound(ranges, seq, {}, &SeqRange::first);
    return after != ranges.begin() && seq <= std::prev(after)->last;
}

/// What of 0 .. next_seq - 1 `covered` leaves out.
std::vector<SeqRange> holes_in(const std::vector<SeqRange>& covered, std::uint64_t next_seq) {
    std::vector<SeqRange> out;
    std::uint64_t at = 0;
    for (const SeqRange& range : covered) {
        if (range.first > at) out.push_back({at, std::min(range.first, next_seq) - 1});
        at = std::max(at, range.last + 1);
        if (at >= next_seq) return out;
    }
    if (at < next_seq) out.push_back({at, next_seq - 1});
    return out;
}

/// The file of every event in the holes, from the BATCH leaves that committed to them.
class HoleReader {
public:
    HoleReader(Prover& prover, const RetiredFiles& retired) : prover_(prover), retired_(retired) {}

    Status read(const SeqRange& hole) {
        const Result<std::uint64_t> start = leaf_before(hole.first);
        if (!start) return fail(start.error());
        Status trouble;
        std::uint64_t at = hole.first;
        const Status looked =
            prover_.each_leaf(*start, [&](std::uint64_t index, ByteView entry) -> bool {
                const auto type = core::leaf_type_of(entry);
                if (!type || *type != core::LeafType::batch) return true;
                trouble = take(index, hole, at);
                return trouble.has_value() && at <= hole.last;
            });
        if (!looked) return looked;
        if (!trouble) return trouble;
        // No leaf speaks of these numbers: nobody can have destroyed them lawfully.
        if (at <= hole.last) missing_[""].push_back({at, hole.last});
        return {};
    }

    void tell(Absent& absent) {
        absent.add_destroyed(destroyed_);
        for (auto& [file, ranges] : missing_) absent.add_missing(file, merged(std::move(ranges)));
    }
    [[nodiscard]] bool all_lawful() const { return missing_.empty(); }

private:
    Status take(std::uint64_t index, const SeqRange& hole, std::uint64_t& at) {
        const Result<Bytes> entry = prover_.proven_leaf(index);
        if (!entry) return fail(entry.error());
        const Result<core::BatchLeaf> leaf = core::decode_batch(*entry);
        if (!leaf) return fail(Errc::tampered, leaf.error().message);
        const std::uint64_t last = leaf->first_seq + leaf->count - 1;
        if (leaf->count == 0 || last < at) return {};
        if (leaf->first_seq > at) {
            missing_[""].push_back({at, std::min(leaf->first_seq - 1, hole.last)});
            at = leaf->first_seq;
            if (at > hole.last) return {};
        }
        const SeqRange range{at, std::min(last, hole.last)};
        const std::string file = core::segment_name(leaf->segment, leaf->retention_class);
        (retired_.names(file) ? destroyed_ : missing_[file]).push_back(range);
        at = range.last + 1;
        return {};
    }

    /// Where the batch of `seq` is found when one goes on from there: numbers grow with the leaves.
    Result<std::uint64_t> leaf_before(std::uint64_t seq) {
        std::uint64_t low = 0;
        std::uint64_t high = prover_.head().size;
        while (high - low > 1) {
            const std::uint64_t middle = low + (high - low) / 2;
            std::optional<std::uint64_t> first_seq;
            const Status looked =
                prover_.each_leaf(middle, [&](std::uint64_t index, ByteView entry) {
                    const auto batch = core::decode_batch(entry);
                    if (batch) first_seq = batch->first_seq;
                    return index + 1 < high && !first_seq;
                });
            if (!looked) return fail(looked.error());
            (first_seq && *first_seq <= seq ? low : high) = middle;
        }
        return low;
    }

    Prover& prover_;
    const RetiredFiles& retired_;
    std::vector<SeqRange> destroyed_;
    std::map<std::string, std::vector<SeqRange>> missing_;
};

/// Whether the RETIRE leaves account for exactly as many events as are gone, and for nothing that
/// is still there: then what is gone is what they destroyed, without a look at each batch.
bool counts_agree(const SegmentStore& store, const std::vector<SeqRange>& holes) {
    if (store.retired().events() != std::optional(count_of(holes))) return false;
    return std::ranges::none_of(
        store.files(), [&](const auto& file) { return store.retired().names(file->file); });
}

}  // namespace

std::vector<SeqRange> merged(std::vector<SeqRange> ranges) {
    std::ranges::sort(ranges, {}, &SeqRange::first);
    std::vector<SeqRange> out;
    for (const SeqRange& range : ranges) {
        if (!out.empty() && range.first <= out.back().last + 1) {
            out.back().last = std::max(out.back().last, range.last);
        } else {
            out.push_back(range);
        }
    }
    return out;
}

void Absent::add_destroyed(const std::vector<SeqRange>& ranges) {
    const MutexLock lock(mutex_);
    destroyed_.insert(destroyed_.end(), ranges.begin(), ranges.end());
    destroyed_ = merged(std::move(destroyed_));
}

void Absent::add_missing(const std::string& file, const std::vector<SeqRange>& ranges) {
    if (ranges.empty()) return;
    Gone gone{{file, count_of(ranges), ranges.front().first, ranges.back().last}, ranges};
    const MutexLock lock(mutex_);
    std::erase_if(missing_, [&file](const Gone& one) { return one.segment.file == file; });
    missing_.push_back(std::move(gone));
}

Absent::Fate Absent::fate_of(std::uint64_t seq) const {
    const MutexLock lock(mutex_);
    const bool missing =
        std::ranges::any_of(missing_, [seq](const Gone& one) { return holds(one.ranges, seq); });
    if (missing) return Fate::missing;
    return holds(destroyed_, seq) ? Fate::destroyed : Fate::here;
}

std::vector<MissingSegment> Absent::missing() const {
    const MutexLock lock(mutex_);
    std::vector<MissingSegment> out;
    for (const Gone& one : missing_) out.push_back(one.segment);
    return out;
}

std::uint64_t Absent::missing_within(std::uint64_t first, std::uint64_t last) const {
    const MutexLock lock(mutex_);
    std::uint64_t out = 0;
    for (const Gone& one : missing_) {
        for (const SeqRange& range : one.ranges) {
            if (range.first > last || range.last < first) continue;
            out += std::min(range.last, last) - std::max(range.first, first) + 1;
        }
    }
    return out;
}

Status account_for_all(SegmentStore& store, Prover& prover, std::uint64_t next_seq) {
    RetiredFiles& retired = store.retired();
    const std::vector<SeqRange> holes = holes_in(store.covered(), next_seq);
    const auto keyless = store.without_key();
    if (holes.empty() && keyless.empty()) {
        retired.skip(prover.head().size);
        return {};
    }
    // The hint is believed only when what it says leaves nothing unexplained.
    for (const bool everything : {false, true}) {
        const Status read = retired.read(prover, everything);
        if (!read) return read;
        const bool keys_lawful = std::ranges::all_of(
            keyless, [&](const auto& file) { return retired.names(file->file); });
        if (keys_lawful && counts_agree(store, holes)) {
            store.absent().add_destroyed(holes);
            return {};
        }
        HoleReader reader(prover, retired);
        for (const SeqRange& hole : holes) {
            const Status looked = reader.read(hole);
            if (!looked) return looked;
        }
        if (!everything && !(keys_lawful && reader.all_lawful())) continue;
        reader.tell(store.absent());
        for (const auto& file : keyless) store.note_gone(*file);
        return {};
    }
    return {};
}

}  // namespace daicho::ledger::read
