// state.db when one call to the file system fails, whichever it is: what was acknowledged is there
// with its evidence, what was refused is there wholly or not at all, and the pages fit together.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/fault.hpp"
#include "faults/state/failing_vfs.hpp"
#include "store/database.hpp"

namespace daicho::test {
namespace {

using Trouble = FailingVfs::Trouble;

constexpr store::Migration steps[] = {
    {1, "one table", "CREATE TABLE thing (number INTEGER PRIMARY KEY, text TEXT) STRICT;"}};
constexpr int rows = 16;

std::unique_ptr<store::Database> open(const std::string& path, const Clock& clock) {
    auto opened = store::Database::open(path, clock);
    if (!opened) throw Fault(opened.error().message);
    const std::array<store::MigrationSet, 2> all{store::migrations(),
                                                 store::MigrationSet{"test", steps}};
    const Status migrated = (*opened)->migrate(all);
    if (!migrated) throw Fault(migrated.error().message);
    return std::move(*opened);
}

/// One row with its evidence; true when it was acknowledged.
bool put(store::Database& database, int number) {
    const Status done = database.write([&](store::Transaction& tx) -> Status {
        const auto stored = tx.run("INSERT INTO thing (number, text) VALUES ($1, $2)",
                                   std::int64_t{number}, std::string(3000, 'x'));
        if (!stored) return fail(stored.error());
        tx.record({"test", "test.put", "thing:" + std::to_string(number), 0, {}, "{}"});
        return {};
    });
    return done.has_value();
}

/// Opens, writes, opens again when something is refused, as a program that is restarted does.
std::set<int> live(const std::string& path, const Clock& clock) {
    std::set<int> acknowledged;
    std::unique_ptr<store::Database> database;
    for (int number = 0; number < rows; ++number) {
        try {
            if (database == nullptr) database = open(path, clock);
            if (put(*database, number)) acknowledged.insert(number);
            if (number % 6 == 5) database.reset();
        } catch (const Fault&) {
            database.reset();
        }
    }
    return acknowledged;
}

std::set<int> column(store::Database& database, const char* sql) {
    const auto found = database.read([&](store::Reader& reader) -> Result<std::set<int>> {
        std::set<int> out;
        store::Rows rows_found = reader.query(sql);
        while (rows_found.next()) out.insert(static_cast<int>(rows_found.integer(0)));
        return out;
    });
    EXPECT_TRUE(found);
    return found.value_or(std::set<int>{});
}

void try_all(Trouble trouble) {
    const std::string folder = ::testing::TempDir() + "daicho-state-" + std::to_string(::getpid());
    const ManualClock clock(1'795'305'600 * second_ns);
    FailingVfs vfs;
    std::uint64_t calls = 1;
    std::uint64_t struck = 0;
    for (std::uint64_t at = 0; at < calls; ++at) {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        const std::string path = folder + "/state.db";
        vfs.plan(trouble, at == 0 ? ~0ULL : at - 1);  // the first life has no trouble: it counts
        const std::set<int> acknowledged = live(path, clock);
        if (at == 0) calls = vfs.counted() + 1;
        struck += vfs.struck() ? 1 : 0;
        vfs.heal();
        const auto database = open(path, clock);
        EXPECT_TRUE(database->integrity()) << "trouble at call " << at;
        const std::set<int> there = column(*database, "SELECT number FROM thing");
        const std::set<int> evidence =
            column(*database,
                   "SELECT CAST(substr(object, 7) AS INTEGER) FROM outbox WHERE action = "
                   "'test.put'");
        EXPECT_EQ(there, evidence) << "a row and its evidence are one, trouble at call " << at;
        EXPECT_TRUE(
            std::includes(there.begin(), there.end(), acknowledged.begin(), acknowledged.end()))
            << "an acknowledged row is lost, trouble at call " << at;
        EXPECT_TRUE(put(*database, rows + 1)) << "and it goes on, trouble at call " << at;
        EXPECT_GE(acknowledged.size(), at == 0 ? rows : rows - 12U);
    }
    std::filesystem::remove_all(folder);
    EXPECT_GT(calls, 20U);
    EXPECT_GE(struck, calls - 1);
}

TEST(StateTrouble, an_io_error_at_any_call_loses_nothing_acknowledged) {
    try_all(Trouble::io_error);
}
TEST(StateTrouble, a_full_disk_at_any_write_loses_nothing_acknowledged) {
    try_all(Trouble::no_space);
}
TEST(StateTrouble, a_short_write_at_any_write_loses_nothing_acknowledged) {
    try_all(Trouble::short_write);
}
TEST(StateTrouble, a_failed_sync_loses_nothing_acknowledged) {
    try_all(Trouble::failed_sync);
}

}  // namespace
}  // namespace daicho::test
