#include "app/node/services/duties.hpp"

#include <algorithm>

#include "access/organisation.hpp"
#include "app/api/reply.hpp"
#include "app/node/services/wording.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;
namespace review_ = evidence::assess::review;

/// How far ahead and back home looks for occurrences.
constexpr std::int64_t home_back_ns = 400 * day_ns;
constexpr std::int64_t home_ahead_ns = 45 * day_ns;

bool is_review(const register_::Obligation& obligation) {
    return obligation.evidence == "review.completed";
}
struct DoneReview {
    std::string occurrence;
    std::int64_t id = 0;
    WallNs completed_ns = 0;
    std::optional<std::int64_t> seq;  // of the ledger's entry; none while it is on its way
};

Result<std::vector<DoneReview>> done_reviews(store::Reader& reader, const std::string& obligation) {
    std::vector<DoneReview> out;
    store::Rows rows = reader.query(
        "SELECT c.occurrence, c.review_id, c.completed_ns, o.ledger_seq "
        "FROM obligation_completion c JOIN outbox o ON o.id = c.outbox_id WHERE c.obligation = $1",
        obligation);
    while (rows.next()) {
        out.push_back({rows.text(0), rows.integer(1), rows.integer(2),
                       rows.get<std::optional<std::int64_t>>(3)});
    }
    return out;
}

/// The review of an occurrence: its own, or the later one that settled it too.
const DoneReview* review_of(const std::vector<DoneReview>& reviews,
                            const register_::OccurrenceStatus& status) {
    if (!status.completed_ns) return nullptr;
    const DoneReview* covering = nullptr;
    for (const DoneReview& one : reviews) {
        if (one.occurrence == status.occurrence.id) return &one;
        if (one.completed_ns == *status.completed_ns) covering = &one;
    }
    return covering;
}

bool is_open(register_::OccurrenceState state) {
    return state != register_::OccurrenceState::done &&
           state != register_::OccurrenceState::done_late;
}

}  // namespace

Result<register_::Schedule> Duties::schedule() {
    struct Known {
        std::string zone;
        WallNs start_ns = 0;
    };
    const auto known = parts_.database.read([](store::Reader& reader) -> Result<Known> {
        const auto organisation = access::organisations::current(reader);
        const auto history = access::organisations::table().history(reader, 1);
        return Known{organisation ? organisation->time_zone : "Asia/Tokyo",
                     history.empty() ? 0 : history.front().valid_from_ns};
    });
    if (!known) return fail(known.error());
    return register_::make_schedule(parts_.compliance.content(), known->zone, known->start_ns);
}

Result<Duties::Statuses> Duties::statuses(const register_::Obligation& obligation, WallNs from_ns,
                                          WallNs to_ns) {
    Result<register_::Schedule> when = schedule();
    if (!when) return fail(when.error());
    const auto run = register_::occurrences(obligation, *when, from_ns, to_ns);
    if (!run) return fail(run.error());
    const auto done = parts_.database.read(
        [&](store::Reader& reader) { return register_::completions(reader, obligation.id); });
    if (!done) return fail(done.error());
    return Statuses{std::move(*when),
                    register_::states_of(obligation, *run, *done, parts_.clock.wall_ns())};
}

Result<json> Duties::tasks(const access::Caller& caller) {
    const WallNs now = parts_.clock.wall_ns();
    json out = json::array();
    for (const auto& [id, obligation] : parts_.compliance.content().obligations) {
        const Result<Statuses> found =
            statuses(obligation, now - home_back_ns, now + home_ahead_ns);
        if (!found) return fail(found.error());
        bool upcoming_listed = false;
        for (const register_::OccurrenceStatus& status : found->list) {
            if (!is_open(status.state)) continue;
            const bool upcoming = status.state == register_::OccurrenceState::upcoming;
            if (upcoming && upcoming_listed) continue;  // the next one is enough
            upcoming_listed = upcoming_listed || upcoming;
            const register_::Post& post = parts_.compliance.content().posts.at(obligation.post);
            const std::optional<access::Role> role = access::role_named(post.role);
            out.push_back({{"occurrence_id", status.occurrence.id},
                           {"obligation_id", id},
                           {"title", text_view(obligation.title)},
                           {"state", register_::name_of(status.state)},
                           {"from", api::time_text(status.occurrence.opens_ns)},
                           {"to", api::time_text(status.occurrence.due_ns)},
                           {"due_at", api::time_text(status.occurrence.due_ns)},
                           {"mine", role && caller.roles.has(*role)},
                           {"page", is_review(obligation) ? "review" : "none"}});
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const json& a, const json& b) {
        return a["due_at"].get<std::string>() < b["due_at"].get<std::string>();
    });
    return out;
}

