#pragma once
// One open SQLite connection and its kept statements. Inside store/ only; used by one thread at a
// time, whoever holds the turn.
#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/value.hpp"

namespace daicho::store {
struct DatabaseOptions;
}

namespace daicho::store::sqlite {

class Connection;

/// Statements kept per connection. The program has a few hundred texts; one built from a search
/// form must not grow the set for ever.
inline constexpr std::size_t kept_statements_max = 256;

struct StatementCloser {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, StatementCloser>;

/// One use of a prepared statement: bound, stepped, and given back clean.
class Statement {
public:
    Statement(Connection& connection, std::string sql, StatementHandle handle);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    /// The number of parameters must be what the text asks for: a bug otherwise.
    void bind(std::span<const Param> params);
    /// SQLITE_ROW, SQLITE_DONE or the extended error code.
    [[nodiscard]] int step() noexcept;
    [[nodiscard]] sqlite3_stmt* raw() const noexcept { return handle_.get(); }
    [[nodiscard]] Connection& connection() const noexcept { return connection_; }
    [[nodiscard]] const std::string& sql() const noexcept { return sql_; }

private:
    Connection& connection_;
    std::string sql_;
    StatementHandle handle_;
};

class Connection {
public:
    enum class Use { write, read };
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::string& path, Use use,
                                                                  const Clock& clock,
                                                                  const DatabaseOptions& options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] std::unique_ptr<Statement> prepare(std::string_view sql);
    /// Statements without parameters and answers, several if need be. Gives the result code.
    [[nodiscard]] int execute(const std::string& sql) noexcept;
    /// Throws what `code` means; `doing` is the statement.
    [[noreturn]] void raise(int code, std::string_view doing,
                            std::source_location where = std::source_location::current()) const;
    /// From now on statements end with SQLITE_INTERRUPT once `ms` have passed; 0 lifts the
    /// deadline.
    void set_deadline(std::int64_t ms) noexcept;
    [[nodiscard]] bool in_transaction() const noexcept;
    [[nodiscard]] sqlite3* raw() const noexcept { return database_; }
    [[nodiscard]] const Clock& clock() const noexcept { return clock_; }

private:
    friend class Statement;
    explicit Connection(const Clock& clock) noexcept : clock_(clock) {}
    static int on_progress(void* self) noexcept;
    void configure(Use use, const DatabaseOptions& options);
    void keep(std::string sql, StatementHandle handle);

    const Clock& clock_;
    sqlite3* database_ = nullptr;
    std::int64_t deadline_ns_ = 0;  // monotonic; 0: none
    std::unordered_map<std::string, StatementHandle> kept_;
};

}  // namespace daicho::store::sqlite
