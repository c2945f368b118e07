#include "app/node/schema.hpp"

namespace daicho::app::node {
namespace {

constexpr const char* first_step = R"(
CREATE TABLE source (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL,
    source_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL, owner_post TEXT,
    silence_minutes_max INTEGER, flags TEXT NOT NULL
) STRICT;
CREATE TABLE source_history (
    id INTEGER NOT NULL, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    source_id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, owner_post TEXT,
    silence_minutes_max INTEGER, flags TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;
CREATE TABLE source_seen (
    source_id TEXT PRIMARY KEY, first_seen_ns INTEGER NOT NULL, last_seen_ns INTEGER NOT NULL,
    events INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE, value TEXT NOT NULL
) STRICT;
CREATE TABLE setting_history (
    id INTEGER NOT NULL, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

CREATE TABLE derived_position (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
)";

// requested_by and decided_by are actors ("account:7"); days is a JSON list; content is what the
// approval is bound to. What came of each day stands beside it, because it is derived from the
// RETIRE leaves.
constexpr const char* disposals = R"(
CREATE TABLE disposal (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL,
    retention_class TEXT NOT NULL, state TEXT NOT NULL, days TEXT NOT NULL, content TEXT NOT NULL,
    rule TEXT NOT NULL, requested_by TEXT NOT NULL, requested_ns INTEGER NOT NULL,
    reason TEXT NOT NULL, decided_by TEXT, decided_ns INTEGER, note TEXT, finished_ns INTEGER
) STRICT;
CREATE INDEX disposal_state ON disposal (state);
CREATE TABLE disposal_history (
    id INTEGER NOT NULL, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    retention_class TEXT NOT NULL, state TEXT NOT NULL, days TEXT NOT NULL, content TEXT NOT NULL,
    rule TEXT NOT NULL, requested_by TEXT NOT NULL, requested_ns INTEGER NOT NULL,
    reason TEXT NOT NULL, decided_by TEXT, decided_ns INTEGER, note TEXT, finished_ns INTEGER,
    PRIMARY KEY (id, version)
) STRICT;
CREATE TABLE disposal_outcome (
    disposal_id INTEGER NOT NULL REFERENCES disposal (id), day TEXT NOT NULL,
    leaf_index INTEGER, problem TEXT, PRIMARY KEY (disposal_id, day)
) STRICT;
)";

// Packs: files beside the ledger, with who may fetch them. Days of sources: counters that would
// otherwise start again at each restart; skew is a histogram in its one form.
constexpr const char* survivors = R"(
CREATE TABLE pack (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, clauses TEXT NOT NULL, first_day TEXT NOT NULL,
    last_day TEXT NOT NULL, created_ns INTEGER NOT NULL, bytes INTEGER NOT NULL, digest BLOB NOT NULL
) STRICT;
CREATE TABLE source_day (
    source_id TEXT NOT NULL, day INTEGER NOT NULL, counters TEXT NOT NULL, skew TEXT NOT NULL,
    PRIMARY KEY (source_id, day)
) STRICT;
)";

constexpr const char* legal_holds = R"(
CREATE TABLE legal_hold (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL,
    first_day TEXT NOT NULL, last_day TEXT NOT NULL, reason TEXT NOT NULL, placed_by TEXT NOT NULL,
    placed_ns INTEGER NOT NULL, released_by TEXT, released_ns INTEGER, release_reason TEXT
) STRICT;
CREATE TABLE legal_hold_history (
    id INTEGER NOT NULL, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    first_day TEXT NOT NULL, last_day TEXT NOT NULL, reason TEXT NOT NULL, placed_by TEXT NOT NULL,
    placed_ns INTEGER NOT NULL, released_by TEXT, released_ns INTEGER, release_reason TEXT,
    PRIMARY KEY (id, version)
) STRICT;
)";

// Leaves are gone through once more: a rule makes facts of some that had none (CLOCK).
constexpr const char* leaves_again = "DELETE FROM derived_position WHERE name = 'facts.leaves';";

constexpr store::Migration steps[] = {
    {1, "sources, settings, positions of derived data", first_step},
    {2, "applications to destroy", disposals},
    {3, "what must survive a restart", survivors},
    {4, "steps of the clock are facts", leaves_again},
    {5, "legal holds", legal_holds},
};

}  // namespace

store::MigrationSet migrations() {
    return {"node", steps};
}

const store::Versioned& source_table() {
    static const store::Versioned described(
        "source", "source",
        {"source_id", "name", "kind", "owner_post", "silence_minutes_max", "flags"});
    return described;
}

const store::Versioned& setting_table() {
    static const store::Versioned described("setting", "setting", {"name", "value"});
    return described;
}

Result<std::int64_t> position(store::Reader& reader, std::string_view name) {
    store::Rows rows = reader.query("SELECT value FROM derived_position WHERE name = $1", name);
    return rows.next() ? rows.get<std::int64_t>(0) : 0;
}

Status set_position(store::Transaction& tx, std::string_view name, std::int64_t value) {
    const Result<std::int64_t> changed = tx.run(
        "INSERT INTO derived_position (name, value) VALUES ($1, $2) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name, value);
    if (!changed) return fail(changed.error());
    return {};
}

Result<std::vector<store::Fact>> facts_of_kind(store::Reader& reader, const std::string& kind,
                                               bool newest_first) {
    store::FactQuery query;
    query.kind = kind;
    query.newest_first = newest_first;
    return store::facts::find(reader, query);
}

}  // namespace daicho::app::node
