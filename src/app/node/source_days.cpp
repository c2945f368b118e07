#include "app/node/source_days.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace daicho::app::node {
namespace {

using evidence::collect::Coverage;
using evidence::collect::DayCounters;
using nlohmann::json;

/// Each counter under its name, for both directions.
template <typename Facts, typename Visit>
void each_counter(Facts& facts, Visit visit) {
    visit("events", facts.events);
    visit("bytes", facts.bytes);
    visit("dropped", facts.dropped_events);
    visit("framing", facts.framing_errors);
    visit("sampled", facts.coverage.sampled);
    visit("access", facts.coverage.access_events);
    visit("time", facts.coverage.with_time);
    visit("user", facts.coverage.with_user);
    visit("address", facts.coverage.with_address);
    visit("outcome", facts.coverage.with_outcome);
    visit("sign_ins", facts.coverage.sign_ins);
    visit("sign_outs", facts.coverage.sign_outs);
    visit("failures", facts.coverage.failures);
    visit("successes", facts.coverage.successes);
    visit("errors", facts.coverage.errors);
}

std::string counters_of(const DayCounters& day) {
    json out{{"registered", day.facts.registered}};
    each_counter(day.facts, [&out](const char* name, std::uint64_t count) { out[name] = count; });
    return out.dump();
}

Result<DayCounters> day_of(const store::Rows& rows) {
    DayCounters out;
    out.facts.source = rows.text(0);
    out.facts.day = rows.get<std::int32_t>(1);
    const json counters = json::parse(rows.text(2), nullptr, false);
    const Result<evidence::collect::SkewHistogram> skew =
        evidence::collect::SkewHistogram::from_text(rows.text(3));
    bool whole = counters.is_object() && skew.has_value();
    if (whole) out.facts.registered = counters.value("registered", false);
    each_counter(out.facts, [&](const char* name, std::uint64_t& count) {
        const auto found = whole ? counters.find(name) : counters.end();
        whole = whole && found != counters.end() && found->is_number_unsigned();
        if (whole) count = found->get<std::uint64_t>();
    });
    if (!whole) return fail(Errc::tampered, "the kept counters of a source can't be read");
    out.skew = *skew;
    return out;
}

}  // namespace

Status SourceDays::load() {
    auto days = database_.read([](store::Reader& reader) -> Result<std::vector<DayCounters>> {
        std::vector<DayCounters> out;
        store::Rows rows = reader.query(
            "SELECT source_id, day, counters, skew FROM source_day ORDER BY source_id, day");
        while (rows.next()) {
            Result<DayCounters> day = day_of(rows);
            if (!day) return fail(day.error());
            out.push_back(std::move(*day));
        }
        return out;
    });
    if (!days) return fail(days.error());
    const MutexLock lock(mutex_);
    for (const DayCounters& day : *days) {
        board_.restore(day);
        kept_[{day.facts.source, day.facts.day}] = counters_of(day);
    }
    return {};
}

Status SourceDays::save() {
    const std::vector<DayCounters> days = board_.days();
    const MutexLock lock(mutex_);
    std::map<Place, std::string> now;
    for (const DayCounters& day : days) now[{day.facts.source, day.facts.day}] = counters_of(day);
    if (now == kept_) return {};
    const Status stored = database_.write([&](store::Transaction& tx) -> Status {
        tx.no_evidence("counters of sources are derived from the ledger");
        for (const DayCounters& day : days) {
            const Place place{day.facts.source, day.facts.day};
            const auto before = kept_.find(place);
            if (before != kept_.end() && before->second == now[place]) continue;
            const Result<std::int64_t> changed = tx.run(
                "INSERT INTO source_day (source_id, day, counters, skew) VALUES ($1, $2, $3, $4) "
                "ON CONFLICT (source_id, day) DO UPDATE SET counters = excluded.counters, "
                "skew = excluded.skew",
                place.first, place.second, now[place], day.skew.to_text());
            if (!changed) return fail(changed.error());
        }
        for (const auto& [place, counters] : kept_) {
            if (now.contains(place)) continue;
            const Result<std::int64_t> gone =
                tx.run("DELETE FROM source_day WHERE source_id = $1 AND day = $2", place.first,
                       place.second);
            if (!gone) return fail(gone.error());
        }
        return {};
    });
    if (stored) kept_ = std::move(now);
    return stored;
}

}  // namespace daicho::app::node
