#include "store/sqlite/connection.hpp"

#include <cerrno>
#include <cstdlib>

#include "store/database.hpp"

namespace daicho::store::sqlite {
namespace {

/// The deadline is looked at every so many virtual-machine steps: about every 20 microseconds.
constexpr int steps_between_looks = 1'000;

/// Prepared statements know their parameters by name; "$7" is the seventh argument wherever it
/// stands in the text.
std::size_t argument_index(sqlite3_stmt* statement, int position) {
    const char* name = sqlite3_bind_parameter_name(statement, position);
    check(name != nullptr && name[0] == '$', "SQL parameters are written $1, $2, …");
    const long number = std::strtol(name + 1, nullptr, 10);
    check(number >= 1, "SQL parameters are written $1, $2, …");
    return static_cast<std::size_t>(number) - 1;
}

int bind_one(sqlite3_stmt* statement, int position, const Param::View& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return sqlite3_bind_int64(statement, position, *number);
    }
    // An empty view may have a null pointer, which SQLite would take for NULL.
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        return sqlite3_bind_text64(statement, position, text->empty() ? "" : text->data(),
                                   text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    if (const auto* bytes = std::get_if<ByteView>(&value)) {
        if (bytes->empty()) return sqlite3_bind_zeroblob(statement, position, 0);
        return sqlite3_bind_blob64(statement, position, bytes->data(), bytes->size(),
                                   SQLITE_TRANSIENT);
    }
    return sqlite3_bind_null(statement, position);
}

}  // namespace

Statement::Statement(Connection& connection, std::string sql, StatementHandle handle)
    : connection_(connection), sql_(std::move(sql)), handle_(std::move(handle)) {}

Statement::~Statement() {
    sqlite3_reset(
        handle_.get());  // its result repeats the error of the last step, which was seen then
    sqlite3_clear_bindings(handle_.get());
    connection_.keep(std::move(sql_), std::move(handle_));
}

void Statement::bind(std::span<const Param> params) {
    const int positions = sqlite3_bind_parameter_count(raw());
    std::size_t wanted = 0;
    for (int position = 1; position <= positions; ++position) {
        const std::size_t index = argument_index(raw(), position);
        wanted = std::max(wanted, index + 1);
        check(index < params.size(), "fewer arguments than parameters in the SQL");
        const int code = bind_one(raw(), position, params[index].view());
        if (code != SQLITE_OK) connection_.raise(code, sql_);
    }
    check(wanted == params.size(), "more arguments than parameters in the SQL");
}

int Statement::step() noexcept {
    return sqlite3_step(raw());
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Use use,
                                                     const Clock& clock,
                                                     const DatabaseOptions& options) {
    std::unique_ptr<Connection> connection(new Connection(clock));
    // The file is there already (Database::open made it, private); NOMUTEX because a turn has one
    // thread.
    const int code = sqlite3_open_v2(
        path.c_str(), &connection->database_,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (code != SQLITE_OK) connection->raise(code, "open the database");
    try {
        connection->configure(use, options);
    } catch (const NotADatabase& stranger) {
        return fail(Errc::tampered, stranger.what());
    }
    return connection;
}

Connection::~Connection() {
    kept_.clear();
    sqlite3_close(database_);
}

void Connection::configure(Use use, const DatabaseOptions& options) {
    sqlite3_progress_handler(database_, steps_between_looks, &Connection::on_progress, this);
    sqlite3_busy_timeout(database_, static_cast<int>(options.lock_wait_ms_max));
    // A database file from elsewhere must not bring code with it: no functions or virtual tables
    // out of the schema, no triggers (one could remove evidence as it is written), no views, no
    // writes to internal tables, and "x" is never quietly a string.
    const std::array<std::pair<int, int>, 7> switches{{{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                                       {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                                       {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                                       {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                                       {SQLITE_DBCONFIG_DQS_DML, 0},
                                                       {SQLITE_DBCONFIG_DQS_DDL, 0},
                                                       {SQLITE_DBCONFIG_ENABLE_FKEY, 1}}};
    for (const auto& [name, on] : switches) {
        int now = -1;
        const int code = sqlite3_db_config(database_, name, on, &now);
        if (code != SQLITE_OK || now != on) throw Fault("SQLite refuses a safety switch");
    }
    std::string sql =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON;"
        "PRAGMA cache_size=-2048; PRAGMA temp_store=MEMORY;";
    if (use == Use::read) sql += "PRAGMA query_only=ON;";
    if (options.pages_max > 0) {
        sql += "PRAGMA max_page_count=" + std::to_string(options.pages_max) + ";";
    }
    const int code = execute(sql);
    if (code != SQLITE_OK) raise(code, "set up the database");
}

std::unique_ptr<Statement> Connection::prepare(std::string_view sql) {
    std::string text(sql);
    const auto found = kept_.find(text);
    if (found != kept_.end()) {
        StatementHandle handle = std::move(found->second);
        kept_.erase(found);  // a second use at the same time prepares its own
        return std::make_unique<Statement>(*this, std::move(text), std::move(handle));
    }
    sqlite3_stmt* raw = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(database_, text.c_str(), static_cast<int>(text.size() + 1),
                                        SQLITE_PREPARE_PERSISTENT, &raw, &rest);
    StatementHandle handle(raw);
    if (code != SQLITE_OK) raise(code, text);
    check(raw != nullptr, "empty SQL");
    check(std::string_view(rest).find_first_not_of(" \n\t;") == std::string_view::npos,
          "more than one statement in one SQL text");
    return std::make_unique<Statement>(*this, std::move(text), std::move(handle));
}

void Connection::keep(std::string sql, StatementHandle handle) {
    if (kept_.size() >= kept_statements_max) kept_.clear();
    kept_.insert_or_assign(std::move(sql), std::move(handle));
}

int Connection::execute(const std::string& sql) noexcept {
    return sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
}

void Connection::raise(int code, std::string_view doing, std::source_location where) const {
    // SQLite's messages name tables and columns, never values.
    const std::string what = "database: " + std::string(sqlite3_errmsg(database_)) + " (" +
                             std::to_string(code) + ") in: " + std::string(doing);
    switch (code & 0xff) {
        case SQLITE_INTERRUPT:
            throw DeadlineFault(what, where);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw BusyFault(what, where);
        case SQLITE_FULL:
            throw IoFault(what, ENOSPC, where);
        case SQLITE_NOTADB:
            throw NotADatabase(what, where);
        case SQLITE_IOERR: {
            const int number = sqlite3_system_errno(database_);
            throw IoFault(what, number != 0 ? number : EIO, where);
        }
        default:
            throw Fault(what, where);
    }
}

void Connection::set_deadline(std::int64_t ms) noexcept {
    deadline_ns_ = ms == 0 ? 0 : clock_.monotonic_ns() + ms * 1'000'000;
}

bool Connection::in_transaction() const noexcept {
    return sqlite3_get_autocommit(database_) == 0;
}

int Connection::on_progress(void* self) noexcept {
    const auto* connection = static_cast<const Connection*>(self);
    const bool late = connection->deadline_ns_ != 0 &&
                      connection->clock_.monotonic_ns() > connection->deadline_ns_;
    return late ? 1 : 0;
}

}  // namespace daicho::store::sqlite
