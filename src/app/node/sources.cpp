#include "app/node/sources.hpp"

#include <algorithm>

#include "app/api/reply.hpp"
#include "app/node/schema.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

KnownSource known_of(const store::Version& version) {
    KnownSource out;
    out.id = version.key;
    out.version = version.version;
    out.source_id = std::get<std::string>(version.values[0]);
    out.name = std::get<std::string>(version.values[1]);
    out.kind = std::get<std::string>(version.values[2]);
    if (const auto* post = std::get_if<std::string>(&version.values[3])) out.owner_post = *post;
    if (const auto* minutes = std::get_if<std::int64_t>(&version.values[4]))
        out.silence_minutes_max = *minutes;
    out.flags =
        json::parse(std::get<std::string>(version.values[5])).get<std::vector<std::string>>();
    return out;
}

std::vector<store::Value> values_of(const KnownSource& source) {
    store::Value post;
    store::Value minutes;
    if (source.owner_post) post = *source.owner_post;
    if (source.silence_minutes_max) minutes = *source.silence_minutes_max;
    return {source.source_id, source.name, source.kind, post, minutes, json(source.flags).dump()};
}

bool is_authenticated(const std::string& source_id) {
    return source_id.starts_with("tls:") || source_id.starts_with("import:") ||
           source_id == "daicho";
}

json skew_of(const evidence::collect::SourceState* state) {
    if (state == nullptr || state->skew.count() == 0) return nullptr;
    constexpr std::int64_t ms = 1'000'000;
    const std::int64_t low = state->skew.min_ns();
    const std::int64_t high = state->skew.max_ns();
    return {{"median", state->skew.median_ns() / ms}, {"largest", (-low > high ? low : high) / ms}};
}

struct Gaps {
    std::uint64_t count = 0;
    std::optional<WallNs> last_ns;
};

std::map<std::string, Gaps> gaps_by_source(store::Reader& reader) {
    std::map<std::string, Gaps> out;
    const auto found = facts_of_kind(reader, "gap.declared");
    if (!found) return out;
    for (const store::Fact& fact : *found) {
        Gaps& gaps = out[fact.subject];
        ++gaps.count;
        gaps.last_ns = fact.time_ns;
    }
    return out;
}

}  // namespace

Status Sources::load() {
    return database_.read([&](store::Reader& reader) -> Status {
        const MutexLock lock(mutex_);
        for (const store::Version& version : source_table().all(reader)) {
            KnownSource source = known_of(version);
            known_.insert_or_assign(source.source_id, std::move(source));
        }
        store::Rows rows =
            reader.query("SELECT source_id, first_seen_ns, last_seen_ns, events FROM source_seen");
        while (rows.next()) {
            seen_[rows.get<std::string>(0)] = {
                rows.get<std::int64_t>(1), rows.get<std::int64_t>(2),
                static_cast<std::uint64_t>(rows.get<std::int64_t>(3))};
        }
        return {};
    });
}

std::vector<KnownSource> Sources::known() const {
    const MutexLock lock(mutex_);
    std::vector<KnownSource> out;
    for (const auto& [id, source] : known_) out.push_back(source);
    return out;
}

std::optional<std::string> Sources::name_of(const std::string& source_id) const {
    const MutexLock lock(mutex_);
    const auto found = known_.find(source_id);
    if (found == known_.end()) return std::nullopt;
    return found->second.name;
}

std::optional<WallNs> Sources::last_seen_ns(const std::string& source_id) const {
    const auto state = board_.source(source_id);
    if (state && state->events > 0) return state->last_seen_ns;
    const MutexLock lock(mutex_);
    const auto found = seen_.find(source_id);
    if (found == seen_.end()) return std::nullopt;
    return found->second.last_ns;
}

evidence::collect::SourceRecord Sources::find(const std::string& source) const {
    const MutexLock lock(mutex_);
    return {.registered = known_.contains(source), .retention_class = "log"};
}

Status Sources::remember_seen() {
    const std::vector<evidence::collect::SourceState> states = board_.sources();
    return database_.write([&](store::Transaction& tx) -> Status {
        tx.no_evidence("counters of sources are derived from the ledger");
        const MutexLock lock(mutex_);
        for (const evidence::collect::SourceState& state : states) {
            if (state.events == 0) continue;
            const auto found = seen_.find(state.source);
            const Seen before =
                found == seen_.end() ? Seen{state.first_seen_ns, 0, 0} : found->second;
            const Result<std::int64_t> changed = tx.run(
                "INSERT INTO source_seen (source_id, first_seen_ns, last_seen_ns, events) VALUES "
                "($1, $2, $3, $4) "
                "ON CONFLICT (source_id) DO UPDATE SET last_seen_ns = excluded.last_seen_ns, "
                "events = excluded.events",
                state.source, before.first_ns, state.last_seen_ns, before.events + state.events);
            if (!changed) return fail(changed.error());
        }
        return {};
    });
}

