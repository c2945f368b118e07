// The review of logs: which entries a period covers, the summary of exactly those, and the sign-off
// that names them.
#include <algorithm>

#include "access/account.hpp"
#include "access/organisation.hpp"
#include "app/api/reply.hpp"
#include "app/node/services/business_hours.hpp"
#include "app/node/services/duties.hpp"
#include "app/node/services/event_service.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;
namespace review_ = evidence::assess::review;

constexpr std::size_t reviews_per_page = 50;

/// The last event that a tree of this size commits to, and when its newest leaf was made.
struct TreeEnd {
    std::optional<std::uint64_t> last_seq;
    WallNs wall_ns = 0;
};

Result<TreeEnd> end_of_tree(ledger::read::Prover& prover, std::uint64_t size) {
    TreeEnd out;
    for (std::uint64_t index = size; index-- > 0;) {
        const Result<Bytes> bytes = prover.leaf(index);
        if (!bytes) return fail(bytes.error());
        const auto batch = ledger::core::decode_batch(*bytes);
        if (batch) {
            out.wall_ns = std::max(out.wall_ns, batch->wall_last_ns);
            out.last_seq = batch->first_seq + batch->count - 1;
            return out;
        }
        const auto notice = ledger::core::decode_notice(*bytes);
        if (notice) out.wall_ns = std::max(out.wall_ns, notice->wall_ns);
    }
    return out;
}

}  // namespace

Result<const register_::Obligation*> Duties::review_obligation(const std::string& id) const {
    const auto& all = parts_.compliance.content().obligations;
    const auto found = all.find(id);
    if (found == all.end() || found->second.evidence != "review.completed") {
        return fail(Errc::not_found, "there is no review of that name");
    }
    return &found->second;
}

Result<Duties::Covered> Duties::covered(const std::string& obligation, const api::Period& period,
                                        std::optional<std::uint64_t> tree_size) {
    Result<ledger::read::Prover> prover = parts_.ledger.prover();
    if (!prover) return fail(prover.error());
    const std::uint64_t size = tree_size.value_or(prover->head().size);
    const Result<ledger::core::TreeHead> tree = prover->head_at(size);
    if (!tree) return fail(tree.error());
    const Result<TreeEnd> end = end_of_tree(*prover, size);
    if (!end) return fail(end.error());
    const auto first = parts_.database.read([&](store::Reader& reader) -> Result<std::int64_t> {
        return register_::next_first_seq(reader, obligation);
    });
    if (!first) return fail(first.error());
    Covered out;
    out.tree = *tree;
    out.through_ns = end->wall_ns;
    out.slice.first_seq = static_cast<std::uint64_t>(*first);
    out.slice.last_seq = out.slice.first_seq - 1;
    out.slice.from_ns = period.from_ns;
    out.slice.to_ns = period.to_ns;
    const std::optional<std::uint64_t> last = parts_.ledger.last_seq_before(period.to_ns);
    if (last && end->last_seq && std::min(*last, *end->last_seq) + 1 > out.slice.first_seq) {
        out.slice.last_seq = std::min(*last, *end->last_seq);
    }
    return out;
}

Result<review_::Summary> Duties::summary(const Covered& covered_entries,
                                         const register_::Schedule& when) {
    const auto hours =
        parts_.database.read([](store::Reader& reader) -> Result<review_::BusinessHours> {
            return business_hours(reader);
        });
    if (!hours) return fail(hours.error());
    const review_::Slice& slice = covered_entries.slice;
    Result<review_::Summary> out =
        review_::summarise(parts_.aggregates, slice, *hours, when.business_days, when.zone);
    // After the sums: a file that vanished is noticed by whoever reads it.
    if (out && slice.last_seq + 1 != slice.first_seq) {
        out->missing_events =
            parts_.ledger.segments().absent().missing_within(slice.first_seq, slice.last_seq);
    }
    return out;
}

json Duties::range_view(const Covered& covered_entries) const {
    const review_::Slice& slice = covered_entries.slice;
    const bool empty = slice.last_seq + 1 == slice.first_seq;
    return {{"first_seq", empty ? json(nullptr) : json(std::to_string(slice.first_seq))},
            {"last_seq", empty ? json(nullptr) : json(std::to_string(slice.last_seq))},
            {"count", empty ? 0 : slice.last_seq - slice.first_seq + 1},
            {"tree_size", std::to_string(covered_entries.tree.size)},
            {"root", covered_entries.tree.root.hex()}};
}

