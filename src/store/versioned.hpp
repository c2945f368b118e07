#pragma once
// Rows that are never overwritten. A versioned table NAME holds the current version of each row, so
// that queries and UNIQUE are plain; NAME_history holds every version, the current one too, and is
// only ever added to. Each version is one outbox row, whose digest commits to exactly the values of
// the history row.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace daicho::store {

struct Version {
    std::int64_t key = 0;
    std::int64_t version = 0;
    WallNs valid_from_ns = 0;
    std::string changed_by;
    std::int64_t outbox_id = 0;  // the evidence of this version
    std::vector<Value> values;   // in the order of the columns
};

struct Change {
    std::string actor;
    std::string action;
    std::string detail = "{}";
};

/// Describes one table; a value, safe to share between threads. The schema is the room's: see
/// `columns_of_every_table`.
class Versioned {
public:
    /// `object` is the word before the colon in outbox objects: "account" gives "account:7".
    Versioned(std::string table, std::string object, std::vector<std::string> columns);

    /// Both tables have, besides their own columns: id, version, valid_from_ns, changed_by,
    /// outbox_id (id is the key of NAME; (id, version) of NAME_history).
    static constexpr std::string_view columns_of_every_table =
        "id, version, valid_from_ns, changed_by, outbox_id";

    /// Makes version 1 and gives the new key. Errc::conflict as Transaction::run gives it.
    [[nodiscard]] Result<std::int64_t> add(Transaction& tx, const std::vector<Value>& values,
                                           const Change& change) const;
    /// Makes the next version. Errc::not_found without the row; Errc::conflict
    /// ("store.changed_meanwhile") when the current version is not `expected_version`: what the
    /// caller looked at has moved on.
    [[nodiscard]] Result<std::int64_t> change(Transaction& tx, std::int64_t key,
                                              std::int64_t expected_version,
                                              const std::vector<Value>& values,
                                              const Change& change) const;
    [[nodiscard]] std::optional<Version> current(Reader& reader, std::int64_t key) const;
    /// By a column that is UNIQUE. `column` and `order` are names of columns, never input.
    [[nodiscard]] std::optional<Version> current_where(Reader& reader, std::string_view column,
                                                       const Param& value) const;
    [[nodiscard]] std::vector<Version> all(Reader& reader, std::string_view order = "id") const;
    /// As it was at a time.
    [[nodiscard]] std::optional<Version> as_of(Reader& reader, std::int64_t key,
                                               WallNs time_ns) const;
    [[nodiscard]] std::vector<Version> history(Reader& reader, std::int64_t key) const;
    /// Recomputes every digest from the history and compares current with newest. Gives what does
    /// not fit, as "account:7 version 3: …"; empty when all fits. The digests must themselves be
    /// compared with the ledger's.
    [[nodiscard]] std::vector<std::string> verify(Reader& reader) const;

    [[nodiscard]] const std::string& object() const noexcept { return object_; }

private:
    [[nodiscard]] Status write_version(Transaction& tx, Version& version,
                                       const Change& change) const;
    [[nodiscard]] Version read_version(const Rows& rows) const;
    [[nodiscard]] std::string select(std::string_view suffix, std::string_view rest) const;
    [[nodiscard]] std::string trouble_with(Reader& reader, const Version& version,
                                           std::int64_t newest) const;

    std::string table_;
    std::string object_;
    std::vector<std::string> columns_;
    std::string column_list_;  // ", a, b"
};

}  // namespace daicho::store
