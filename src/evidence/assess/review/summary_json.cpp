#include "base/calendar/timestamp.hpp"
#include "base/data/json.hpp"
#include "evidence/assess/review/summary.hpp"

namespace daicho::evidence::assess::review {
namespace {

using nlohmann::json;

json time_or_null(WallNs at_ns) {
    return at_ns == 0 ? json(nullptr) : json(calendar::to_rfc3339(at_ns, 0, 0));
}

json to_json(const SignIns& row) {
    return {{"user", row.user},
            {"address", row.address},
            {"succeeded", row.succeeded},
            {"failed", row.failed},
            {"first_at", time_or_null(row.first_ns)},
            {"last_at", time_or_null(row.last_ns)}};
}

json to_json(const Failures& row) {
    json out = to_json(row.sums);
    out["then_succeeded"] = row.then_succeeded;
    return out;
}

json to_json(const Frequency& row) {
    return {{"user", row.user}, {"address", row.address}, {"now", row.now}, {"before", row.before}};
}

json to_json(const Volume& row) {
    return {{"day", calendar::to_text(row.day)},
            {"source_id", row.source},
            {"events", row.events},
            {"bytes", row.bytes},
            {"failures", row.failures}};
}

json to_json(const SourceSilence& row) {
    return {{"source_id", row.source}, {"last_at", time_or_null(row.last_ns)}, {"gaps", row.gaps}};
}

template <typename Row>
json list_of(const std::vector<Row>& rows) {
    json out = json::array();
    for (const Row& row : rows) out.push_back(to_json(row));
    return out;
}

}  // namespace

json to_json(const Summary& summary) {
    return {{"from", calendar::to_rfc3339(summary.slice.from_ns, 0, 0)},
            {"to", calendar::to_rfc3339(summary.slice.to_ns, 0, 0)},
            {"first_seq", summary.slice.first_seq},
            {"last_seq", summary.slice.last_seq},
            {"events", summary.events},
            {"succeeded", summary.succeeded},
            {"failed", summary.failed},
            {"sign_ins", list_of(summary.sign_ins)},
            {"out_of_hours", list_of(summary.out_of_hours)},
            {"new_addresses", list_of(summary.new_addresses)},
            {"repeated_failures", list_of(summary.failures)},
            {"frequency", list_of(summary.frequency)},
            {"volumes", list_of(summary.volumes)},
            {"silent_sources", list_of(summary.silent_sources)},
            {"missing_events", summary.missing_events},
            {"truncated", summary.truncated}};
}

crypto::Digest digest_of(const Summary& summary) {
    return crypto::sha256(view_of(data::canonical_json(to_json(summary))));
}

}  // namespace daicho::evidence::assess::review