Result<json> Duties::draft(const access::Caller& caller, const std::string& obligation_id,
                           const api::Period& period) {
    const auto obligation = review_obligation(obligation_id);
    if (!obligation) return fail(obligation.error());
    Result<ledger::ReadRecord> record =
        read_record(parts_.access, caller, access::Permission::log_review, "review");
    if (!record) return fail(record.error());
    const Status flushed = parts_.pump.flush();
    if (!flushed) return fail(flushed.error());
    const Result<Statuses> known =
        statuses(**obligation, period.from_ns - 400 * day_ns, period.to_ns + 45 * day_ns);
    if (!known) return fail(known.error());
    const Result<Covered> entries = covered(obligation_id, period, std::nullopt);
    if (!entries) return fail(entries.error());
    const Result<review_::Summary> sums = summary(*entries, known->schedule);
    if (!sums) return fail(sums.error());
    record->first_seq = entries->slice.first_seq;
    record->last_seq = entries->slice.last_seq;
    record->events = entries->slice.last_seq + 1 - entries->slice.first_seq;
    const Result<std::uint64_t> noted = parts_.ledger.record_read(*record);
    if (!noted) return fail(noted.error());
    const auto occurrence = register_::open_occurrence(known->list, parts_.clock.wall_ns());
    json out = review_::to_json(*sums);
    out["obligation_id"] = obligation_id;
    out["occurrence_id"] = occurrence ? json(occurrence->id) : json(nullptr);
    out["title"] = text_view((*obligation)->title);
    out["from"] = api::time_text(period.from_ns);
    out["to"] = api::time_text(period.to_ns);
    out["range"] = range_view(*entries);
    out["digest"] = review_::digest_of(*sums).hex();
    const auto hours = parts_.database.read(
        [](store::Reader& reader) -> Result<json> { return business_hours_view(reader); });
    if (!hours) return fail(hours.error());
    out["business_hours"] = *hours;
    std::uint64_t gaps = 0;
    json silent = json::array();
    for (const review_::SourceSilence& source : sums->silent_sources) {
        gaps += source.gaps;
        silent.push_back(parts_.sources.name_of(source.source).value_or(source.source));
    }
    out["gaps"] = gaps;
    out["silent_sources"] = silent;
    for (json& volume : out["volumes"]) {
        const auto name = parts_.sources.name_of(volume.value("source_id", std::string()));
        volume["source_name"] = name ? json(*name) : json(nullptr);
    }
    json checklist = json::array();
    for (const register_::ChecklistItem& item : (*obligation)->checklist) {
        checklist.push_back({{"id", item.id},
                             {"title", text_view(item.title)},
                             {"ask", text_view(item.ask)},
                             {"panel", item.panel}});
    }
    out["checklist"] = checklist;
    return out;
}

Result<json> Duties::complete(const access::Caller& caller, const api::SignOff& sign_off) {
    const auto obligation = review_obligation(sign_off.obligation);
    if (!obligation) return fail(obligation.error());
    const Result<ledger::ReadRecord> right =
        read_record(parts_.access, caller, access::Permission::log_review, "review");
    if (!right) return fail(right.error());
    const api::Period& period = sign_off.period;
    const Result<Statuses> known =
        statuses(**obligation, period.from_ns - 400 * day_ns, period.to_ns + 45 * day_ns);
    if (!known) return fail(known.error());
    const Result<Covered> entries = covered(sign_off.obligation, period, sign_off.tree_size);
    if (!entries) return fail(entries.error());
    const Result<review_::Summary> sums = summary(*entries, known->schedule);
    if (!sums) return fail(sums.error());
    const crypto::Digest digest = review_::digest_of(*sums);
    if (digest.hex() != sign_off.digest) {
        return refuse(Errc::conflict, "review.summary_changed",
                      "the summary is no longer the one that was shown");
    }
    if (sums->missing_events > 0 && sign_off.findings.empty()) {
        return refuse(Errc::conflict, "review.missing_unnamed",
                      "events of the range are missing, and no finding says so",
                      {{"events", std::to_string(sums->missing_events)}});
    }
    register_::Review review;
    review.obligation = sign_off.obligation;
    const auto occurrence = register_::open_occurrence(known->list, parts_.clock.wall_ns());
    review.occurrence = occurrence ? occurrence->id
                                   : register_::extra_occurrence(**obligation, known->schedule.zone,
                                                                 parts_.clock.wall_ns());
    review.performer = caller.actor();
    review.right = {right->role, right->delegation};
    review.range = {static_cast<std::int64_t>(entries->slice.first_seq),
                    static_cast<std::int64_t>(entries->slice.last_seq),
                    entries->tree.root,
                    static_cast<std::int64_t>(entries->tree.size),
                    period.from_ns,
                    entries->through_ns,
                    period.to_ns};
    review.summary = digest;
    review.checklist = sign_off.checklist;
    review.comment = sign_off.comment;
    for (const api::Finding& finding : sign_off.findings) {
        register_::ReviewFinding one{finding.text, {}};
        for (const std::uint64_t seq : finding.seqs)
            one.seqs.push_back(static_cast<std::int64_t>(seq));
        review.findings.push_back(std::move(one));
    }
    const auto stored =
        parts_.database.write([&](store::Transaction& tx) -> Result<register_::Review> {
            return register_::complete(tx, **obligation, review);
        });
    if (!stored) return fail(stored.error());
    const Status durable = parts_.pump.flush();
    if (!durable) return fail(durable.error());
    return review_view(*stored);
}