json Sources::describe(const std::string& source_id, const KnownSource* known, const Seen* seen,
                       const evidence::collect::SourceState* state, std::uint64_t gaps,
                       std::optional<WallNs> last_gap_ns) const {
    std::optional<WallNs> first;
    std::optional<WallNs> last;
    std::uint64_t events = 0;
    if (seen != nullptr) {
        first = seen->first_ns;
        last = seen->last_ns;
        events = seen->events;
    }
    if (state != nullptr && state->events > 0) {
        if (!first) first = state->first_seen_ns;
        last = state->last_seen_ns;
        events += state->events;
    }
    const bool expects = known != nullptr && known->silence_minutes_max.has_value();
    const bool silent =
        expects && (!last || clock_.wall_ns() - *last > *known->silence_minutes_max * minute_ns);
    json out{{"id", source_id},
             {"source_id", source_id},
             {"registered", known != nullptr},
             {"authenticated", is_authenticated(source_id)},
             {"name", known != nullptr ? json(known->name) : json(nullptr)},
             {"kind", known != nullptr ? json(known->kind) : json(nullptr)},
             {"owner_post",
              known != nullptr && known->owner_post ? json(*known->owner_post) : json(nullptr)},
             {"silence_minutes_max", expects ? json(*known->silence_minutes_max) : json(nullptr)},
             {"flags", known != nullptr ? json(known->flags) : json::array()},
             {"first_seen", api::time_or_null(first)},
             {"last_seen", api::time_or_null(last)},
             {"silent", silent},
             {"events_total", std::to_string(events)},
             {"events_per_second", state != nullptr ? state->per_second_1m : 0.0},
             {"clock_skew_ms", skew_of(state)},
             {"gaps", gaps},
             {"last_gap_at", api::time_or_null(last_gap_ns)},
             {"version", known != nullptr ? known->version : 0}};
    out["drops"] = {{"back_pressure", state != nullptr ? state->dropped_events : 0},
                    {"oversize", state != nullptr ? state->truncated : 0},
                    {"malformed_frame", state != nullptr ? state->framing_errors : 0}};
    return out;
}

Result<json> Sources::list() {
    std::map<std::string, evidence::collect::SourceState> states;
    for (evidence::collect::SourceState& state : board_.sources())
        states.insert_or_assign(state.source, std::move(state));
    const auto gaps =
        database_.read([](store::Reader& reader) -> Result<std::map<std::string, Gaps>> {
            return gaps_by_source(reader);
        });
    if (!gaps) return fail(gaps.error());
    const MutexLock lock(mutex_);
    std::set<std::string> ids;
    for (const auto& [id, source] : known_) ids.insert(id);
    for (const auto& [id, seen] : seen_) ids.insert(id);
    for (const auto& [id, state] : states) ids.insert(id);
    json sources = json::array();
    for (const std::string& id : ids) {
        const auto known = known_.find(id);
        const auto seen = seen_.find(id);
        const auto state = states.find(id);
        const auto lost = gaps->find(id);
        sources.push_back(describe(id, known == known_.end() ? nullptr : &known->second,
                                   seen == seen_.end() ? nullptr : &seen->second,
                                   state == states.end() ? nullptr : &state->second,
                                   lost == gaps->end() ? 0 : lost->second.count,
                                   lost == gaps->end() ? std::nullopt : lost->second.last_ns));
    }
    return json{{"sources", sources}, {"computed_at", api::time_text(clock_.wall_ns())}};
}

Status Sources::judge(const api::SourceChange& change) const {
    if (change.owner_post && !content_.posts.contains(*change.owner_post)) {
        return refuse(Errc::invalid, "source.unknown_post", "there is no such post",
                      {{"post", *change.owner_post}});
    }
    return {};
}

Result<json> Sources::change(const access::Caller& by, const std::string& id,
                             const api::SourceChange& change) {
    const Status judged = judge(change);
    if (!judged) return fail(judged.error());
    KnownSource source;
    {
        const MutexLock lock(mutex_);
        const auto found = known_.find(id);
        if (found != known_.end()) source = found->second;
        const bool seen =
            found != known_.end() || seen_.contains(id) || board_.source(id).has_value();
        if (!seen) return fail(Errc::not_found, "no such source has ever sent anything");
    }
    source.source_id = id;
    if (change.name) source.name = *change.name;
    if (source.name.empty()) source.name = id;
    source.kind = change.kind.value_or(source.kind.empty() ? "other" : source.kind);
    if (change.owner_post) source.owner_post = change.owner_post;
    if (change.silence_minutes_max) source.silence_minutes_max = *change.silence_minutes_max;
    if (change.flags) source.flags = *change.flags;
    const json detail{{"flags", source.flags}, {"source", id}, {"state", "active"}};
    const store::Change what{by.actor(), "source.registered", detail.dump()};
    const auto stored = database_.write([&](store::Transaction& tx) -> Result<KnownSource> {
        if (source.id == 0) {
            const Result<std::int64_t> key = source_table().add(tx, values_of(source), what);
            if (!key) return fail(key.error());
            source.id = *key;
            source.version = 1;
            return source;
        }
        const Result<std::int64_t> version =
            source_table().change(tx, source.id, change.version, values_of(source), what);
        if (!version) return fail(version.error());
        source.version = *version;
        return source;
    });
    if (!stored) return fail(stored.error());
    {
        const MutexLock lock(mutex_);
        known_.insert_or_assign(id, *stored);
        ++revision_;
    }
    const Result<json> all = list();
    if (!all) return all;
    for (const json& one : (*all)["sources"]) {
        if (one["id"] == id) return one;
    }
    return fail(Errc::not_found, "the source is gone");
}

}  // namespace daicho::app::node
