#pragma once
// Events whose numbers were given out and that no file holds any more. A RETIRE leaf that names
// their file says that they were destroyed lawfully; without one they are missing.
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.hpp"
#include "base/result.hpp"

namespace daicho::ledger::read {

class Prover;
class SegmentStore;

/// Both ends belong to it.
struct SeqRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

/// A segment that should be there: its file, or the key of it.
struct MissingSegment {
    std::string file;
    std::uint64_t events = 0;
    std::uint64_t first_seq = 0;  // events of other segments may lie between
    std::uint64_t last_seq = 0;
};

/// Thread-safe.
class Absent {
public:
    enum class Fate { here, destroyed, missing };

    void add_destroyed(const std::vector<SeqRange>& ranges);
    void add_missing(const std::string& file, const std::vector<SeqRange>& ranges);
    [[nodiscard]] Fate fate_of(std::uint64_t seq) const;
    [[nodiscard]] std::vector<MissingSegment> missing() const;
    /// Events with numbers first .. last that are missing.
    [[nodiscard]] std::uint64_t missing_within(std::uint64_t first, std::uint64_t last) const;

private:
    struct Gone {
        MissingSegment segment;
        std::vector<SeqRange> ranges;  // ascending
    };
    mutable Mutex mutex_;
    std::vector<SeqRange> destroyed_ DAICHO_GUARDED_BY(mutex_);
    std::vector<Gone> missing_ DAICHO_GUARDED_BY(mutex_);
};

/// Ranges in any order become ascending ones that touch nowhere.
[[nodiscard]] std::vector<SeqRange> merged(std::vector<SeqRange> ranges);

/// At the start: every number below `next_seq` lies in a segment, in the write-ahead log, or in a
/// file that a RETIRE leaf names; the store is told what does not. Reads leaves only when something
/// is gone. Errc::tampered: the tree is damaged. Throws IoFault.
[[nodiscard]] Status account_for_all(SegmentStore& store, Prover& prover, std::uint64_t next_seq);

}  // namespace daicho::ledger::read
