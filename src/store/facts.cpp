#include "store/facts.hpp"

#include <algorithm>

namespace daicho::store::facts {
namespace {

constexpr std::string_view columns = "id, time_ns, kind, subject, seq, source_key, detail";

std::string key_of(const Fact& fact) {
    if (!fact.source_key.empty()) return fact.source_key;
    check(fact.seq >= 0, "a fact needs a place in the ledger or a source key");
    return "seq:" + std::to_string(fact.seq);
}

Fact read_fact(const Rows& rows) {
    Fact fact;
    fact.id = rows.integer(0);
    fact.time_ns = rows.integer(1);
    fact.kind = rows.text(2);
    fact.subject = rows.text(3);
    fact.seq = rows.integer(4);
    fact.source_key = rows.text(5);
    fact.detail = rows.text(6);
    return fact;
}

/// Conditions are added to the text; values only ever as parameters.
class Conditions {
public:
    void add(std::string_view condition, Param value) {
        params_.push_back(value);
        text_ += (text_.empty() ? " WHERE " : " AND ");
        text_ += condition;
        text_ += " $" + std::to_string(params_.size());
    }
    [[nodiscard]] std::string next_parameter(Param value) {
        params_.push_back(value);
        return "$" + std::to_string(params_.size());
    }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] std::span<const Param> params() const noexcept { return params_; }

private:
    std::string text_;
    std::vector<Param> params_;
};

}  // namespace

Result<bool> insert(Transaction& tx, const Fact& fact) {
    auto changed = tx.run(
        "INSERT INTO fact (time_ns, kind, subject, seq, source_key, detail)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, subject, source_key) DO NOTHING",
        fact.time_ns, fact.kind, fact.subject, fact.seq, key_of(fact), fact.detail);
    if (!changed) return fail(std::move(changed.error()));
    return *changed == 1;
}

Status replace(Transaction& tx, const Fact& fact) {
    auto changed = tx.run(
        "INSERT INTO fact (time_ns, kind, subject, seq, source_key, detail)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, subject, source_key)"
        " DO UPDATE SET time_ns = excluded.time_ns, seq = excluded.seq, detail = excluded.detail",
        fact.time_ns, fact.kind, fact.subject, fact.seq, key_of(fact), fact.detail);
    if (!changed) return fail(std::move(changed.error()));
    return {};
}

Result<std::vector<Fact>> find(Reader& reader, const FactQuery& query) {
    Conditions where;
    if (query.kind) where.add("kind =", *query.kind);
    if (query.subject) where.add("subject =", *query.subject);
    if (query.from_ns) where.add("time_ns >=", *query.from_ns);
    if (query.before_ns) where.add("time_ns <", *query.before_ns);
    const std::size_t wanted = std::min(query.count_max, facts_per_query_max);
    const std::string limit = where.next_parameter(wanted + 1);
    const std::string order = query.newest_first ? "time_ns DESC, id DESC" : "time_ns, id";
    Rows rows = reader.query_with("SELECT " + std::string(columns) + " FROM fact" + where.text() +
                                      " ORDER BY " + order + " LIMIT " + limit,
                                  where.params());
    std::vector<Fact> found;
    while (rows.next()) {
        if (found.size() == wanted) {
            if (query.count_max < facts_per_query_max) break;  // the caller asked for a part
            return fail(Errc::too_large, "more facts than one query may give");
        }
        found.push_back(read_fact(rows));
    }
    return found;
}

std::optional<Fact> latest(Reader& reader, const std::string& kind, const std::string& subject,
                           WallNs before_ns) {
    Rows rows = reader.query("SELECT " + std::string(columns) +
                                 " FROM fact WHERE kind = $1 AND subject = $2 AND time_ns < $3"
                                 " ORDER BY time_ns DESC, id DESC LIMIT 1",
                             kind, subject, before_ns);
    if (!rows.next()) return std::nullopt;
    return read_fact(rows);
}

std::vector<Fact> page(Reader& reader, std::int64_t after, std::size_t count) {
    Rows rows = reader.query(
        "SELECT " + std::string(columns) + " FROM fact WHERE id > $1 ORDER BY id LIMIT $2", after,
        count);
    std::vector<Fact> found;
    while (rows.next()) found.push_back(read_fact(rows));
    return found;
}

Status clear(Transaction& tx, const std::optional<std::string>& kind) {
    auto gone =
        kind ? tx.run("DELETE FROM fact WHERE kind = $1", *kind) : tx.run("DELETE FROM fact");
    if (!gone) return fail(std::move(gone.error()));
    return {};
}

}  // namespace daicho::store::facts
