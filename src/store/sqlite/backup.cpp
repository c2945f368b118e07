#include <sqlite3.h>

#include <memory>

#include "base/files.hpp"
#include "store/database.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/database_state.hpp"

namespace daicho::store {
namespace {

struct BackupCloser {
    void operator()(sqlite3_backup* backup) const noexcept { sqlite3_backup_finish(backup); }
};
struct DatabaseCloser {
    void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};

/// The first complaint of SQLite's own check; empty when there is none.
std::string first_trouble(sqlite3* database) {
    std::string trouble;
    for (const char* sql : {"PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"}) {
        sqlite3_stmt* raw = nullptr;
        if (sqlite3_prepare_v2(database, sql, -1, &raw, nullptr) != SQLITE_OK) {
            return sqlite3_errmsg(database);
        }
        const std::unique_ptr<sqlite3_stmt, sqlite::StatementCloser> statement(raw);
        const int code = sqlite3_step(raw);
        if (code == SQLITE_DONE) continue;
        if (code != SQLITE_ROW) return sqlite3_errmsg(database);
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(raw, 0));
        const std::string said = text == nullptr ? "" : text;
        if (said != "ok") return std::string(sql).substr(7) + ": " + said;
    }
    return trouble;
}

/// Copies all pages in one step: a reader's view does not change meanwhile, and writers go on in
/// the WAL.
std::unique_ptr<sqlite3, DatabaseCloser> copy(sqlite::Connection& from, const std::string& path) {
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
    std::unique_ptr<sqlite3, DatabaseCloser> to(raw);
    if (opened != SQLITE_OK) throw Fault("database: the copy can't be opened");
    {
        const std::unique_ptr<sqlite3_backup, BackupCloser> backup(
            sqlite3_backup_init(to.get(), "main", from.raw(), "main"));
        if (!backup) throw Fault("database: the copy can't be begun");
        const int code = sqlite3_backup_step(backup.get(), -1);
        if ((code & 0xff) == SQLITE_FULL) throw IoFault("copy the database", ENOSPC);
        if ((code & 0xff) == SQLITE_IOERR) throw IoFault("copy the database", EIO);
        if (code != SQLITE_DONE) throw Fault("database: the copy broke off");
    }
    // A copy is one file; the WAL mode it inherited would make side files when someone only looks
    // at it.
    if (sqlite3_exec(to.get(), "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr) !=
        SQLITE_OK) {
        throw Fault("database: the copy can't be closed to one file");
    }
    return to;
}

}  // namespace

Status Database::integrity() {
    auto taken = state_->take_reader();
    if (!taken) return fail(std::move(taken.error()));
    const std::string trouble = first_trouble((*taken)->raw());
    state_->give_reader_back(std::move(*taken));
    if (!trouble.empty()) return fail(Errc::tampered, "database: " + trouble);
    return {};
}

Status Database::backup_to(const std::string& path) {
    Files& files = real_files();
    if (files.exists(path)) return fail(Errc::conflict, "the backup's name is taken");
    const std::string part = path + ".part";
    if (files.exists(part)) files.remove(part);  // of an attempt that was interrupted
    (void)files.open(part, Files::Mode::create_new);
    auto taken = state_->take_reader();
    if (!taken) return fail(std::move(taken.error()));
    std::string trouble;
    try {
        const auto made = copy(**taken, part);
        trouble = first_trouble(made.get());
    } catch (...) {
        state_->give_reader_back(std::move(*taken));
        files.remove(part);
        throw;
    }
    state_->give_reader_back(std::move(*taken));
    if (!trouble.empty()) {
        files.remove(part);
        return fail(Errc::tampered, "database: " + trouble);
    }
    files.open(part, Files::Mode::append)->sync_data();
    files.rename(part, path);
    files.sync_directory(parent_of(path));
    return {};
}

}  // namespace daicho::store
