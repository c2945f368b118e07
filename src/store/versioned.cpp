#include "store/versioned.hpp"

#include <charconv>

namespace daicho::store {
namespace {

constexpr int own_columns_from = 5;  // after columns_of_every_table

/// What the digest of a version commits to: its values, and since when and by whom they hold.
Bytes content_of(const Version& version) {
    std::vector<Value> all{Value(version.key), Value(version.version), Value(version.valid_from_ns),
                           Value(version.changed_by)};
    all.insert(all.end(), version.values.begin(), version.values.end());
    return canonical_form(all);
}

std::string placeholders(std::size_t count) {
    std::string out;
    for (std::size_t i = 1; i <= count; ++i) {
        out += (i == 1 ? "$" : ", $") + std::to_string(i);
    }
    return out;
}

}  // namespace

Versioned::Versioned(std::string table, std::string object, std::vector<std::string> columns)
    : table_(std::move(table)), object_(std::move(object)), columns_(std::move(columns)) {
    for (const std::string& column : columns_) column_list_ += ", " + column;
}

Result<std::int64_t> Versioned::add(Transaction& tx, const std::vector<Value>& values,
                                    const Change& change) const {
    Rows rows = tx.query("SELECT COALESCE(MAX(id), 0) + 1 FROM " + table_);
    check(rows.next(), "an aggregate gives one row");
    Version version{rows.integer(0), 1, tx.clock().wall_ns(), change.actor, 0, values};
    Status written = write_version(tx, version, change);
    if (!written) return fail(std::move(written.error()));
    return version.key;
}

Result<std::int64_t> Versioned::change(Transaction& tx, std::int64_t key,
                                       std::int64_t expected_version,
                                       const std::vector<Value>& values,
                                       const Change& change) const {
    const std::optional<Version> before = current(tx, key);
    if (!before) return fail(Errc::not_found, "no such row");
    if (before->version != expected_version) {
        return refuse(Errc::conflict, "store.changed_meanwhile", "the row has a newer version");
    }
    Version version{key, before->version + 1, tx.clock().wall_ns(), change.actor, 0, values};
    Status written = write_version(tx, version, change);
    if (!written) return fail(std::move(written.error()));
    return version.version;
}

Status Versioned::write_version(Transaction& tx, Version& version, const Change& change) const {
    check(version.values.size() == columns_.size(), "one value for each column");
    const std::string all = std::string(columns_of_every_table) + column_list_;
    const auto params = [&version] {
        std::vector<Param> out{Param(version.key), Param(version.version),
                               Param(version.valid_from_ns), Param(version.changed_by),
                               Param(version.outbox_id)};
        for (const Value& value : version.values) out.emplace_back(value);
        return out;
    };
    const std::string marks = placeholders(own_columns_from + columns_.size());
    // The current row first: its constraints decide whether there is anything to give evidence of.
    std::string upsert = "INSERT INTO " + table_ + " (" + all + ") VALUES (" + marks + ")";
    if (version.version > 1) {
        upsert +=
            " ON CONFLICT (id) DO UPDATE SET version = excluded.version,"
            " valid_from_ns = excluded.valid_from_ns, changed_by = excluded.changed_by,"
            " outbox_id = excluded.outbox_id";
        for (const std::string& column : columns_)
            upsert += ", " + column + " = excluded." + column;
    }
    auto stored = tx.run_with(upsert, params());
    if (!stored) return fail(std::move(stored.error()));
    version.outbox_id =
        tx.record({change.actor, change.action, object_ + ":" + std::to_string(version.key),
                   version.version, content_of(version), change.detail});
    auto linked = tx.run("UPDATE " + table_ + " SET outbox_id = $2 WHERE id = $1", version.key,
                         version.outbox_id);
    if (!linked) return fail(std::move(linked.error()));
    auto kept = tx.run_with(
        "INSERT INTO " + table_ + "_history (" + all + ") VALUES (" + marks + ")", params());
    if (!kept) return fail(std::move(kept.error()));
    return {};
}

Version Versioned::read_version(const Rows& rows) const {
    Version version{rows.integer(0), rows.integer(1), rows.integer(2),
                    rows.text(3),    rows.integer(4), {}};
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        version.values.push_back(rows.value(own_columns_from + static_cast<int>(i)));
    }
    return version;
}

std::string Versioned::select(std::string_view suffix, std::string_view rest) const {
    return "SELECT " + std::string(columns_of_every_table) + column_list_ + " FROM " + table_ +
           std::string(suffix) + " " + std::string(rest);
}

