// What must hold when the machine does not: kills, full disks, damaged pages, and the copy for the
// day after.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include "store/test_support.hpp"

namespace daicho::store {
namespace {

using test::number_from;
using test::run_alone;

constexpr Migration steps[] = {
    {1, "one table",
     "CREATE TABLE thing (id INTEGER PRIMARY KEY, number INTEGER, text TEXT, bytes BLOB) STRICT;"}};

/// Writes until it is killed; tells each committed number through the pipe.
[[noreturn]] void write_for_ever(const std::string& path, int pipe) {
    const SystemClock clock;
    auto opened = Database::open(path, clock);
    if (!opened) ::_exit(2);
    for (std::int64_t number = test::number_from(**opened, "SELECT count(*) FROM thing");;
         ++number) {
        const Status done = (*opened)->write([&](Transaction& tx) -> Status {
            auto put = tx.run("INSERT INTO thing (number) VALUES ($1)", number);
            if (!put) return fail(std::move(put.error()));
            tx.record({"test", "test.put", "thing:" + std::to_string(number), 0, {}, "{}"});
            return {};
        });
        if (!done || ::write(pipe, &number, sizeof number) != sizeof number) ::_exit(3);
    }
}

TEST(StoreCrash, EveryAcknowledgedTransactionSurvivesAKillWithItsEvidence) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.file("state.db");
    const SystemClock clock;
    {
        const std::array<MigrationSet, 2> all{migrations(), MigrationSet{"test", steps}};
        ASSERT_TRUE(test::open_at(path, clock)->migrate(all));
    }
    std::mt19937 random(20261122);
    std::int64_t acknowledged = -1;
    for (int round = 0; round < 12; ++round) {
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            ::close(ends[0]);
            write_for_ever(path, ends[1]);
        }
        ::close(ends[1]);
        std::int64_t number = 0;
        // Killed after at least one acknowledgement, at a moment that nobody chose.
        ASSERT_EQ(::read(ends[0], &number, sizeof number), static_cast<ssize_t>(sizeof number));
        acknowledged = number;
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
        ::kill(child, SIGKILL);
        int how = 0;
        ASSERT_EQ(::waitpid(child, &how, 0), child);
        EXPECT_TRUE(WIFSIGNALED(how));
        while (::read(ends[0], &number, sizeof number) == static_cast<ssize_t>(sizeof number)) {
            acknowledged = number;
        }
        ::close(ends[0]);

        const auto database = test::open_at(path, clock);
        const std::int64_t there = test::number_from(*database, "SELECT count(*) FROM thing");
        EXPECT_GE(there, acknowledged + 1);
        EXPECT_LE(there, acknowledged + 2);  // one may have been committed and not told
        EXPECT_EQ(test::number_from(*database, "SELECT max(number) FROM thing"), there - 1);
        EXPECT_EQ(test::number_from(*database, "SELECT count(*) FROM outbox"), there);
        EXPECT_TRUE(database->integrity());
    }
    EXPECT_GT(acknowledged, 12);
}

class DurabilityTest : public testing::Test {
protected:
    void SetUp() override {
        const std::array<MigrationSet, 2> all{migrations(), MigrationSet{"test", steps}};
        ASSERT_TRUE(database_->migrate(all));
    }
    [[nodiscard]] std::int64_t things() {
        return test::number_from(*database_, "SELECT count(*) FROM thing");
    }
    test::TemporaryDirectory directory_;
    ManualClock clock_{test::test_start_ns};
    std::string path_ = directory_.file("state.db");
    std::unique_ptr<Database> database_ = test::open_at(path_, clock_);
};

TEST_F(DurabilityTest, AFullDiskUndoesTheTransactionAndKeepsWhatWasThere) {
    DatabaseOptions options;
    options.pages_max = 40;
    const auto small = test::open_at(path_, clock_, options);
    std::int64_t committed = 0;
    const auto fill = [&] {
        for (int i = 0; i < 100; ++i) {
            const Status done =
                run_alone(*small, "INSERT INTO thing (bytes) VALUES ($1), ($1)", Bytes(4'000, 1));
            if (done) committed += 2;
        }
    };
    try {
        fill();
        FAIL() << "the disk never got full";
    } catch (const IoFault& fault) {
        EXPECT_TRUE(fault.out_of_space());
    }
    EXPECT_GT(committed, 0);
    EXPECT_EQ(number_from(*small, "SELECT count(*) FROM thing"), committed);
    EXPECT_TRUE(small->integrity());
    // With room again, work goes on.
    EXPECT_TRUE(run_alone(*database_, "INSERT INTO thing (bytes) VALUES ($1)", Bytes(4'000, 1)));
}

TEST_F(DurabilityTest, ABackupIsWholeWhileWritesGoOn) {
    std::atomic<bool> stop = false;
    std::thread writer([&] {
        while (!stop) {
            const Status done = database_->write([](Transaction& tx) -> Status {
                tx.no_evidence("test");
                EXPECT_TRUE(tx.run("INSERT INTO thing (text) VALUES ('half')"));
                EXPECT_TRUE(tx.run("INSERT INTO thing (text) VALUES ('half')"));
                return {};
            });
            EXPECT_TRUE(done);
        }
    });
    while (things() < 20) std::this_thread::yield();
    const std::string copy = directory_.file("copy.db");
    const Status made = database_->backup_to(copy);
    stop = true;
    writer.join();
    ASSERT_TRUE(made) << made.error().message;
    const auto restored = test::open_at(copy, clock_);
    EXPECT_TRUE(restored->integrity());
    const std::int64_t count = number_from(*restored, "SELECT count(*) FROM thing");
    EXPECT_GE(count, 20);
    EXPECT_EQ(count % 2, 0);
    EXPECT_EQ(database_->backup_to(copy).error().code, Errc::conflict);
}

TEST_F(DurabilityTest, IntegrityNoticesADamagedPage) {
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(run_alone(*database_, "INSERT INTO thing (text) VALUES ($1)",
                              std::string(500, 'n') + std::to_string(i)));
    }
    EXPECT_TRUE(database_->integrity());
    database_.reset();  // the last connection moves everything from the WAL into the file
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(0, std::ios::end);
    const auto size = static_cast<std::int64_t>(file.tellg());
    for (std::int64_t at = size / 2; at < size; at += 4'096) {
        file.seekp(at);
        file.write("\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    }
    file.close();
    database_ = test::open_at(path_, clock_);
    EXPECT_EQ(database_->integrity().error().code, Errc::tampered);
}

}  // namespace
}  // namespace daicho::store
