#include "store/database.hpp"

#include <sqlite3.h>

#include <chrono>
#include <optional>
#include <thread>

#include "base/files.hpp"
#include "base/mutex.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/database_state.hpp"

namespace daicho::store {

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::string& path, const Clock& clock,
                                                 const DatabaseOptions& options) {
    Files& files = real_files();
    if (!files.exists(path)) {
        if (!options.create) return fail(Errc::not_found, "there is no database");
        // Made here because SQLite would make it readable for others; the side files take over the
        // mode.
        (void)files.open(path, Files::Mode::create_new);
        files.sync_directory(parent_of(path));
    }
    auto writer = sqlite::Connection::open(path, sqlite::Connection::Use::write, clock, options);
    if (!writer) return fail(std::move(writer.error()));
    auto state = std::make_unique<State>(path, clock, options, std::move(*writer));
    return std::unique_ptr<Database>(new Database(std::move(state)));
}

const Clock& Database::clock() const noexcept {
    return state_->clock;
}

void Database::on_recorded(std::function<void()> listener) {
    const MutexLock lock(state_->writer_mutex);
    state_->listener = std::move(listener);
}

// --- one writer
// -------------------------------------------------------------------------------------------------------

struct Database::WriteTurn::Held {
    explicit Held(State& owner) : state(owner), lock(owner.writer_mutex) {}
    State& state;
    MutexLock lock;
    std::optional<Transaction> transaction;
    bool open = false;
};

Database::WriteTurn::WriteTurn(std::unique_ptr<Held> held) : held_(std::move(held)) {}
Database::WriteTurn::WriteTurn(WriteTurn&&) noexcept = default;

Result<Database::WriteTurn> Database::WriteTurn::begin(State& state) {
    check(state.writing_thread.load() != std::this_thread::get_id(),
          "a write inside a write of the same thread");
    auto held = std::make_unique<Held>(state);
    state.writing_thread.store(std::this_thread::get_id());
    WriteTurn turn(std::move(held));
    if (state.writer_broken) {
        auto fresh = sqlite::Connection::open(state.path, sqlite::Connection::Use::write,
                                              state.clock, state.options);
        if (!fresh) return fail(std::move(fresh.error()));
        state.writer = std::move(*fresh);
        state.writer_broken = false;
    }
    turn.held_->transaction.emplace(*state.writer);
    state.writer->set_deadline(state.options.write_ms_max);
    const int code = state.writer->execute("BEGIN IMMEDIATE");
    if (code != SQLITE_OK) state.writer->raise(code, "BEGIN IMMEDIATE");
    turn.held_->open = true;
    return turn;
}

Database::WriteTurn::~WriteTurn() {
    if (!held_) return;
    State& state = held_->state;
    state.writer->set_deadline(0);  // undoing must not be cut short
    if (held_->open && state.writer->in_transaction()) {
        // If this fails too, the connection is thrown away with its transaction the next time it is
        // needed.
        state.writer_broken = state.writer->execute("ROLLBACK") != SQLITE_OK;
    }
    state.writing_thread.store(std::thread::id());
}

Transaction& Database::WriteTurn::transaction() noexcept {
    return *held_->transaction;
}

Status Database::WriteTurn::commit() {
    State& state = held_->state;
    check(held_->transaction->evidence_settled_,
          "a write transaction neither recorded evidence nor said why it needs none");
    if (!state.writer->in_transaction()) throw Fault("the transaction ended before its commit");
    const int code = state.writer->execute("COMMIT");
    if (code == SQLITE_CONSTRAINT_FOREIGNKEY) {
        return refuse(Errc::conflict, "store.foreign_key",
                      "a row that another belongs to is missing", {{"constraint", "foreign_key"}});
    }
    if (code != SQLITE_OK) state.writer->raise(code, "COMMIT");
    held_->open = false;
    if (held_->transaction->recorded_ && state.listener) state.listener();
    return {};
}

// --- several readers
// --------------------------------------------------------------------------------------------------

struct Database::ReadTurn::Held {
    Held(State& owner, std::unique_ptr<sqlite::Connection> taken)
        : state(owner), connection(std::move(taken)), reader(*connection) {}
    State& state;
    std::unique_ptr<sqlite::Connection> connection;
    Reader reader;
    bool sound = false;
};

Database::ReadTurn::ReadTurn(std::unique_ptr<Held> held) : held_(std::move(held)) {}
Database::ReadTurn::ReadTurn(ReadTurn&&) noexcept = default;

Result<Database::ReadTurn> Database::ReadTurn::begin(State& state) {
    auto taken = state.take_reader();
    if (!taken) return fail(std::move(taken.error()));
    ReadTurn turn(std::make_unique<Held>(state, std::move(*taken)));
    sqlite::Connection& connection = *turn.held_->connection;
    connection.set_deadline(state.options.read_ms_max);
    const int code = connection.execute("BEGIN");
    if (code != SQLITE_OK) connection.raise(code, "BEGIN");
    turn.held_->sound = true;
    return turn;
}

Database::ReadTurn::~ReadTurn() {
    if (!held_) return;
    std::unique_ptr<sqlite::Connection> connection = std::move(held_->connection);
    connection->set_deadline(0);
    bool sound = held_->sound;
    if (connection->in_transaction()) sound = connection->execute("ROLLBACK") == SQLITE_OK && sound;
    if (!sound) connection.reset();
    held_->state.give_reader_back(std::move(connection));
}

Reader& Database::ReadTurn::reader() noexcept {
    return held_->reader;
}

Result<std::unique_ptr<sqlite::Connection>> Database::State::take_reader() {
    {
        const auto until =
            std::chrono::steady_clock::now() + std::chrono::milliseconds(options.read_ms_max);
        MutexLock lock(readers_mutex);
        while (idle_readers.empty() && readers_open >= options.readers_max) {
            const auto left = until - std::chrono::steady_clock::now();
            if (left.count() <= 0) {
                return refuse(Errc::unavailable, "store.busy", "no database connection came free");
            }
            lock.wait_for(reader_freed, left);
        }
        if (!idle_readers.empty()) {
            std::unique_ptr<sqlite::Connection> connection = std::move(idle_readers.back());
            idle_readers.pop_back();
            return connection;
        }
        ++readers_open;
    }
    try {
        auto opened = sqlite::Connection::open(path, sqlite::Connection::Use::read, clock, options);
        if (!opened) give_reader_back(nullptr);
        return opened;
    } catch (...) {
        give_reader_back(nullptr);
        throw;
    }
}

void Database::State::give_reader_back(std::unique_ptr<sqlite::Connection> connection) {
    {
        const MutexLock lock(readers_mutex);
        if (connection) {
            idle_readers.push_back(std::move(connection));
        } else {
            --readers_open;
        }
    }
    reader_freed.notify_one();
}

}  // namespace daicho::store
