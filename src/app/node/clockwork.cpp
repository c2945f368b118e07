// What happens by itself: every minute sessions are swept and the export deadline is watched, every
// hour daicho measures itself and its sources.
#include <fcntl.h>
#include <sys/timex.h>

#include <chrono>

#include "app/node/node.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds round{20};
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
        if (!stopping_) lock.wait_for(wake_, round);
        if (stopping_) return;
    }
}

void Node::every_minute() {
    const Status swept = access_->sweep();
    if (!swept) log_->warning("access.sweep", {{"reason", swept.error().message}});
    keep_sources();
    retention_->resume();
    export_when_due();
    packs_->sweep();
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
    const auto stamp = calendar::to_text(zone_->date(now)) + "T" +
                       std::to_string(zone_->local(now).second_of_day / 3600);
    for (const evidence::collect::DailyFacts& facts : board_->daily_facts()) {
        const evidence::collect::Coverage& c = facts.coverage;
        const json coverage{{"day", day_text(facts.day)},       {"events", facts.events},
                            {"access_events", c.access_events}, {"with_time", c.with_time},
                            {"with_user", c.with_user},         {"with_address", c.with_address},
                            {"with_outcome", c.with_outcome},   {"sign_ins", c.sign_ins},
                            {"sign_outs", c.sign_outs},         {"failures", c.failures},
                            {"successes", c.successes},         {"errors", c.errors}};
        const std::string key = day_text(facts.day) + ":" + stamp;
        const Status stored =
            pump_->measure("source.coverage", facts.source, key, now, coverage.dump());
        if (!stored) return stored;
        if (facts.skew_count == 0) continue;
        const json skew{{"day", day_text(facts.day)},
                        {"samples", facts.skew_count},
                        {"skew_p50_ns", facts.skew_median_ns},
                        {"skew_max_ns", facts.skew_max_abs_ns}};
        const Status clock_stored =
            pump_->measure("source.clock", facts.source, key, now, skew.dump());
        if (!clock_stored) return clock_stored;
    }
    // Days that are over were measured just now for the last time.
    board_->forget_days_until(calendar::days_of(zone_->date(now)) - 2);
    return {};
}

}  // namespace daicho::app::node
