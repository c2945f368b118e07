#pragma once
// What each sender has done: counters, rates, silence, clock skew, and the facts of each day. In
// memory; whoever needs the days after a restart keeps them (days()) and gives them back
// (restore()).
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "evidence/collect/skew.hpp"
#include "ledger/intake.hpp"

namespace daicho::evidence::collect {

/// Sources counted one by one. A forger of UDP addresses can invent any number: those beyond are
/// counted together.
inline constexpr std::size_t sources_max = 20'000;
inline constexpr const char* other_sources = "(other)";
inline constexpr std::size_t days_kept_max =
    40;  // more than a month: whoever stores the facts may be away that long

/// How many events have each of the fields that reviews need, and what they tell of. From samples
/// at high rates: `sampled` events were looked at and each stands for its neighbours, so the others
/// are estimates unless sampled == events.
struct Coverage {
    std::uint64_t sampled = 0;
    // Of the accesses and attempts (authentication, session, database, web):
    std::uint64_t access_events = 0;
    std::uint64_t with_time = 0;
    std::uint64_t with_user = 0;
    std::uint64_t with_address = 0;
    std::uint64_t with_outcome = 0;
    std::uint64_t sign_ins = 0;
    std::uint64_t sign_outs = 0;
    std::uint64_t failures = 0;
    std::uint64_t successes = 0;
    // Of all:
    std::uint64_t errors = 0;  // severity 0-3, or action error
    void add(const Coverage& other) noexcept;
};

/// Of one chunk.
struct ChunkStats {
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t framing_errors = 0;
    std::uint64_t truncated = 0;
    WallNs wall_ns = 0;
    ledger::Transport transport = ledger::Transport::tcp;
    bool registered = false;
    SkewHistogram skew;
    Coverage coverage;
};

struct SourceState {
    std::string source;
    ledger::Transport transport = ledger::Transport::tcp;
    bool registered = false;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t dropped_events = 0;
    std::uint64_t dropped_bytes = 0;
    std::uint64_t framing_errors = 0;
    std::uint64_t truncated = 0;
    std::uint32_t connections = 0;  // open now; 0 for UDP
    WallNs first_seen_ns = 0;
    WallNs last_seen_ns = 0;
    std::int64_t silence_ns = 0;  // since the last event, by monotonic time
    double per_second_1m = 0;
    double per_second_10m = 0;
    SkewHistogram skew;
};

struct DailyFacts {
    std::string source;
    std::int32_t day = 0;   // of the receipt: days since 1970-01-01 in the organisation's zone
    bool complete = false;  // the day is over
    bool registered = false;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t dropped_events = 0;
    std::uint64_t framing_errors = 0;
    Coverage coverage;
    std::uint64_t skew_count = 0;
    std::int64_t skew_median_ns = 0;
    std::int64_t skew_max_abs_ns = 0;
};

/// One day of one source with its histogram: what is kept over a restart.
struct DayCounters {
    DailyFacts facts;
    SkewHistogram skew;
};

/// Thread-safe; one short lock per chunk.
class SourceBoard {
public:
    /// Which day a moment belongs to, in days since 1970-01-01.
    using DayRule = std::function<std::int32_t(WallNs)>;
    SourceBoard(const Clock& clock, DayRule day_of) : clock_(clock), day_of_(std::move(day_of)) {}

    void record(const std::string& source, const ChunkStats& stats);
    void record_drop(const std::string& source, ledger::Transport transport, std::uint64_t events,
                     std::uint64_t bytes);
    void connection_opened(const std::string& source, ledger::Transport transport, bool registered);
    void connection_closed(const std::string& source);

    /// Sorted by source.
    [[nodiscard]] std::vector<SourceState> sources() const;
    [[nodiscard]] std::optional<SourceState> source(const std::string& source) const;
    /// Of every day still known, sorted by source and day; the running day has complete == false.
    [[nodiscard]] std::vector<DailyFacts> daily_facts() const;
    [[nodiscard]] std::vector<DayCounters> days() const;
    /// Adds what an earlier run counted; rates and counters since the start do not change.
    void restore(const DayCounters& earlier);
    /// Forgets days up to this one, once they are stored.
    void forget_days_until(std::int32_t day);

private:
    static constexpr std::int64_t slot_ns = 10 * second_ns;
    static constexpr std::size_t slots = 60;  // ten minutes
    struct Entry {
        SourceState state;
        std::int64_t last_monotonic_ns = 0;
        std::int64_t slot = 0;
        std::array<std::uint32_t, slots> counts{};
        std::vector<DayCounters> days;
    };

    Entry& entry(const std::string& source, ledger::Transport transport) DAICHO_REQUIRES(mutex_);
    DayCounters& day_entry(Entry& entry, std::int32_t day) const DAICHO_REQUIRES(mutex_);
    static void move_slots(Entry& entry, std::int64_t slot);
    [[nodiscard]] SourceState state_of(const Entry& entry, std::int64_t monotonic_ns) const
        DAICHO_REQUIRES(mutex_);

    const Clock& clock_;
    DayRule day_of_;
    mutable Mutex mutex_;
    std::map<std::string, Entry, std::less<>> entries_ DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::evidence::collect
