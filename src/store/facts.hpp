#pragma once
// What status is computed from: small facts, each derived from the ledger and never evidence
// itself. All of them can be dropped and derived again.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace daicho::store {

/// One query must not fill memory; a year of hourly facts of one subject is 8,784.
inline constexpr std::size_t facts_per_query_max = 100'000;

struct Fact {
    std::int64_t id = 0;  // given by the store
    WallNs time_ns = 0;   // what the fact speaks of
    std::string kind;     // "review.completed"
    std::string subject;  // "tls:…", "clause:…"; empty for the whole
    std::int64_t seq =
        -1;  // place in the ledger that it was derived from; -1: from no single place
    /// Tells repetitions apart; empty means "by its seq". A fact per source and day has the day
    /// here.
    std::string source_key;
    std::string detail = "{}";  // a JSON object
};

/// Every condition that is set must hold. Times: from <= time < before.
struct FactQuery {
    std::optional<std::string> kind;
    std::optional<std::string> subject;
    std::optional<WallNs> from_ns;
    std::optional<WallNs> before_ns;
    bool newest_first = false;
    std::size_t count_max = facts_per_query_max;
};

/// All run in the caller's transaction. Facts are derived data: a transaction that writes only
/// facts says no_evidence().
namespace facts {

/// False when the same fact (kind, subject, source_key) is there already; the first one stays as it
/// is.
[[nodiscard]] Result<bool> insert(Transaction& tx, const Fact& fact);
/// Like insert, but a measurement repeated for the same key replaces the older one.
[[nodiscard]] Status replace(Transaction& tx, const Fact& fact);
/// Ordered by time, then id. Errc::too_large when more than count_max match and count_max was left
/// at its limit.
[[nodiscard]] Result<std::vector<Fact>> find(Reader& reader, const FactQuery& query);
/// The newest one before a time: "when was the last review as of t?"
[[nodiscard]] std::optional<Fact> latest(Reader& reader, const std::string& kind,
                                         const std::string& subject, WallNs before_ns);
/// In the order of their ids, those above `after`, at most `count`: for whoever goes through all.
[[nodiscard]] std::vector<Fact> page(Reader& reader, std::int64_t after, std::size_t count);
/// Forgets all facts, or those of one kind, before they are derived again.
[[nodiscard]] Status clear(Transaction& tx, const std::optional<std::string>& kind = std::nullopt);

}  // namespace facts
}  // namespace daicho::store