Result<json> Duties::missing() {
    const Result<evidence::assess::Assessment> assessment =
        parts_.compliance.assess(parts_.clock.wall_ns());
    if (!assessment) return fail(assessment.error());
    json out = json::array();
    for (const auto& [id, control] : assessment->controls) {
        for (const evidence::assess::Action& action : control.finding.missing) {
            const Result<json> view = parts_.compliance.action_view(action);
            if (!view) return fail(view.error());
            const auto same = std::find_if(out.begin(), out.end(), [&](const json& one) {
                return one["action"]["message"] == (*view)["message"];
            });
            const auto& clauses = parts_.compliance.content().controls.at(id).clauses;
            if (same == out.end()) {
                out.push_back({{"clause_ids", clauses}, {"action", *view}});
                continue;
            }
            for (const std::string& clause : clauses) {
                json& ids = (*same)["clause_ids"];
                if (std::find(ids.begin(), ids.end(), clause) == ids.end()) ids.push_back(clause);
            }
        }
    }
    return out;
}

Result<json> Duties::home(const access::Caller& caller, bool sees_status) {
    Result<json> task_list = tasks(caller);
    if (!task_list) return task_list;
    json out{{"tasks", *task_list},
             {"missing", json::array()},
             {"computed_at", api::time_text(parts_.clock.wall_ns())}};
    if (!sees_status) return out;
    const Result<json> lacking = missing();
    if (!lacking) return lacking;
    const Result<evidence::assess::Assessment> assessment =
        parts_.compliance.assess(parts_.clock.wall_ns());
    if (!assessment) return fail(assessment.error());
    const Result<json> alarms = parts_.upkeep.alarms();
    if (!alarms) return alarms;
    out["missing"] = *lacking;
    out["clause_counts"] = Compliance::counts_view(*assessment);
    out["alarms"] = *alarms;
    return out;
}

Result<json> Duties::obligations(const calendar::DateRange& days) {
    const Result<calendar::Zone> zone = parts_.compliance.zone();
    if (!zone) return fail(zone.error());
    const WallNs from = zone->instant(days.first);
    const WallNs to = register_::end_of_day(*zone, zone->instant(days.last));
    json out = json::array();
    for (const auto& [id, obligation] : parts_.compliance.content().obligations) {
        const Result<Statuses> found = statuses(obligation, from, to);
        if (!found) return fail(found.error());
        const auto done =
            parts_.database.read([&](store::Reader& reader) { return done_reviews(reader, id); });
        if (!done) return fail(done.error());
        json occurrences = json::array();
        for (const register_::OccurrenceStatus& status : found->list) {
            const DoneReview* review = review_of(*done, status);
            occurrences.push_back(
                {{"id", status.occurrence.id},
                 {"state", register_::name_of(status.state)},
                 {"from", api::time_text(status.occurrence.opens_ns)},
                 {"to", api::time_text(status.occurrence.due_ns)},
                 {"due_at", api::time_text(status.occurrence.due_ns)},
                 {"overdue_at", api::time_text(status.occurrence.overdue_ns)},
                 {"done_at", api::time_or_null(status.completed_ns)},
                 {"review_id", review ? json(std::to_string(review->id)) : json(nullptr)},
                 {"ledger_seq", review ? api::seq_or_null(review->seq) : json(nullptr)}});
        }
        const Result<std::vector<std::string>> names = parts_.compliance.holders(obligation.post);
        if (!names) return fail(names.error());
        const std::string rule = obligation.versions.back().rrule;
        out.push_back({{"id", id},
                       {"title", text_view(obligation.title)},
                       {"description", text_view(obligation.about)},
                       {"clause_ids", obligation.clauses},
                       {"rule", rule},
                       {"rule_text", rule_words(rule)},
                       {"post", obligation.post},
                       {"person_names", *names},
                       {"page", is_review(obligation) ? "review" : "none"},
                       {"occurrences", occurrences}});
    }
    return json{{"obligations", out}, {"computed_at", api::time_text(parts_.clock.wall_ns())}};
}

}  // namespace daicho::app::node
