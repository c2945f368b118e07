#include "evidence/collect/source_board.hpp"

#include <algorithm>

namespace daicho::evidence::collect {

void Coverage::add(const Coverage& other) noexcept {
    sampled += other.sampled;
    access_events += other.access_events;
    with_time += other.with_time;
    with_user += other.with_user;
    with_address += other.with_address;
    with_outcome += other.with_outcome;
    sign_ins += other.sign_ins;
    sign_outs += other.sign_outs;
    failures += other.failures;
    successes += other.successes;
    errors += other.errors;
}

SourceBoard::Entry& SourceBoard::entry(const std::string& source, ledger::Transport transport) {
    const auto found = entries_.find(source);
    if (found != entries_.end()) return found->second;
    const std::string name = entries_.size() < sources_max ? source : other_sources;
    Entry& made = entries_[name];
    if (made.state.source.empty()) {
        made.state.source = name;
        made.state.transport = transport;
        made.state.first_seen_ns = clock_.wall_ns();
        made.slot = clock_.monotonic_ns() / slot_ns;
        made.last_monotonic_ns = clock_.monotonic_ns();
    }
    return made;
}

DayCounters& SourceBoard::day_entry(Entry& entry, std::int32_t day) const {
    for (auto at = entry.days.rbegin(); at != entry.days.rend(); ++at) {
        if (at->facts.day == day) return *at;
    }
    if (entry.days.size() == days_kept_max) entry.days.erase(entry.days.begin());
    DayCounters& made = entry.days.emplace_back();
    made.facts.source = entry.state.source;
    made.facts.day = day;
    return made;
}

void SourceBoard::move_slots(Entry& entry, std::int64_t slot) {
    const std::int64_t steps = std::min<std::int64_t>(slot - entry.slot, slots);
    for (std::int64_t i = 0; i < steps; ++i)
        entry.counts[static_cast<std::size_t>((slot - i) % static_cast<std::int64_t>(slots))] = 0;
    if (slot > entry.slot) entry.slot = slot;
}

void SourceBoard::record(const std::string& source, const ChunkStats& stats) {
    const std::int64_t monotonic = clock_.monotonic_ns();
    const MutexLock lock(mutex_);
    Entry& entry = this->entry(source, stats.transport);
    SourceState& state = entry.state;
    state.registered = stats.registered;
    state.events += stats.events;
    state.bytes += stats.bytes;
    state.framing_errors += stats.framing_errors;
    state.truncated += stats.truncated;
    state.skew.add(stats.skew);
    if (stats.events > 0) {
        state.last_seen_ns = stats.wall_ns;
        entry.last_monotonic_ns = monotonic;
    }
    move_slots(entry, monotonic / slot_ns);
    entry.counts[static_cast<std::size_t>(entry.slot % static_cast<std::int64_t>(slots))] +=
        static_cast<std::uint32_t>(stats.events);
    DayCounters& day = day_entry(entry, day_of_(stats.wall_ns));
    day.facts.registered = stats.registered;
    day.facts.events += stats.events;
    day.facts.bytes += stats.bytes;
    day.facts.framing_errors += stats.framing_errors;
    day.facts.coverage.add(stats.coverage);
    day.skew.add(stats.skew);
}

void SourceBoard::record_drop(const std::string& source, ledger::Transport transport,
                              std::uint64_t events, std::uint64_t bytes) {
    const WallNs wall = clock_.wall_ns();
    const MutexLock lock(mutex_);
    Entry& entry = this->entry(source, transport);
    entry.state.dropped_events += events;
    entry.state.dropped_bytes += bytes;
    day_entry(entry, day_of_(wall)).facts.dropped_events += events;
}

void SourceBoard::connection_opened(const std::string& source, ledger::Transport transport,
                                    bool registered) {
    const MutexLock lock(mutex_);
    Entry& entry = this->entry(source, transport);
    entry.state.registered = registered;
    ++entry.state.connections;
}

void SourceBoard::connection_closed(const std::string& source) {
    const MutexLock lock(mutex_);
    auto found = entries_.find(source);
    if (found == entries_.end()) found = entries_.find(other_sources);
    if (found != entries_.end() && found->second.state.connections > 0)
        --found->second.state.connections;
}

SourceState SourceBoard::state_of(const Entry& entry, std::int64_t monotonic_ns) const {
    SourceState state = entry.state;
    state.silence_ns = monotonic_ns - entry.last_monotonic_ns;
    const std::int64_t slot = monotonic_ns / slot_ns;
    // Over the full slots before this one: a slot that has just begun would understate the rate.
    const auto sum = [&](std::int64_t wanted) {
        std::uint64_t total = 0;
        for (std::int64_t i = 1; i <= wanted; ++i) {
            const std::int64_t at = slot - i;
            if (at <= entry.slot && at > entry.slot - static_cast<std::int64_t>(slots) && at >= 0) {
                total +=
                    entry.counts[static_cast<std::size_t>(at % static_cast<std::int64_t>(slots))];
            }
        }
        return static_cast<double>(total);
    };
    constexpr std::int64_t minute_slots = 6;
    constexpr std::int64_t long_slots = slots - 1;
    state.per_second_1m = sum(minute_slots) / (minute_slots * 10.0);
    state.per_second_10m = sum(long_slots) / (long_slots * 10.0);
    return state;
}

std::vector<SourceState> SourceBoard::sources() const {
    const std::int64_t monotonic = clock_.monotonic_ns();
    const MutexLock lock(mutex_);
    std::vector<SourceState> all;
    all.reserve(entries_.size());
    for (const auto& [name, entry] : entries_) all.push_back(state_of(entry, monotonic));
    return all;
}

std::optional<SourceState> SourceBoard::source(const std::string& source) const {
    const std::int64_t monotonic = clock_.monotonic_ns();
    const MutexLock lock(mutex_);
    const auto found = entries_.find(source);
    if (found == entries_.end()) return std::nullopt;
    return state_of(found->second, monotonic);
}

std::vector<DailyFacts> SourceBoard::daily_facts() const {
    const std::int32_t today = day_of_(clock_.wall_ns());
    const MutexLock lock(mutex_);
    std::vector<DailyFacts> all;
    for (const auto& [name, entry] : entries_) {
        for (const DayCounters& day : entry.days) {
            DailyFacts facts = day.facts;
            facts.complete = facts.day < today;
            facts.skew_count = day.skew.count();
            facts.skew_median_ns = day.skew.median_ns();
            facts.skew_max_abs_ns = day.skew.max_abs_ns();
            all.push_back(std::move(facts));
        }
    }
    return all;
}

std::vector<DayCounters> SourceBoard::days() const {
    const MutexLock lock(mutex_);
    std::vector<DayCounters> all;
    for (const auto& [name, entry] : entries_)
        all.insert(all.end(), entry.days.begin(), entry.days.end());
    return all;
}

void SourceBoard::restore(const DayCounters& earlier) {
    const MutexLock lock(mutex_);
    Entry& entry = this->entry(earlier.facts.source, ledger::Transport::tcp);
    DayCounters& day = day_entry(entry, earlier.facts.day);
    day.facts.registered = day.facts.registered || earlier.facts.registered;
    day.facts.events += earlier.facts.events;
    day.facts.bytes += earlier.facts.bytes;
    day.facts.dropped_events += earlier.facts.dropped_events;
    day.facts.framing_errors += earlier.facts.framing_errors;
    day.facts.coverage.add(earlier.facts.coverage);
    day.skew.add(earlier.skew);
}

void SourceBoard::forget_days_until(std::int32_t day) {
    const MutexLock lock(mutex_);
    for (auto& [name, entry] : entries_) {
        std::erase_if(entry.days, [day](const DayCounters& one) { return one.facts.day <= day; });
    }
}

}  // namespace daicho::evidence::collect
