// The destruction itself: day by day, each with its RETIRE leaf. A stop at any moment is continued
// by the next run.
#include <algorithm>

#include "app/node/retention/retention.hpp"
#include "app/node/schema.hpp"

namespace daicho::app::node {
namespace {

Result<std::vector<Disposal>> approved(store::Database& database) {
    return database.read([](store::Reader& reader) -> Result<std::vector<Disposal>> {
        std::vector<Disposal> out;
        for (Disposal& one : disposals::open(reader)) {
            if (one.state == DisposalState::approved) out.push_back(std::move(one));
        }
        return out;
    });
}

}  // namespace

void Retention::resume() {
    const auto waiting = approved(parts_.database);
    if (waiting && waiting->empty()) return;
    // One runs already, or too many wait: the next minute asks again.
    const auto started = parts_.jobs.add("daicho", "disposal", true, [this](Progress& progress) {
        const Status done = carry_out(progress);
        return done ? Result<std::string>("") : Result<std::string>(fail(done.error()));
    });
    if (!started && started.error().code != Errc::conflict)
        parts_.log.warning("retention.waiting", {{"reason", started.error().message}});
}

Status Retention::carry_out(Progress& progress) {
    const auto all = approved(parts_.database);
    if (!all) return fail(all.error());
    const Status marked = holds_.mark();
    if (!marked) return marked;
    for (const Disposal& disposal : *all) progress.total += disposal.days.size();
    for (const Disposal& disposal : *all) {
        const Status done = carry_out(disposal, progress);
        if (!done) return done;
    }
    return {};
}

Status Retention::carry_out(const Disposal& disposal, Progress& progress) {
    Disposal finished = disposal;
    // Whoever approved may have been recorded an instant ago: first the decision, then the deed.
    const Status recorded = parts_.pump.flush();
    if (!recorded) return recorded;
    bool whole = true;
    for (DisposalDay& day : finished.days) {
        if (!day.leaf_index && day.problem.empty()) {
            if (progress.cancel) return fail(Errc::unavailable, "the destruction was interrupted");
            Result<DisposalDay> done = destroy(disposal, day);
            if (!done) return fail(done.error());
            day = std::move(*done);
            const Status noted = parts_.database.write([&](store::Transaction& tx) {
                return disposals::note_outcome(tx, disposal.id, day);
            });
            if (!noted) return noted;
        }
        whole = whole && day.leaf_index.has_value();
        ++progress.done;
    }
    finished.state = whole ? DisposalState::done : DisposalState::failed;
    finished.finished_ns = parts_.clock.wall_ns();
    const auto stored = parts_.database.write([&](store::Transaction& tx) -> Result<Disposal> {
        return disposals::change(tx, finished, "daicho");
    });
    if (!stored) return fail(stored.error());
    return parts_.pump.flush();
}

Result<DisposalDay> Retention::destroy(const Disposal& disposal, DisposalDay day) {
    const Result<RetentionRule> rule = rules_.one(disposal.retention_class);
    if (!rule) return fail(rule.error());
    const auto holds = holds_.in_force();
    if (!holds) return fail(holds.error());
    const Judged judged = judge(*rule, day.day, *holds);
    // Once the key is destroyed, what is left of the files may be fewer: a stop while they went.
    const auto keys = parts_.ledger.keyring().kek_days(disposal.retention_class);
    const bool has_key = std::ranges::find(keys, day.day) != keys.end();
    if (has_key && judged.unit.held) {
        day.problem = "retention.day_held";
        return day;
    }
    if (has_key && judged.unit.content != day.content) {
        day.problem = "retention.content_changed";
        return day;
    }
    const Result<std::uint64_t> leaf = ledger::keep::retire(
        parts_.ledger, parts_.clock,
        {disposal.retention_class, day.day, judged.kept_until_ns - judged.unit.last_event_ns,
         disposal.rule, disposal.requested_by, disposal.decided_by});
    if (leaf) {
        day.leaf_index = *leaf;
        return day;
    }
    if (leaf.error().code == Errc::unavailable) return fail(leaf.error());
    // Nothing is left of the day: an earlier run came so far, and its RETIRE leaf says so.
    if (leaf.error().code == Errc::not_found) {
        const auto before = leaf_of(disposal.retention_class, day.day);
        if (!before) return fail(before.error());
        day.leaf_index = *before;
    }
    if (!day.leaf_index)
        day.problem = leaf.error().text_key.empty() ? "common.fault" : leaf.error().text_key;
    return day;
}

Result<std::optional<std::uint64_t>> Retention::leaf_of(const std::string& retention_class,
                                                        const std::string& day) {
    const Status stored = parts_.pump.flush();
    if (!stored) return fail(stored.error());
    return parts_.database.read([&](store::Reader& reader) -> Result<std::optional<std::uint64_t>> {
        const auto done = facts_of_kind(reader, "retire.done", true);
        if (!done) return fail(done.error());
        for (const store::Fact& fact : *done) {
            const auto detail = nlohmann::json::parse(fact.detail);
            if (fact.subject == retention_class && detail.value("day", "") == day)
                return std::optional(detail.value("leaf_index", std::uint64_t{0}));
        }
        return std::optional<std::uint64_t>();
    });
}

}  // namespace daicho::app::node
