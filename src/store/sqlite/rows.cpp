#include "store/rows.hpp"

#include <sqlite3.h>

#include "store/sqlite/connection.hpp"

namespace daicho::store {

Rows::Rows(std::unique_ptr<sqlite::Statement> statement) : statement_(std::move(statement)) {}
Rows::~Rows() = default;
Rows::Rows(Rows&&) noexcept = default;

bool Rows::next() {
    const int code = statement_->step();
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    statement_->connection().raise(code, statement_->sql());
}

bool Rows::is_null(int column) const {
    check(column >= 0 && column < sqlite3_data_count(statement_->raw()),
          "no such column, or no row to read");
    return sqlite3_column_type(statement_->raw(), column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const {
    if (is_null(column) || sqlite3_column_type(statement_->raw(), column) != SQLITE_INTEGER) {
        mistyped(column, "an integer");
    }
    return sqlite3_column_int64(statement_->raw(), column);
}

std::string Rows::text(int column) const {
    if (is_null(column) || sqlite3_column_type(statement_->raw(), column) != SQLITE_TEXT) {
        mistyped(column, "text");
    }
    const auto* start =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_->raw(), column));
    if (start == nullptr) throw std::bad_alloc();
    return {start, static_cast<std::size_t>(sqlite3_column_bytes(statement_->raw(), column))};
}

Bytes Rows::blob(int column) const {
    if (is_null(column) || sqlite3_column_type(statement_->raw(), column) != SQLITE_BLOB) {
        mistyped(column, "bytes");
    }
    const auto* start =
        static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_->raw(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_->raw(), column));
    return start == nullptr ? Bytes() : Bytes(start, start + size);
}

Value Rows::value(int column) const {
    if (is_null(column)) return std::monostate();
    switch (sqlite3_column_type(statement_->raw(), column)) {
        case SQLITE_INTEGER:
            return integer(column);
        case SQLITE_TEXT:
            return text(column);
        case SQLITE_BLOB:
            return blob(column);
        default:
            mistyped(column, "a value that every database has");
    }
}

void Rows::mistyped(int column, const char* wanted) const {
    throw Fault("database: column " + std::to_string(column) + " is not " + wanted +
                " in: " + statement_->sql());
}

}  // namespace daicho::store
