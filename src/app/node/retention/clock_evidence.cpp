#include "app/node/retention/clock_evidence.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "app/api/reply.hpp"
#include "store/facts.hpp"

namespace daicho::app::node {
namespace {

/// Hourly, for the longest that can count: silences of the greatest length between seven days.
constexpr std::int64_t looked_back_ns =
    static_cast<std::int64_t>(clock_days_min) * (clock_silence_ns_max + day_ns);

Status judge_steps(const std::vector<ClockStep>& steps, WallNs now) {
    std::int64_t forward = 0;
    WallNs last_ns = 0;
    for (const ClockStep& step : steps) {
        if (step.at_ns > now || now - step.at_ns > clock_forward_within_ns) continue;
        forward += step.step_ns;
        if (step.step_ns > 0) last_ns = std::max(last_ns, step.at_ns);
    }
    if (forward <= clock_forward_ns_max) return {};
    return refuse(Errc::conflict, "retention.clock_stepped",
                  "the clock was set forward within the last days",
                  {{"at", api::time_text(last_ns)},
                   {"hours", std::to_string((forward + hour_ns / 2) / hour_ns)},
                   {"until", api::time_text(last_ns + clock_forward_within_ns)}});
}

}  // namespace

Status judge_clock(const std::vector<WallNs>& measured, const std::vector<ClockStep>& steps,
                   WallNs now) {
    std::set<std::int64_t> days;
    WallNs since_ns = now;
    for (const WallNs at : measured) {
        if (at > now) continue;
        if (since_ns - at > clock_silence_ns_max || days.size() == clock_days_min) break;
        since_ns = at;
        days.insert(at / day_ns);
    }
    if (days.size() >= clock_days_min) return judge_steps(steps, now);
    return refuse(Errc::conflict, "retention.clock_unproven",
                  "the ledger does not bear the clock out for long enough",
                  {{"since", api::time_text(since_ns)},
                   {"days", std::to_string(days.size())},
                   {"needed", std::to_string(clock_days_min)}});
}

Status judge_clock(store::Database& database, WallNs now) {
    const auto facts_since = [&](store::Reader& reader, const char* kind, WallNs from_ns) {
        store::FactQuery query;
        query.kind = kind;
        query.from_ns = from_ns;
        query.before_ns = now + 1;
        query.newest_first = true;
        return store::facts::find(reader, query);
    };
    return database.read([&](store::Reader& reader) -> Status {
        const auto measured = facts_since(reader, "capacity.measured", now - looked_back_ns);
        if (!measured) return fail(measured.error());
        const auto stepped = facts_since(reader, "clock.step", now - clock_forward_within_ns);
        if (!stepped) return fail(stepped.error());
        std::vector<WallNs> times;
        for (const store::Fact& fact : *measured) times.push_back(fact.time_ns);
        std::vector<ClockStep> steps;
        for (const store::Fact& fact : *stepped) {
            const auto detail = nlohmann::json::parse(fact.detail);
            steps.push_back({fact.time_ns, detail.value("step_ns", std::int64_t{0})});
        }
        return judge_clock(times, steps, now);
    });
}

}  // namespace daicho::app::node
