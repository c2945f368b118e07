#include "app/node/services/ledger_damage.hpp"

#include <algorithm>

#include "app/api/reply.hpp"
#include "app/node/schema.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

json alarm(const char* key, WallNs since, json params) {
    return {{"level", "critical"},
            {"message", {{"text_key", key}, {"params", std::move(params)}}},
            {"since", api::time_text(since)}};
}

}  // namespace

Result<json> damage_alarms(ledger::Ledger& ledger, store::Database& database, WallNs now) {
    json out = json::array();
    const auto missing = ledger.segments().absent().missing();
    if (!missing.empty()) {
        std::uint64_t events = 0;
        std::uint64_t first = missing.front().first_seq;
        std::uint64_t last = 0;
        for (const ledger::read::MissingSegment& one : missing) {
            events += one.events;
            first = std::min(first, one.first_seq);
            last = std::max(last, one.last_seq);
        }
        out.push_back(alarm("ledger.alarm.segment_missing", now,
                            {{"segments", std::to_string(missing.size())},
                             {"events", std::to_string(events)},
                             {"first", std::to_string(first)},
                             {"last", std::to_string(last)}}));
    }
    const auto heads = database.read(
        [](store::Reader& reader) { return facts_of_kind(reader, "ledger.head_missing", true); });
    if (!heads) return fail(heads.error());
    if (!heads->empty() && now - heads->front().time_ns < head_missing_shown_ns)
        out.push_back(alarm("ledger.alarm.head_missing", heads->front().time_ns, json::object()));
    return out;
}

json missing_message(ledger::Ledger& ledger, std::uint64_t first, std::uint64_t last) {
    const std::uint64_t events = ledger.segments().absent().missing_within(first, last);
    if (events == 0) return nullptr;
    return {{"text_key", "search.missing"}, {"params", {{"events", std::to_string(events)}}}};
}

}  // namespace daicho::app::node
