#pragma once
// Answers queries over sealed segments and the unsealed tail, with or without an index.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "ledger/search/catalog.hpp"
#include "ledger/search/query.hpp"

namespace daicho::ledger::search {

/// Bytes of raw events that one page may hold; reached before `limit`, the page ends early and
/// `next` goes on.
inline constexpr std::size_t page_bytes_max = std::size_t{32} << 20;
inline constexpr std::size_t groups_max = 1'000'000;
inline constexpr std::size_t cache_bytes_default = std::size_t{32} << 20;

/// One matching event; owns its bytes. Fields are not kept: run the extractor on `raw` where they
/// are shown.
struct Match {
    std::uint64_t seq = 0;
    WallNs wall_ns = 0;
    std::int64_t monotonic_ns = 0;
    std::string source;
    Transport transport = Transport::internal;
    Framing framing = Framing::whole;
    std::uint16_t flags = 0;
    std::uint64_t true_length = 0;
    Bytes raw;
};

struct Page {
    std::vector<Match> matches;
    std::optional<std::uint64_t> next;  // Query::after of the next page; none = this was the last
    std::uint32_t segments_expired =
        0;  // whose key is destroyed: their events can't be read any more

    /// Lowest and highest number among the matches, whatever their order; two zeros without any.
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> seq_span() const;
};

struct Totals {
    std::uint64_t events = 0;
    std::uint32_t segments_expired = 0;
};

enum class GroupBy : std::uint8_t { address, user, host, app, source, hour };
struct Group {
    std::string key;  // printed address, name, or hour since 1970 as a decimal number (event time,
                      // UTC); empty = absent
    std::uint64_t events = 0;
    std::uint64_t failures = 0;
    WallNs first_ns = 0;  // event time, whole seconds
    WallNs last_ns = 0;
};

/// One line of the review summary: what one user did from one source within one hour (event time,
/// UTC).
struct RollupRow {
    std::int64_t hour = 0;  // hours since 1970
    std::string source;
    std::string user;  // empty: events that name no user
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t failures = 0;  // of any action
    std::uint64_t sign_ins = 0;  // successful
    std::uint64_t sign_ins_failed = 0;
    std::uint64_t addresses =
        0;  // distinct within one segment; an upper bound when segments were added up
};

/// Thread-safe; holds caches of opened index sections and blocks within `cache_bytes`.
class Searcher {
public:
    /// A fresh extractor for each running query (extractors are not thread-safe).
    using MakeExtractor = std::function<std::unique_ptr<Extractor>()>;
    Searcher(const Catalog& catalog, MakeExtractor make_extractor,
             std::size_t cache_bytes = cache_bytes_default);
    ~Searcher();

    /// Errc::invalid, too_large: the query. Errc::unavailable: cancelled. Errc::tampered: an index
    /// or block is corrupt.
    [[nodiscard]] Result<Page> search(const Query& query, Progress* progress = nullptr) const;
    /// Every match in the query's direction, without limit or copy; `visit` answers false to stop.
    [[nodiscard]] Status visit(const Query& query, const Catalog::Visit& visit,
                               Progress* progress = nullptr) const;
    /// `limit` and `after` are not looked at, here and below.
    [[nodiscard]] Result<Totals> count(const Query& query, Progress* progress = nullptr) const;
    /// Largest groups first, then by key. Errc::too_large over groups_max groups.
    [[nodiscard]] Result<std::vector<Group>> group(const Query& query, GroupBy by,
                                                   Progress* progress = nullptr) const;
    /// Addresses that match `query` and did not occur in matches of the same query within `days`
    /// before its time_from_ns.
    [[nodiscard]] Result<std::vector<Group>> new_addresses(const Query& query, unsigned days,
                                                           Progress* progress = nullptr) const;
    /// Sorted by hour, source, user. Whole hours of event time from <= hour < to.
    [[nodiscard]] Result<std::vector<RollupRow>> rollup(std::int64_t hour_from,
                                                        std::int64_t hour_to,
                                                        Progress* progress = nullptr) const;
    /// Exactly the events first .. first + count - 1, ascending, for a proof. Errc::not_found when
    /// one is missing.
    [[nodiscard]] Result<std::vector<Match>> fetch(std::uint64_t first_seq,
                                                   std::uint32_t count) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Events outside working hours among hourly groups: `is_working` decides for each hour since 1970.
[[nodiscard]] std::uint64_t count_out_of_hours(
    const std::vector<RollupRow>& rows, const std::function<bool(std::int64_t hour)>& is_working);

}  // namespace daicho::ledger::search
