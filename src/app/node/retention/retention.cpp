#include "app/node/retention/retention.hpp"

#include <algorithm>
#include <map>

#include "access/account.hpp"
#include "app/api/reply.hpp"
#include "app/node/retention/clock_evidence.hpp"
#include "app/node/schema.hpp"
#include "app/node/services/compliance.hpp"

namespace daicho::app::node {
namespace {

using ledger::keep::RetentionUnit;
using nlohmann::json;

constexpr std::size_t disposals_per_page = 50;

/// Why a day may not be destroyed, in words.
const std::map<std::string, std::string> refusals{{"absent", "retention.day_absent"},
                                                  {"held", "retention.day_held"},
                                                  {"kept", "retention.day_kept"},
                                                  {"not_sealed", "retention.day_not_sealed"}};

json day_view(const RetentionUnit& unit, WallNs kept_until_ns, const char* state,
              const json& holds) {
    return {{"day", unit.day},
            {"events", unit.events},
            {"bytes", unit.bytes},
            {"segments", unit.files},
            {"last_event_at", api::time_text(unit.last_event_ns)},
            {"kept_until", api::time_text(kept_until_ns)},
            {"state", state},
            {"holds", holds}};
}

bool is_applied_for(const std::vector<Disposal>& open, const std::string& retention_class,
                    const std::string& day) {
    return std::ranges::any_of(open, [&](const Disposal& disposal) {
        return disposal.retention_class == retention_class &&
               std::ranges::any_of(disposal.days,
                                   [&](const DisposalDay& one) { return one.day == day; });
    });
}

json account_view(store::Reader& reader, const std::string& actor) {
    if (actor.empty()) return nullptr;
    const Result<std::int64_t> id = api::id_of(actor.substr(actor.find(':') + 1));
    const auto account = id ? access::accounts::by_id(reader, *id) : std::nullopt;
    return {{"id", id ? std::to_string(*id) : actor},
            {"name", account ? account->display_name : actor}};
}

Status refuse_state(const Disposal& disposal) {
    return refuse(Errc::conflict, "retention.already_decided",
                  "the application was decided already",
                  {{"state", std::string(name_of(disposal.state))}});
}

}  // namespace

const char* Retention::state_of(const Judged& judged) const {
    if (judged.kept_until_ns > parts_.clock.wall_ns()) return "kept";
    if (judged.unit.held) return "held";
    return judged.unit.open ? "not_sealed" : "ready";
}

Retention::Judged Retention::judge(const RetentionRule& rule, const std::string& day,
                                   const std::vector<LegalHold>& holds) {
    Judged out{rule, ledger::keep::retention_unit(parts_.ledger, rule.id, day), 0};
    for (const LegalHold& hold : holds)
        out.unit.held = out.unit.held || holds_.covers(hold, out.unit);
    out.kept_until_ns = rule.kept_until(zone_, out.unit.last_event_ns);
    return out;
}

json Retention::class_view(const RetentionRule& rule, const std::vector<RetentionUnit>& units,
                           const std::vector<Disposal>& open,
                           const std::vector<LegalHold>& holds) const {
    json ready = json::array();
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    bool more = false;
    std::optional<WallNs> next_ns;
    std::optional<std::string> oldest;
    for (const RetentionUnit& unit : units) {
        if (unit.retention_class != rule.id || unit.files.empty()) continue;
        if (!oldest) oldest = unit.day;
        events += unit.events;
        bytes += unit.bytes;
        Judged judged{rule, unit, rule.kept_until(zone_, unit.last_event_ns)};
        if (judged.kept_until_ns > parts_.clock.wall_ns()) {
            next_ns = std::min(next_ns.value_or(judged.kept_until_ns), judged.kept_until_ns);
            continue;
        }
        json held_by = json::array();
        for (const LegalHold& hold : holds) {
            if (!holds_.covers(hold, unit)) continue;
            judged.unit.held = true;
            held_by.push_back({{"id", std::to_string(hold.id)}, {"reason", hold.reason}});
        }
        const bool applied = is_applied_for(open, rule.id, unit.day) && !judged.unit.held;
        more = more || ready.size() == retention_days_listed;
        if (ready.size() < retention_days_listed) {
            ready.push_back(day_view(unit, judged.kept_until_ns,
                                     applied ? "applied" : state_of(judged), held_by));
        }
    }
    return {{"id", rule.id},
            {"title", text_view(rule.title)},
            {"period", register_::to_text(rule.period)},
            {"minimum", register_::to_text(rule.minimum)},
            {"source", text_view(rule.source)},
            {"clause_id", rule.clause ? json(*rule.clause) : json(nullptr)},
            {"version", rule.version},
            {"events", std::to_string(events)},
            {"bytes", bytes},
            {"oldest_day", oldest ? json(*oldest) : json(nullptr)},
            {"next_at", api::time_or_null(next_ns)},
            {"past", ready},
            {"more", more}};
}

Result<json> Retention::overview() {
    const auto known = rules_.all();
    if (!known) return fail(known.error());
    const auto open =
        parts_.database.read([](store::Reader& reader) -> Result<std::vector<Disposal>> {
            return disposals::open(reader);
        });
    if (!open) return fail(open.error());
    const auto holds = holds_.in_force();
    if (!holds) return fail(holds.error());
    const std::vector<RetentionUnit> units = ledger::keep::retention_units(parts_.ledger);
    json classes = json::array();
    for (const RetentionRule& rule : *known)
        classes.push_back(class_view(rule, units, *open, *holds));
    return json{{"classes", classes}, {"computed_at", api::time_text(parts_.clock.wall_ns())}};
}

Result<json> Retention::set_period(const access::Caller& by, const std::string& retention_class,
                                   const std::string& period, std::int64_t version) {
    const Result<RetentionRule> rule = rules_.set(by.actor(), retention_class, period, version);
    if (!rule) return fail(rule.error());
    const Status durable = parts_.pump.flush();
    if (!durable) return fail(durable.error());
    const Result<json> all = overview();
    if (!all) return all;
    for (const json& one : (*all)["classes"]) {
        if (one["id"] == retention_class) return one;
    }
    return fail(Errc::not_found, "there is no such retention class");
}

Result<json> Retention::view(const Disposal& disposal) {
    struct Extra {
        json requester, decider;
        std::optional<std::int64_t> seq;
    };
    const auto extra = parts_.database.read([&](store::Reader& reader) -> Result<Extra> {
        Extra out{account_view(reader, disposal.requested_by),
                  account_view(reader, disposal.decided_by), std::nullopt};
        store::Rows rows =
            reader.query("SELECT ledger_seq FROM outbox WHERE id = $1", disposal.outbox_id);
        if (rows.next()) out.seq = rows.get<std::optional<std::int64_t>>(0);
        return out;
    });
    if (!extra) return fail(extra.error());
    json days = json::array();
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    for (const DisposalDay& one : disposal.days) {
        events += one.events;
        bytes += one.bytes;
        days.push_back(
            {{"day", one.day},
             {"events", one.events},
             {"bytes", one.bytes},
             {"segments", one.segments},
             {"last_event_at", api::time_text(one.last_event_ns)},
             {"leaf_index", one.leaf_index ? json(std::to_string(*one.leaf_index)) : json(nullptr)},
             {"problem", one.problem.empty()
                             ? json(nullptr)
                             : json{{"text_key", one.problem}, {"params", json::object()}}}});
    }
    const auto time = [](WallNs at) { return at == 0 ? json(nullptr) : json(api::time_text(at)); };
    const auto known = parts_.content.retention.find(disposal.retention_class);
    const register_::Bilingual name =
        known == parts_.content.retention.end()
            ? register_::Bilingual{disposal.retention_class, disposal.retention_class}
            : known->second.title;
    return json{{"id", std::to_string(disposal.id)},
                {"class", disposal.retention_class},
                {"title", text_view(name)},
                {"state", name_of(disposal.state)},
                {"days", days},
                {"events", std::to_string(events)},
                {"bytes", bytes},
                {"content", content_of(disposal).hex()},
                {"rule", disposal.rule},
                {"reason", disposal.reason},
                {"requested_by", extra->requester},
                {"requested_at", api::time_text(disposal.requested_ns)},
                {"decided_by", extra->decider},
                {"decided_at", time(disposal.decided_ns)},
                {"note", disposal.note},
                {"finished_at", time(disposal.finished_ns)},
                {"ledger_seq", api::seq_or_null(extra->seq)},
                {"version", disposal.version}};
}

Result<json> Retention::disposals(const std::string& cursor) {
    std::int64_t before = 0;
    if (!cursor.empty()) {
        const Result<std::int64_t> id = api::id_of(cursor);
        if (!id) return refuse(Errc::invalid, "common.bad_cursor", "not a cursor of this list");
        before = *id;
    }
    const auto found =
        parts_.database.read([&](store::Reader& reader) -> Result<std::vector<Disposal>> {
            return disposals::list(reader, before, disposals_per_page);
        });
    if (!found) return fail(found.error());
    json out = json::array();
    for (const Disposal& disposal : *found) {
        const Result<json> one = view(disposal);
        if (!one) return one;
        out.push_back(*one);
    }
    const bool more = found->size() == disposals_per_page;
    return json{{"disposals", out},
                {"next_cursor", more ? json(std::to_string(found->back().id)) : json(nullptr)}};
}

Result<std::vector<DisposalDay>> Retention::ready_days(const RetentionRule& rule,
                                                       std::vector<std::string> days) {
    std::ranges::sort(days);
    const auto holds = holds_.in_force();
    if (!holds) return fail(holds.error());
    std::vector<DisposalDay> out;
    for (const std::string& day : days) {
        const Judged judged = judge(rule, day, *holds);
        const std::string state = judged.unit.files.empty() ? "absent" : state_of(judged);
        if (state != "ready") {
            return refuse(Errc::conflict, refusals.find(state)->second,
                          day + " may not be destroyed: " + state, {{"day", day}});
        }
        DisposalDay one;
        one.day = day;
        one.events = judged.unit.events;
        one.bytes = judged.unit.bytes;
        one.segments = judged.unit.files.size();
        one.last_event_ns = judged.unit.last_event_ns;
        one.content = judged.unit.content;
        out.push_back(std::move(one));
    }
    // "Past its period" is what this machine's clock says.
    const Status clock = judge_clock(parts_.database, parts_.clock.wall_ns());
    if (!clock) return fail(clock.error());
    return out;
}

Result<json> Retention::apply(const access::Caller& by, const api::DisposalRequest& request) {
    const Result<RetentionRule> rule = rules_.one(request.retention_class);
    if (!rule) return fail(rule.error());
    Result<std::vector<DisposalDay>> days = ready_days(*rule, request.days);
    if (!days) return fail(days.error());
    Disposal wanted;
    wanted.retention_class = rule->id;
    wanted.days = std::move(*days);
    wanted.rule = rule->text();
    wanted.requested_by = by.actor();
    wanted.reason = request.reason;
    const auto stored = parts_.database.write([&](store::Transaction& tx) -> Result<Disposal> {
        const std::vector<Disposal> open = disposals::open(tx);
        for (const DisposalDay& one : wanted.days) {
            if (!is_applied_for(open, wanted.retention_class, one.day)) continue;
            return refuse(Errc::conflict, "retention.day_applied",
                          one.day + " is applied for already", {{"day", one.day}});
        }
        return disposals::add(tx, wanted);
    });
    if (!stored) return fail(stored.error());
    const Status durable = parts_.pump.flush();
    if (!durable) return fail(durable.error());
    return view(*stored);
}

Status Retention::judge_decision(const access::Caller& by, const Disposal& disposal,
                                 const api::DisposalAnswer& answer) {
    if (disposal.state != DisposalState::requested) return refuse_state(disposal);
    const bool own = disposal.requested_by == by.actor();
    if (answer.decision == api::DisposalDecision::withdraw) {
        if (own) return {};
        return refuse(Errc::denied, "retention.not_own_application",
                      "only the applicant withdraws an application");
    }
    if (own) {
        // That somebody tried to be both people is itself evidence.
        const Status noted = parts_.database.write([&](store::Transaction& tx) -> Status {
            store::OutboxRow row;
            row.actor = by.actor();
            row.action = "retention.self_decision_refused";
            row.detail = json{{"disposal", disposal.id}}.dump();
            tx.record(row);
            return {};
        });
        if (!noted) return noted;
        return refuse(Errc::denied, "retention.own_application",
                      "another person than the applicant must decide");
    }
    if (answer.decision == api::DisposalDecision::reject) return {};
    const Result<RetentionRule> rule = rules_.one(disposal.retention_class);
    if (!rule) return fail(rule.error());
    std::vector<std::string> names;
    for (const DisposalDay& one : disposal.days) names.push_back(one.day);
    const Result<std::vector<DisposalDay>> days = ready_days(*rule, names);
    if (!days) return fail(days.error());
    Disposal now = disposal;
    now.days = *days;
    if (content_of(now) != content_of(disposal) || content_of(disposal).hex() != answer.content) {
        return refuse(Errc::conflict, "retention.content_changed",
                      "what would be destroyed is not what was shown");
    }
    return {};
}

Result<json> Retention::decide(const access::Caller& by, const std::string& id_text,
                               const api::DisposalAnswer& answer) {
    const Result<std::int64_t> id = api::id_of(id_text);
    if (!id) return fail(id.error());
    auto found =
        parts_.database.read([&](store::Reader& reader) -> Result<std::optional<Disposal>> {
            return disposals::find(reader, *id);
        });
    if (!found) return fail(found.error());
    if (!*found) return fail(Errc::not_found, "there is no such application");
    Disposal disposal = std::move(**found);
    const Status allowed = judge_decision(by, disposal, answer);
    if (!allowed) return fail(allowed.error());
    disposal.version = answer.version;
    disposal.state = answer.decision == api::DisposalDecision::approve  ? DisposalState::approved
                     : answer.decision == api::DisposalDecision::reject ? DisposalState::rejected
                                                                        : DisposalState::withdrawn;
    disposal.decided_by = by.actor();
    disposal.decided_ns = parts_.clock.wall_ns();
    disposal.note = answer.note;
    const auto stored = parts_.database.write([&](store::Transaction& tx) -> Result<Disposal> {
        return disposals::change(tx, disposal, by.actor());
    });
    if (!stored) return fail(stored.error());
    // The decision is in the ledger before anything is destroyed.
    const Status durable = parts_.pump.flush();
    if (!durable) return fail(durable.error());
    const Result<json> shown = view(*stored);
    if (stored->state == DisposalState::approved) resume();
    return shown;
}

}  // namespace daicho::app::node
