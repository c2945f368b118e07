#include "app/node/services/aggregates.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "app/node/schema.hpp"

namespace daicho::app::node {
namespace {

namespace review = evidence::assess::review;
namespace search = ledger::search;

/// Fine enough to tell office hours, coarse enough that a month of sign-ins stays small.
constexpr std::int64_t slot_ns = 15 * minute_ns;

search::Query sign_in_query(const review::Slice& slice) {
    search::Query query;
    query.seq_from = slice.first_seq;
    query.seq_to = slice.last_seq + 1;
    query.category = search::Category::authentication;
    query.action = search::Action::sign_in;
    query.newest_first = false;
    return query;
}

struct Totals {
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    WallNs first_ns = 0;
    WallNs last_ns = 0;
    WallNs last_success_ns = 0;
    WallNs first_failure_ns = 0;
    void add(bool success, WallNs at) {
        const bool first = succeeded + failed == 0;
        first_ns = first ? at : std::min(first_ns, at);
        last_ns = first ? at : std::max(last_ns, at);
        if (success) {
            ++succeeded;
            last_success_ns = std::max(last_success_ns, at);
        } else {
            first_failure_ns = failed == 0 ? at : std::min(first_failure_ns, at);
            ++failed;
        }
    }
};

}  // namespace

Result<std::vector<review::SignIns>> Aggregates::sign_ins(const Slice& slice) {
    std::map<std::tuple<WallNs, std::string, std::string>, Totals> sums;
    if (slice.last_seq + 1 == slice.first_seq) return std::vector<review::SignIns>{};
    const auto extractor = make_extractor_();
    const Status visited = searcher_.visit(
        sign_in_query(slice), [&](const ledger::core::BlockEvent& event, const std::string&) {
            search::Fields fields;
            extractor->extract(event.raw, event.wall_ns, fields);
            if (fields.outcome == search::Outcome::unknown) return true;
            const WallNs at = fields.time_ns.value_or(event.wall_ns);
            const std::string address =
                fields.address ? search::print_address(*fields.address) : std::string();
            const WallNs slot = at - ((at % slot_ns) + slot_ns) % slot_ns;
            sums[{slot, std::string(fields.user), address}].add(
                fields.outcome == search::Outcome::success, at);
            return true;
        });
    if (!visited) return fail(visited.error());
    std::vector<review::SignIns> out;
    out.reserve(sums.size());
    for (const auto& [key, sum] : sums) {
        const auto& [slot, user, address] = key;
        out.push_back({slot, user, address, sum.succeeded, sum.failed, sum.first_ns, sum.last_ns,
                       sum.last_success_ns, sum.first_failure_ns});
    }
    return out;
}

Result<std::vector<review::Volume>> Aggregates::volumes(const Slice& slice) {
    // By the day of receipt: the event's own time may be anything a sender likes.
    std::map<std::pair<calendar::Date, std::string>, review::Volume> sums;
    if (slice.last_seq + 1 == slice.first_seq) return std::vector<review::Volume>{};
    search::Query query;
    query.seq_from = slice.first_seq;
    query.seq_to = slice.last_seq + 1;
    query.newest_first = false;
    search::Query failures = query;
    failures.outcome = search::Outcome::failure;
    const auto add = [&](const ledger::core::BlockEvent& event, const std::string& source,
                         bool failed) {
        const calendar::Date day = zone_.date(event.wall_ns);
        review::Volume& volume = sums[{day, source}];
        volume.day = day;
        volume.source = source;
        if (failed) {
            ++volume.failures;
        } else {
            ++volume.events;
            volume.bytes += event.raw.size();
        }
    };
    const Status all = searcher_.visit(
        query, [&](const ledger::core::BlockEvent& event, const std::string& source) {
            add(event, source, false);
            return true;
        });
    if (!all) return fail(all.error());
    const Status failed = searcher_.visit(
        failures, [&](const ledger::core::BlockEvent& event, const std::string& source) {
            add(event, source, true);
            return true;
        });
    if (!failed) return fail(failed.error());
    std::vector<review::Volume> out;
    for (auto& [key, volume] : sums) out.push_back(std::move(volume));
    return out;
}

Result<std::vector<std::string>> Aggregates::new_addresses(const Slice& slice, unsigned days) {
    search::Query query = sign_in_query(slice);
    query.outcome = search::Outcome::success;
    query.seq_from.reset();
    query.seq_to.reset();
    query.time_from_ns = slice.from_ns;
    query.time_to_ns = slice.to_ns;
    const auto groups = searcher_.new_addresses(query, days);
    if (!groups) return fail(groups.error());
    std::vector<std::string> out;
    for (const search::Group& group : *groups) out.push_back(group.key);
    return out;
}

Result<std::vector<review::SourceSilence>> Aggregates::silent_sources(const Slice& slice) {
    std::map<std::string, std::uint64_t> gaps;
    const auto facts =
        database_.read([](store::Reader& reader) { return facts_of_kind(reader, "gap.declared"); });
    if (!facts) return fail(facts.error());
    for (const store::Fact& gap : *facts) {
        if (gap.time_ns >= slice.from_ns && gap.time_ns < slice.to_ns) ++gaps[gap.subject];
    }
    std::vector<review::SourceSilence> out;
    for (const KnownSource& known : sources_.known()) {
        search::Query query;
        query.source = known.source_id;
        query.seq_from = slice.first_seq;
        query.seq_to = slice.last_seq + 1;
        query.limit = 1;
        std::uint64_t events = 0;
        if (slice.last_seq + 1 != slice.first_seq) {
            const auto page = searcher_.search(query);
            if (!page) return fail(page.error());
            events = page->matches.size();
        }
        const auto lost = gaps.find(known.source_id);
        if (events > 0 && lost == gaps.end()) continue;
        const std::optional<WallNs> last = sources_.last_seen_ns(known.source_id);
        out.push_back({known.source_id, last.value_or(0), lost == gaps.end() ? 0 : lost->second});
    }
    return out;
}

}  // namespace daicho::app::node
