#include <sqlite3.h>

#include "store/database.hpp"
#include "store/sqlite/connection.hpp"

namespace daicho::store {
namespace {

constexpr std::string_view unique_prefix = "UNIQUE constraint failed: ";

/// What a caller may decide on; nullopt for everything else.
std::optional<Error> conflict_of(int code, const char* message) {
    switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID: {
            std::string_view columns = message;
            if (columns.starts_with(unique_prefix)) columns.remove_prefix(unique_prefix.size());
            return Error{Errc::conflict,
                         "not unique: " + std::string(columns),
                         "store.not_unique",
                         {{"constraint", "unique"}, {"columns", std::string(columns)}}};
        }
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            return Error{Errc::conflict,
                         "a row that this one belongs to is missing, or one belongs to it",
                         "store.foreign_key",
                         {{"constraint", "foreign_key"}}};
        default:
            return std::nullopt;
    }
}

}  // namespace

Rows Reader::query_with(std::string_view sql, std::span<const Param> params) {
    std::unique_ptr<sqlite::Statement> statement = connection_.prepare(sql);
    check(sqlite3_stmt_readonly(statement->raw()) != 0,
          "query() is for reading; use run or insert");
    statement->bind(params);
    return Rows(std::move(statement));
}

const Clock& Reader::clock() const noexcept {
    return connection_.clock();
}

Result<std::int64_t> Transaction::run_with(std::string_view sql, std::span<const Param> params) {
    // After some errors (full disk, I/O) SQLite has ended the transaction by itself; going on would
    // commit by statement.
    if (!connection_.in_transaction()) throw Fault("the transaction has ended under the statement");
    const std::unique_ptr<sqlite::Statement> statement = connection_.prepare(sql);
    statement->bind(params);
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = statement->step();
    if (code == SQLITE_DONE) return sqlite3_changes64(connection_.raw());
    if (auto conflict = conflict_of(code, sqlite3_errmsg(connection_.raw()))) {
        return fail(*std::move(conflict));
    }
    connection_.raise(code, sql);
}

Result<std::int64_t> Transaction::insert_with(std::string_view sql, std::span<const Param> params) {
    if (!connection_.in_transaction()) throw Fault("the transaction has ended under the statement");
    const std::unique_ptr<sqlite::Statement> statement = connection_.prepare(sql);
    statement->bind(params);
    int code = statement->step();
    if (code == SQLITE_ROW) {
        check(sqlite3_column_count(statement->raw()) == 1 &&
                  sqlite3_column_type(statement->raw(), 0) == SQLITE_INTEGER,
              "insert() needs RETURNING one integer");
        const std::int64_t answer = sqlite3_column_int64(statement->raw(), 0);
        code = statement->step();  // the row counts only once the statement has come to its end
        check(code != SQLITE_ROW, "insert() is for one row");
        if (code == SQLITE_DONE) return answer;
    }
    check(code != SQLITE_DONE, "insert() needs RETURNING one integer");
    if (auto conflict = conflict_of(code, sqlite3_errmsg(connection_.raw()))) {
        return fail(*std::move(conflict));
    }
    connection_.raise(code, sql);
}

void Transaction::no_evidence(std::string_view reason) noexcept {
    check(!reason.empty(), "no_evidence needs its reason");
    evidence_settled_ = true;
}

}  // namespace daicho::store