Result<json> Duties::review_view(const register_::Review& review) {
    struct Names {
        std::string reviewer;
        std::optional<std::int64_t> seq;
    };
    const auto names = parts_.database.read([&](store::Reader& reader) -> Result<Names> {
        Names out;
        const Result<std::int64_t> id =
            api::id_of(review.performer.substr(review.performer.find(':') + 1));
        const auto account = id ? access::accounts::by_id(reader, *id) : std::nullopt;
        if (account) out.reviewer = account->display_name;
        store::Rows rows =
            reader.query("SELECT ledger_seq FROM outbox WHERE id = $1", review.outbox_id);
        if (rows.next()) out.seq = rows.get<std::optional<std::int64_t>>(0);
        return out;
    });
    if (!names) return fail(names.error());
    json findings = json::array();
    for (const register_::ReviewFinding& finding : review.findings) {
        json seqs = json::array();
        for (const std::int64_t seq : finding.seqs) seqs.push_back(std::to_string(seq));
        findings.push_back({{"text", finding.text}, {"seqs", seqs}});
    }
    Covered entries;
    entries.slice.first_seq = static_cast<std::uint64_t>(review.range.first_seq);
    entries.slice.last_seq = static_cast<std::uint64_t>(review.range.last_seq);
    entries.tree = {static_cast<std::uint64_t>(review.range.checkpoint_size), review.range.root};
    const auto& all = parts_.compliance.content().obligations;
    const auto known = all.find(review.obligation);
    return json{
        {"id", std::to_string(review.id)},
        {"obligation_id", review.obligation},
        {"occurrence_id", review.occurrence},
        {"title", known == all.end() ? json{{"ja", review.obligation}, {"en", review.obligation}}
                                     : text_view(known->second.title)},
        {"from", api::time_text(review.range.from_ns)},
        {"to", api::time_text(review.range.to_ns)},
        {"range", range_view(entries)},
        {"digest", review.summary.hex()},
        {"conclusion", review.findings.empty() ? "nothing_found" : "findings"},
        {"comment", review.comment},
        {"findings", findings},
        {"reviewer_id", review.performer.substr(review.performer.find(':') + 1)},
        {"reviewer_name", names->reviewer},
        {"completed_at", api::time_text(review.completed_ns)},
        {"ledger_seq", api::seq_or_null(names->seq)}};
}

Result<json> Duties::reviews(const std::string& cursor) {
    std::int64_t before = 0;
    if (!cursor.empty()) {
        const Result<std::int64_t> id = api::id_of(cursor);
        if (!id) return refuse(Errc::invalid, "common.bad_cursor", "not a cursor of this list");
        before = *id;
    }
    const auto found = parts_.database.read([&](store::Reader& reader) {
        return register_::reviews(reader, before, reviews_per_page);
    });
    if (!found) return fail(found.error());
    json out = json::array();
    for (const register_::Review& review : *found) {
        const Result<json> view = review_view(review);
        if (!view) return view;
        out.push_back(*view);
    }
    const bool more = found->size() == reviews_per_page;
    return json{{"reviews", out},
                {"next_cursor", more ? json(std::to_string(found->back().id)) : json(nullptr)}};
}

}  // namespace daicho::app::node
