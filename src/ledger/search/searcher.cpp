#include "ledger/search/searcher.hpp"

#include <algorithm>
#include <limits>

#include "ledger/search/searcher_state.hpp"
#include "ledger/search/sweep.hpp"

namespace daicho::ledger::search {
namespace {

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

Match copy_of(const core::BlockEvent& event, const std::string& source) {
    Match match;
    match.seq = event.seq;
    match.wall_ns = event.wall_ns;
    match.monotonic_ns = event.monotonic_ns;
    match.source = source;
    match.transport = event.transport;
    match.framing = event.framing;
    match.flags = event.flags;
    match.true_length = event.true_length;
    match.raw.assign(event.raw.begin(), event.raw.end());
    return match;
}

}  // namespace

std::pair<std::uint64_t, std::uint64_t> Page::seq_span() const {
    if (matches.empty()) return {0, 0};
    const auto [low, high] = std::ranges::minmax_element(matches, {}, &Match::seq);
    return {low->seq, high->seq};
}

Searcher::Searcher(const Catalog& catalog, MakeExtractor make_extractor, std::size_t cache_bytes)
    : state_(std::make_unique<State>(catalog, std::move(make_extractor), cache_bytes)) {}
Searcher::~Searcher() = default;

Result<Page> Searcher::search(const Query& query, Progress* progress) const {
    const Status good = check_query(query);
    if (!good) return tl::unexpected(good.error());
    const auto extractor = state_->make_extractor();
    Probe probe(query, *extractor);
    Sweep sweep(probe, state_->store, progress);
    Page page;
    std::size_t bytes = 0;
    const auto deliver = [&](const core::BlockEvent& event, const std::string& source) {
        page.matches.push_back(copy_of(event, source));
        bytes += event.raw.size();
        return page.matches.size() < query.limit && bytes < page_bytes_max;
    };
    const Status done = sweep.run(deliver, query.limit);
    if (!done) return tl::unexpected(done.error());
    if (!sweep.is_exhausted() && !page.matches.empty()) page.next = page.matches.back().seq;
    page.segments_expired = sweep.segments_expired();
    return page;
}

Status Searcher::visit(const Query& query, const Catalog::Visit& visit, Progress* progress) const {
    const Status good = check_query(query);
    if (!good) return good;
    const auto extractor = state_->make_extractor();
    Probe probe(query, *extractor);
    return Sweep(probe, state_->store, progress).run(visit, unlimited);
}

Result<std::vector<Match>> Searcher::fetch(std::uint64_t first_seq, std::uint32_t count) const {
    Query query;
    query.newest_first = false;
    query.seq_from = first_seq;
    if (first_seq > std::numeric_limits<std::uint64_t>::max() - count) {
        return fail(Errc::invalid, "sequence numbers out of range");
    }
    query.seq_to = first_seq + count;
    std::vector<Match> out;
    const Status done = visit(query, [&](const core::BlockEvent& event, const std::string& source) {
        out.push_back(copy_of(event, source));
        return true;
    });
    if (!done) return tl::unexpected(done.error());
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i].seq != first_seq + i)
            return fail(Errc::not_found, "an event of the range is missing");
    }
    if (out.size() != count) return fail(Errc::not_found, "an event of the range is missing");
    return out;
}

std::uint64_t count_out_of_hours(const std::vector<RollupRow>& rows,
                                 const std::function<bool(std::int64_t hour)>& is_working) {
    std::uint64_t events = 0;
    for (const RollupRow& row : rows) events += is_working(row.hour) ? 0 : row.events;
    return events;
}

}  // namespace daicho::ledger::search
