#include "store/migration.hpp"

#include <sqlite3.h>

#include <map>
#include <string>

#include "crypto/digest.hpp"
#include "store/database.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/database_state.hpp"
#include "store/sqlite/schema_check.hpp"

namespace daicho::store {
namespace {

// Common to both databases; `id` numbers are given by the database in the order of insertion, which
// for the outbox is the order of commits, because there is one writer.
constexpr Migration steps[] = {{1, "outbox and facts", R"(
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    time_ns INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    version INTEGER NOT NULL,
    salt BLOB NOT NULL,
    digest BLOB NOT NULL,
    detail TEXT NOT NULL,
    ledger_seq INTEGER
) STRICT;
CREATE INDEX outbox_pending ON outbox (id) WHERE ledger_seq IS NULL;
CREATE INDEX outbox_object ON outbox (object, version);
CREATE TABLE fact (
    id INTEGER PRIMARY KEY,
    time_ns INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    seq INTEGER NOT NULL,
    source_key TEXT NOT NULL,
    detail TEXT NOT NULL,
    UNIQUE (kind, subject, source_key)
) STRICT;
CREATE INDEX fact_time ON fact (kind, subject, time_ns);
)"}};

struct Applied {
    std::string name;
    crypto::Digest digest;
};
using AppliedSteps = std::map<std::pair<std::string, std::int64_t>, Applied>;

AppliedSteps read_applied(Reader& reader) {
    AppliedSteps applied;
    Rows rows = reader.query("SELECT room, number, name, digest FROM schema_version");
    while (rows.next()) {
        applied[{rows.get<std::string>(0), rows.get<std::int64_t>(1)}] = {
            rows.get<std::string>(2), rows.get<crypto::Digest>(3)};
    }
    return applied;
}

std::string place(std::string_view room, std::int64_t number) {
    return std::string(room) + " " + std::to_string(number);
}

/// What is in the database must be known to this program, under the same digest.
Status compare(const AppliedSteps& applied, std::span<const MigrationSet> sets) {
    std::map<std::pair<std::string, std::int64_t>, crypto::Digest> known;
    for (const MigrationSet& set : sets) {
        std::int64_t expected = 1;
        for (const Migration& step : set.steps) {
            check(step.number == expected++, "migrations are numbered 1, 2, 3 …");
            known[{std::string(set.room), step.number}] = crypto::sha256(view_of(step.sql));
        }
    }
    for (const auto& [key, step] : applied) {
        const auto found = known.find(key);
        if (found == known.end()) {
            return refuse(Errc::conflict, "store.newer_version",
                          "the database is from a newer daicho: it has step " +
                              place(key.first, key.second) + " (" + step.name + ")");
        }
        if (found->second != step.digest) {
            return refuse(Errc::tampered, "store.schema_changed",
                          "the applied step " + place(key.first, key.second) +
                              " is not the one this program knows");
        }
    }
    return {};
}

Status apply(sqlite::Connection& connection, Transaction& tx, std::string_view room,
             const Migration& step) {
    tx.no_evidence("the schema itself; its steps are listed in schema_version");
    const std::string sql(step.sql);
    const int code = connection.execute(sql);
    if (code != SQLITE_OK) connection.raise(code, place(room, step.number));
    auto noted = tx.run("INSERT INTO schema_version VALUES ($1, $2, $3, $4, $5)", room, step.number,
                        step.name, crypto::sha256(view_of(step.sql)), tx.clock().wall_ns());
    if (!noted) return fail(std::move(noted.error()));
    return {};
}

}  // namespace

MigrationSet migrations() {
    return {"store", steps};
}

Status Database::migrate(std::span<const MigrationSet> sets) {
    // The look at what is there and the steps are one transaction each, under the write lock, so
    // that two programs that start at the same moment don't apply a step twice.
    Status prepared = write([&](Transaction& tx) -> Status {
        tx.no_evidence("the schema itself");
        const int code = state_->writer->execute(sqlite::version_table);
        if (code != SQLITE_OK) state_->writer->raise(code, "schema_version");
        return compare(read_applied(tx), sets);
    });
    if (!prepared) return prepared;
    for (const MigrationSet& set : sets) {
        for (const Migration& step : set.steps) {
            Status done = write([&](Transaction& tx) -> Status {
                tx.no_evidence("the schema itself");
                if (read_applied(tx).contains({std::string(set.room), step.number})) return {};
                return apply(*state_->writer, tx, set.room, step);
            });
            if (!done) return done;
        }
    }
    return read([&](Reader& reader) -> Status {
        const auto strange = sqlite::schema_differences(reader, sets);
        if (strange.empty()) return {};
        return refuse(Errc::tampered, "store.schema_changed",
                      "the database is not as its steps made it: " + strange.front());
    });
}

}  // namespace daicho::store
