#pragma once
// The state of daicho: one database, one writer at a time, several readers, every change with its
// evidence. SQL is written in the subset that SQLite and PostgreSQL share, with $1, $2 … as
// parameters (docs/decisions/0015).
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/result.hpp"
#include "store/faults.hpp"
#include "store/migration.hpp"
#include "store/outbox.hpp"
#include "store/rows.hpp"

namespace daicho::store {

namespace sqlite {
class Connection;
}

struct DatabaseOptions {
    bool create = true;
    unsigned readers_max = 4;               // a reader holds ~2 MiB of page cache once used
    std::int64_t read_ms_max = 10'000;      // a screen that waits longer has lost its reader
    std::int64_t write_ms_max = 60'000;     // migrations of a large database are the longest
    std::int64_t lock_wait_ms_max = 5'000;  // another process (backup, command line) holds the file
    std::int64_t pages_max = 0;  // 0: no limit; of 4096 bytes. Tests make disks full with it
};

/// What a read transaction may do: look. One consistent view from its first query to its end.
class Reader {
public:
    explicit Reader(sqlite::Connection& connection) noexcept : connection_(connection) {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    template <typename... Args>
    [[nodiscard]] Rows query(std::string_view sql, const Args&... args) {
        const std::array<Param, sizeof...(Args)> params{Param(args)...};
        return query_with(sql, params);
    }
    [[nodiscard]] Rows query_with(std::string_view sql, std::span<const Param> params);
    [[nodiscard]] const Clock& clock() const noexcept;

protected:
    sqlite::Connection& connection_;
};

/// What a write transaction may do. Either record() or no_evidence() must be called before it ends
/// well: a change that left no trace is a bug and stops the process.
class Transaction : public Reader {
public:
    using Reader::Reader;

    /// Runs a statement to its end and gives the number of rows it changed. A UNIQUE, PRIMARY KEY
    /// or FOREIGN KEY that does not hold gives Errc::conflict with params `constraint` (unique |
    /// foreign_key) and, for unique, `columns`
    /// ("table.column, …"); the transaction goes on as if the statement had not been run. All else
    /// throws.
    template <typename... Args>
    [[nodiscard]] Result<std::int64_t> run(std::string_view sql, const Args&... args) {
        const std::array<Param, sizeof...(Args)> params{Param(args)...};
        return run_with(sql, params);
    }
    [[nodiscard]] Result<std::int64_t> run_with(std::string_view sql,
                                                std::span<const Param> params);
    /// The same for a statement whose RETURNING gives exactly one integer: that integer.
    template <typename... Args>
    [[nodiscard]] Result<std::int64_t> insert(std::string_view sql, const Args&... args) {
        const std::array<Param, sizeof...(Args)> params{Param(args)...};
        return insert_with(sql, params);
    }
    [[nodiscard]] Result<std::int64_t> insert_with(std::string_view sql,
                                                   std::span<const Param> params);

    /// Adds the evidence of what this transaction does; gives its place in the outbox.
    std::int64_t record(const OutboxRow& row);
    /// This transaction writes only what can be derived again, or what is nobody's act. `reason` is
    /// for the reader.
    void no_evidence(std::string_view reason) noexcept;

private:
    friend class Database;
    bool evidence_settled_ = false;
    bool recorded_ = false;
};

/// Thread-safe. Threads call read and write as they like; writes wait for each other, reads for a
/// free connection.
class Database {
public:
    /// `clock` must outlive the database. The file is made with mode 0600. Errc::not_found without
    /// `create`, Errc::tampered when the file is no database; IoFault when the disk refuses.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(
        const std::string& path, const Clock& clock, const DatabaseOptions& options = {});
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Brings the schema up to date. Errc::conflict: the file is from a newer daicho.
    /// Errc::tampered: an applied migration is not the one known under its number.
    [[nodiscard]] Status migrate(std::span<const MigrationSet> sets);

    /// `body(Transaction&) -> Result<T>`: committed when it returns a value, undone when it returns
    /// an error or throws. Errc::unavailable when the lock or the deadline ran out. Calling it
    /// inside itself is a bug.
    template <typename Body>
    [[nodiscard]] auto write(Body&& body) -> std::invoke_result_t<Body&, Transaction&>;
    /// `body(Reader&) -> Result<T>`.
    template <typename Body>
    [[nodiscard]] auto read(Body&& body) -> std::invoke_result_t<Body&, Reader&>;

    /// A consistent copy while others go on; checked before it takes its name. Errc::conflict when
    /// `path` exists.
    [[nodiscard]] Status backup_to(const std::string& path);
    /// Errc::tampered with the first trouble when pages, indexes or foreign keys do not fit
    /// together.
    [[nodiscard]] Status integrity();

    /// `listener` is called after each commit that recorded evidence, on the writing thread; it
    /// must only wake a pump.
    void on_recorded(std::function<void()> listener);
    [[nodiscard]] const Clock& clock() const noexcept;

private:
    struct State;
    class WriteTurn;
    class ReadTurn;
    explicit Database(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace daicho::store

#include "store/turns.hpp"  // IWYU pragma: export - the two templates above
