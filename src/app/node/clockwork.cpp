// What happens by itself: every minute sessions are swept and the export deadline is watched, every
// hour daicho measures itself and its sources.
#include <fcntl.h>
#include <sys/timex.h>

#include <chrono>

#include "app/node/node.hpp"
#include "base/system/memory.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

/// An export starts by itself when the oldest event is this old: well before the first warning at
/// 12 hours.
constexpr std::int64_t export_age_ns = 6 * hour_ns;

std::string day_text(std::int32_t day) {
    return calendar::to_text(calendar::date_of(day));
}

/// The kernel's own judgement of this machine's clock (adjtimex), as NTP daemons leave it.
json own_clock() {
    timex state{};
    const int status = ::adjtimex(&state);
    const bool synchronised = status != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
    return {{"synchronised", synchronised},
            {"error_ns", static_cast<std::int64_t>(state.maxerror) * 1000}};
}

}  // namespace

void Node::run_clockwork() {
    std::int64_t minute = 0;
    while (true) {
        try {
            const WallNs now = clock_.wall_ns();
            if (now / minute_ns != minute) {
                minute = now / minute_ns;
                every_minute();
            }
            if (now / hour_ns != measured_hour_) {
                every_hour(now);
                measured_hour_ = now / hour_ns;
            }
        } catch (const std::exception& error) {
            log_->error("clockwork.failed", {{"reason", error.what()}});
        }
        MutexLock lock(mutex_);
        if (!stopping_) lock.wait_for(wake_, options_.clockwork_round);
        if (stopping_) return;
    }
}

void Node::every_minute() {
    const Status swept = access_->sweep();
    if (!swept) log_->warning("access.sweep", {{"reason", swept.error().message}});
    keep_sources();
    ledger_->segments().look_for_missing();
    const Status measured = measure_new_sources(clock_.wall_ns());
    if (!measured) log_->warning("measure.failed", {{"reason", measured.error().message}});
    retention_->resume();
    export_when_due();
    packs_->sweep();
    give_back_free_memory();
}

void Node::export_when_due() {
    const Result<Backlog> backlog = upkeep_->backlog();
    if (!backlog || !backlog->oldest_ns || clock_.wall_ns() - *backlog->oldest_ns < export_age_ns)
        return;
    const Result<ExportSetting> target = upkeep_->export_setting();
    if (!target || target->directory.empty()) return;
    const Result<ledger::keep::ExportReport> report = upkeep_->export_now(nullptr);
    if (!report) log_->error("export.failed", {{"reason", report.error().message}});
}

void Node::every_hour(WallNs now) {
    for (const Status& measured :
         {upkeep_->measure_capacity(), upkeep_->measure_backlog(), measure_sources(now)}) {
        if (!measured) log_->warning("measure.failed", {{"reason", measured.error().message}});
    }
}

/// A source's first access records of a day count at once: who has just set one up shall not wait
/// for the hour to see that its records say what they must.
Status Node::measure_new_sources(WallNs now) {
    for (const evidence::collect::DailyFacts& facts : board_->daily_facts()) {
        if (facts.coverage.access_events == 0 || measured_.contains({facts.source, facts.day}))
            continue;
        const Status stored = measure_source(facts, now);
        if (!stored) return stored;
    }
    return {};
}

Status Node::measure_source(const evidence::collect::DailyFacts& facts, WallNs now) {
    const evidence::collect::Coverage& c = facts.coverage;
    const std::string key = day_text(facts.day) + ":" + calendar::to_text(zone_->date(now)) + "T" +
                            std::to_string(zone_->local(now).second_of_day / 3600);
    const json coverage{{"day", day_text(facts.day)},       {"events", facts.events},
                        {"access_events", c.access_events}, {"with_time", c.with_time},
                        {"with_user", c.with_user},         {"with_address", c.with_address},
                        {"with_outcome", c.with_outcome},   {"sign_ins", c.sign_ins},
                        {"sign_outs", c.sign_outs},         {"failures", c.failures},
                        {"successes", c.successes},         {"errors", c.errors}};
    const Status stored =
        pump_->measure("source.coverage", facts.source, key, now, coverage.dump());
    if (!stored) return stored;
    if (c.access_events > 0) measured_.insert({facts.source, facts.day});
    if (facts.skew_count == 0) return {};
    const json skew{{"day", day_text(facts.day)},
                    {"samples", facts.skew_count},
                    {"skew_p50_ns", facts.skew_median_ns},
                    {"skew_max_ns", facts.skew_max_abs_ns}};
    return pump_->measure("source.clock", facts.source, key, now, skew.dump());
}

Status Node::measure_sources(WallNs now) {
    const std::int64_t hour = now / hour_ns;
    json own = own_clock();
    own["day"] = day_text(calendar::days_of(zone_->date(now)));
    own["samples"] = 1;
    own["skew_p50_ns"] = 0;
    own["skew_max_ns"] = 0;
    const Status clock =
        pump_->measure("source.clock", "daicho", std::to_string(hour), now, own.dump());
    if (!clock) return clock;
    for (const evidence::collect::DailyFacts& facts : board_->daily_facts()) {
        const Status stored = measure_source(facts, now);
        if (!stored) return stored;
    }
    // Days that are over were measured just now for the last time.
    const std::int32_t over = calendar::days_of(zone_->date(now)) - 2;
    board_->forget_days_until(over);
    std::erase_if(measured_, [over](const auto& place) { return place.second <= over; });
    return {};
}

}  // namespace daicho::app::node