std::optional<Version> Versioned::current(Reader& reader, std::int64_t key) const {
    Rows rows = reader.query(select("", "WHERE id = $1"), key);
    if (!rows.next()) return std::nullopt;
    return read_version(rows);
}

std::optional<Version> Versioned::current_where(Reader& reader, std::string_view column,
                                                const Param& value) const {
    Rows rows = reader.query(select("", "WHERE " + std::string(column) + " = $1"), value);
    if (!rows.next()) return std::nullopt;
    return read_version(rows);
}

std::vector<Version> Versioned::all(Reader& reader, std::string_view order) const {
    Rows rows = reader.query(select("", "ORDER BY " + std::string(order)));
    std::vector<Version> out;
    while (rows.next()) out.push_back(read_version(rows));
    return out;
}

std::optional<Version> Versioned::as_of(Reader& reader, std::int64_t key, WallNs time_ns) const {
    Rows rows = reader.query(select("_history",
                                    "WHERE id = $1 AND valid_from_ns <= $2"
                                    " ORDER BY version DESC LIMIT 1"),
                             key, time_ns);
    if (!rows.next()) return std::nullopt;
    return read_version(rows);
}

std::vector<Version> Versioned::history(Reader& reader, std::int64_t key) const {
    Rows rows = reader.query(select("_history", "WHERE id = $1 ORDER BY version"), key);
    std::vector<Version> out;
    while (rows.next()) out.push_back(read_version(rows));
    return out;
}

std::string Versioned::trouble_with(Reader& reader, const Version& version,
                                    std::int64_t newest) const {
    const std::string object = object_ + ":" + std::to_string(version.key);
    Rows rows = reader.query("SELECT object, version, salt, digest FROM outbox WHERE id = $1",
                             version.outbox_id);
    if (!rows.next()) return "its evidence is missing";
    if (rows.text(0) != object || rows.integer(1) != version.version) {
        return "its evidence speaks of something else";
    }
    if (state_digest(rows.blob(2), object, version.version, content_of(version)) !=
        rows.get<crypto::Digest>(3)) {
        return "its content is not what was recorded";
    }
    if (version.version != newest) return {};
    const std::optional<Version> now = current(reader, version.key);
    if (!now) return "its current row is missing";
    const bool same = now->version == version.version && now->outbox_id == version.outbox_id &&
                      content_of(*now) == content_of(version);
    return same ? std::string() : "its current row is not the newest version";
}

std::vector<std::string> Versioned::verify(Reader& reader) const {
    std::vector<std::string> trouble;
    const auto note = [&](std::int64_t key, std::int64_t number, const std::string& what) {
        trouble.push_back(object_ + ":" + std::to_string(key) + " version " +
                          std::to_string(number) + ": " + what);
    };
    // Evidence first, so that a version removed together with its successor is missed too.
    const std::string prefix = object_ + ":";
    Rows recorded = reader.query(
        "SELECT object, MAX(version) FROM outbox WHERE version > 0 AND"
        " substr(object, 1, $2) = $1 GROUP BY object ORDER BY MIN(id)",
        prefix, prefix.size());
    while (recorded.next()) {
        const std::string object = recorded.text(0);
        const std::int64_t newest = recorded.integer(1);
        std::int64_t key = 0;
        const char* end = object.data() + object.size();
        if (std::from_chars(object.data() + prefix.size(), end, key).ptr != end) {
            trouble.push_back(object + ": not an object of this table");
            continue;
        }
        const std::vector<Version> versions = history(reader, key);
        std::int64_t expected = 1;
        for (const Version& version : versions) {
            for (; expected < version.version; ++expected) note(key, expected, "missing");
            ++expected;
            const std::string what = trouble_with(reader, version, newest);
            if (!what.empty()) note(key, version.version, what);
        }
        for (; expected <= newest; ++expected) note(key, expected, "missing");
    }
    Rows unknown = reader.query("SELECT h.id, h.version FROM " + table_ +
                                    "_history h WHERE NOT EXISTS"
                                    " (SELECT 1 FROM outbox o WHERE o.object = $1 || h.id)"
                                    " ORDER BY h.id, h.version",
                                prefix);
    while (unknown.next())
        note(unknown.integer(0), unknown.integer(1), "nothing was recorded of it");
    return trouble;
}

}  // namespace daicho::store
