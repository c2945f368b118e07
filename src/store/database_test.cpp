#include "store/database.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <limits>
#include <thread>
#include <vector>

#include "store/test_support.hpp"

namespace daicho::store {
namespace {

using test::number_from;
using test::run_alone;

constexpr Migration steps[] = {{1, "one table", R"(
CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, owner_id INTEGER REFERENCES owner (id),
    number INTEGER, text TEXT, bytes BLOB, UNIQUE (owner_id, number)
) STRICT;
CREATE TABLE late (
    id INTEGER PRIMARY KEY, owner_id INTEGER REFERENCES owner (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
)"}};
constexpr MigrationSet room{"test", steps};

class DatabaseTest : public testing::Test {
protected:
    void SetUp() override {
        const std::array<MigrationSet, 2> all{migrations(), room};
        ASSERT_TRUE(database_->migrate(all));
    }
    [[nodiscard]] std::int64_t things() {
        return number_from(*database_, "SELECT count(*) FROM thing");
    }
    test::TemporaryDirectory directory_;
    ManualClock clock_{test::test_start_ns};
    std::string path_ = directory_.file("state.db");
    std::unique_ptr<Database> database_ = test::open_at(path_, clock_);
};

TEST_F(DatabaseTest, WhatWasCommittedIsThereAfterReopening) {
    ASSERT_TRUE(run_alone(*database_, "INSERT INTO thing (number) VALUES ($1)", 7));
    database_ = test::open_at(path_, clock_);
    EXPECT_EQ(number_from(*database_, "SELECT number FROM thing"), 7);
}

TEST_F(DatabaseTest, AnErrorResultUndoesEverything) {
    const Status refused = database_->write([](Transaction& tx) -> Status {
        tx.no_evidence("test");
        EXPECT_TRUE(tx.run("INSERT INTO thing (number) VALUES (1)"));
        return fail(Errc::denied, "changed my mind");
    });
    EXPECT_EQ(refused.error().code, Errc::denied);
    EXPECT_EQ(things(), 0);
}

TEST_F(DatabaseTest, AnExceptionUndoesEverythingAndTheNextWriteWorks) {
    const auto throwing = [](Transaction& tx) -> Status {
        tx.no_evidence("test");
        EXPECT_TRUE(tx.run("INSERT INTO thing (number) VALUES (1)"));
        throw Fault("test");
    };
    EXPECT_THROW((void)database_->write(throwing), Fault);
    EXPECT_EQ(things(), 0);
    EXPECT_TRUE(run_alone(*database_, "INSERT INTO thing (number) VALUES (2)"));
    EXPECT_EQ(things(), 1);
}

TEST_F(DatabaseTest, AWriteWithoutEvidenceOrReasonEndsTheProcess) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto silent = [](Transaction& tx) -> Status {
        EXPECT_TRUE(tx.run("INSERT INTO thing (number) VALUES (1)"));
        return {};
    };
    EXPECT_DEATH((void)database_->write(silent), "neither recorded evidence");
}

TEST_F(DatabaseTest, AWriteInsideAWriteEndsTheProcessInsteadOfWaitingForItself) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto nested = [this](Transaction& tx) -> Status {
        tx.no_evidence("test");
        return run_alone(*database_, "INSERT INTO thing (number) VALUES (1)");
    };
    EXPECT_DEATH((void)database_->write(nested), "a write inside a write");
}

TEST_F(DatabaseTest, AReaderCannotWriteEvenWithWritingSql) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto sly = [](Reader& reader) -> Status {
        Rows rows = reader.query("INSERT INTO thing (number) VALUES (1) RETURNING id");
        (void)rows.next();
        return {};
    };
    EXPECT_DEATH((void)database_->read(sly), "for reading");
}

TEST_F(DatabaseTest, AReaderSeesOneStateFromItsFirstQueryToItsLast) {
    ASSERT_TRUE(run_alone(*database_, "INSERT INTO thing (number) VALUES (1)"));
    const Status seen = database_->read([this](Reader& reader) -> Status {
        const auto count = [&reader] {
            Rows rows = reader.query("SELECT count(*) FROM thing");
            EXPECT_TRUE(rows.next());
            return rows.integer(0);
        };
        EXPECT_EQ(count(), 1);
        std::thread([this] {
            EXPECT_TRUE(run_alone(*database_, "INSERT INTO thing (number) VALUES (2)"));
        }).join();
        EXPECT_EQ(count(), 1);
        return {};
    });
    EXPECT_TRUE(seen);
    EXPECT_EQ(things(), 2);
}

TEST_F(DatabaseTest, TextKeepsNulsAndJapaneseAndEmptyIsNotNull) {
    const std::string nul("a\0b\0", 4);
    const std::string japanese = "髙橋﨑 𠮷野家 ㈱ ﾊﾝｶｸ 👩‍💻";
    ASSERT_TRUE(run_alone(*database_,
                          "INSERT INTO thing (number, text, bytes) VALUES (1, $1, $2), (2, $3, $4),"
                          " (3, $5, $6), (4, $7, $7)",
                          nul, to_bytes(nul), japanese, to_bytes(japanese), std::string_view(),
                          ByteView(), nullptr));
    const Status seen = database_->read([&](Reader& reader) -> Status {
        Rows rows = reader.query("SELECT text, bytes FROM thing ORDER BY number");
        EXPECT_TRUE(rows.next());
        EXPECT_EQ(rows.text(0), nul);
        EXPECT_EQ(rows.blob(1), to_bytes(nul));
        EXPECT_TRUE(rows.next());
        EXPECT_EQ(rows.text(0), japanese);
        EXPECT_TRUE(rows.next());
        EXPECT_EQ(rows.get<std::optional<std::string>>(0), std::optional(std::string()));
        EXPECT_EQ(rows.get<std::optional<Bytes>>(1), std::optional(Bytes()));
        EXPECT_TRUE(rows.next());
        EXPECT_EQ(rows.get<std::optional<std::string>>(0), std::nullopt);
        EXPECT_EQ(rows.get<std::optional<Bytes>>(1), std::nullopt);
        EXPECT_FALSE(rows.next());
        return {};
    });
    EXPECT_TRUE(seen);
}

TEST_F(DatabaseTest, IntegersKeepAll64Bits) {
    for (const std::int64_t number :
         {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{3'000'000'000},
          std::numeric_limits<std::int64_t>::max()}) {
        ASSERT_TRUE(run_alone(*database_, "INSERT INTO thing (number) VALUES ($1)", number));
        EXPECT_EQ(number_from(*database_, "SELECT number FROM thing ORDER BY id DESC"), number);
    }
}

TEST_F(DatabaseTest, ReadingAnotherTypeOrAnUnexpectedNullIsAFault) {
    ASSERT_TRUE(run_alone(*database_, "INSERT INTO thing (number, text) VALUES (3000000000, 'x')"));
    const Status seen = database_->read([](Reader& reader) -> Status {
        Rows rows = reader.query("SELECT number, text, bytes FROM thing");
        EXPECT_TRUE(rows.next());
        EXPECT_THROW((void)rows.text(0), Fault);
        EXPECT_THROW((void)rows.integer(1), Fault);
        EXPECT_THROW((void)rows.blob(1), Fault);
        EXPECT_THROW((void)rows.blob(2), Fault);
        EXPECT_THROW((void)rows.get<std::int32_t>(0), Fault);
        EXPECT_THROW((void)rows.get<bool>(0), Fault);
        EXPECT_EQ(rows.get<std::uint32_t>(0), 3'000'000'000U);
        return {};
    });
    EXPECT_TRUE(seen);
}

TEST_F(DatabaseTest, WritingAnotherTypeThanTheColumnHasIsAFault) {
    EXPECT_THROW((void)run_alone(*database_, "INSERT INTO thing (number) VALUES ($1)", "seven"),
                 Fault);
    EXPECT_THROW((void)run_alone(*database_, "INSERT INTO thing (bytes) VALUES ($1)", "text"),
                 Fault);
    EXPECT_THROW((void)run_alone(*database_, "INSERT INTO owner (name) VALUES ($1)", nullptr),
                 Fault);
    EXPECT_EQ(things(), 0);
}

TEST_F(DatabaseTest, ATriggerThatSomebodyAddedDoesNothing) {
    ASSERT_TRUE(run_alone(*database_,
                          "CREATE TRIGGER t AFTER INSERT ON thing BEGIN DELETE FROM thing; END"));
    ASSERT_TRUE(run_alone(*database_, "INSERT INTO thing (number) VALUES (1)"));
    EXPECT_EQ(things(), 1);
}

TEST_F(DatabaseTest, AQuotedWordIsNeverQuietlyAString) {
    EXPECT_THROW((void)run_alone(*database_, "INSERT INTO thing (text) VALUES (\"text_typo\")"),
                 Fault);
}

TEST_F(DatabaseTest, AViolatedUniqueNamesItsColumnsAndTheTransactionGoesOn) {
    const Status done = database_->write([](Transaction& tx) -> Status {
        tx.no_evidence("test");
        EXPECT_TRUE(tx.run("INSERT INTO owner (id, name) VALUES (1, 'a')"));
        EXPECT_TRUE(tx.run("INSERT INTO thing (owner_id, number) VALUES (1, 1)"));
        const auto again = tx.run("INSERT INTO thing (owner_id, number) VALUES (1, 1)");
        EXPECT_EQ(again.error().code, Errc::conflict);
        EXPECT_EQ(again.error().params,
                  (std::vector<std::pair<std::string, std::string>>{
                      {"constraint", "unique"}, {"columns", "thing.owner_id, thing.number"}}));
        const auto key = tx.insert("INSERT INTO owner (id, name) VALUES (1, 'b') RETURNING id");
        EXPECT_EQ(key.error().code, Errc::conflict);
        EXPECT_EQ(key.error().params.at(1).second, "owner.id");
        return {};
    });
    EXPECT_TRUE(done);
    EXPECT_EQ(things(), 1);
}

TEST_F(DatabaseTest, AMissingParentRowIsAConflictAtOnceAndWhenDeferred) {
    const Status now = run_alone(*database_, "INSERT INTO thing (owner_id) VALUES (99)");
    EXPECT_EQ(now.error().code, Errc::conflict);
    EXPECT_EQ(now.error().params.at(0).second, "foreign_key");
    const Status later = run_alone(*database_, "INSERT INTO late (owner_id) VALUES (99)");
    EXPECT_EQ(later.error().code, Errc::conflict);
    EXPECT_EQ(number_from(*database_, "SELECT count(*) FROM late"), 0);
    EXPECT_TRUE(run_alone(*database_, "INSERT INTO thing (owner_id) VALUES (NULL)"));
}

TEST_F(DatabaseTest, ParametersGoByTheirNumberNotByTheirPlace) {
    ASSERT_TRUE(run_alone(*database_, "INSERT INTO thing (text, number, bytes) VALUES ($2, $1, $3)",
                          5, "five", Bytes{5}));
    EXPECT_EQ(number_from(*database_, "SELECT number FROM thing WHERE text = 'five'"), 5);
}

TEST_F(DatabaseTest, OneStatementCanBeInUseTwiceAtATime) {
    ASSERT_TRUE(run_alone(*database_, "INSERT INTO thing (number) VALUES (1), (2), (3)"));
    const Status seen = database_->read([](Reader& reader) -> Status {
        const std::string_view sql = "SELECT number FROM thing ORDER BY number";
        std::int64_t pairs = 0;
        for (Rows outer = reader.query(sql); outer.next();) {
            for (Rows inner = reader.query(sql); inner.next();) ++pairs;
        }
        EXPECT_EQ(pairs, 9);
        return {};
    });
    EXPECT_TRUE(seen);
}

TEST_F(DatabaseTest, ReadersAndWritersTogetherSeeOnlyWholeTransactions) {
    constexpr int writers = 3;
    constexpr int readers = 8;
    constexpr int rounds = 40;
    std::atomic<int> torn = 0;
    std::vector<std::thread> threads;
    for (int w = 0; w < writers; ++w) {
        threads.emplace_back([&] {
            for (int i = 0; i < rounds; ++i) {
                const Status done = database_->write([](Transaction& tx) -> Status {
                    tx.no_evidence("test");
                    for (int k = 0; k < 2; ++k) {
                        auto put = tx.run("INSERT INTO thing (text) VALUES ('half')");
                        if (!put) return fail(std::move(put.error()));
                    }
                    return {};
                });
                EXPECT_TRUE(done);
            }
        });
    }
    for (int r = 0; r < readers; ++r) {
        threads.emplace_back([&] {
            for (int i = 0; i < rounds; ++i) {
                if (things() % 2 != 0) ++torn;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(torn, 0);
    EXPECT_EQ(things(), 2 * writers * rounds);
}

TEST_F(DatabaseTest, ReadingInsideReadingEndsInARefusalWhenNoConnectionIsLeft) {
    DatabaseOptions options;
    options.readers_max = 1;
    options.read_ms_max = 50;
    const auto small = test::open_at(path_, clock_, options);
    const Status outer = small->read([&](Reader&) -> Status {
        const Status inner = small->read([](Reader&) -> Status { return {}; });
        EXPECT_EQ(inner.error().code, Errc::unavailable);
        return {};
    });
    EXPECT_TRUE(outer);
}

TEST_F(DatabaseTest, AnotherProcessHoldingTheFileIsARefusalAfterTheWait) {
    DatabaseOptions options;
    options.lock_wait_ms_max = 20;
    const auto other = test::open_at(path_, clock_, options);
    const Status done = database_->write([&](Transaction& tx) -> Status {
        tx.no_evidence("test");
        const Status blocked = other->write([](Transaction&) -> Status { return {}; });
        EXPECT_EQ(blocked.error().code, Errc::unavailable);
        return {};
    });
    EXPECT_TRUE(done);
    EXPECT_TRUE(run_alone(*other, "INSERT INTO thing (number) VALUES (1)"));
}

/// Every look at the monotonic clock takes a millisecond.
class TickingClock final : public Clock {
public:
    [[nodiscard]] WallNs wall_ns() const override { return test::test_start_ns; }
    [[nodiscard]] std::int64_t monotonic_ns() const override { return ticks_ += 1'000'000; }
    [[nodiscard]] BootId boot_id() const override { return {}; }

private:
    mutable std::atomic<std::int64_t> ticks_ = 0;
};

TEST_F(DatabaseTest, AnEndlessQueryIsCutAtItsDeadlineAndTheConnectionLivesOn) {
    const TickingClock ticking;
    DatabaseOptions options;
    options.read_ms_max = 30;
    options.write_ms_max = 30;
    options.readers_max = 1;
    const auto hurried = test::open_at(path_, ticking, options);
    const std::string_view endless =
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
    const Status late = hurried->read([&](Reader& reader) -> Status {
        Rows rows = reader.query(endless);
        (void)rows.next();
        return {};
    });
    EXPECT_EQ(late.error().code, Errc::unavailable);
    const Status late_write = hurried->write([&](Transaction& tx) -> Status {
        tx.no_evidence("test");
        auto put = tx.run("INSERT INTO thing (number) VALUES (1)");
        if (!put) return fail(std::move(put.error()));
        Rows rows = tx.query(endless);
        (void)rows.next();
        return {};
    });
    EXPECT_EQ(late_write.error().code, Errc::unavailable);
    EXPECT_EQ(number_from(*hurried, "SELECT count(*) FROM thing"), 0);
    EXPECT_TRUE(run_alone(*hurried, "INSERT INTO thing (number) VALUES (1)"));
}

TEST_F(DatabaseTest, TheFileIsPrivate) {
    for (const std::string suffix : {"", "-wal"}) {
        struct stat facts {};
        ASSERT_EQ(::stat((path_ + suffix).c_str(), &facts), 0);
        EXPECT_EQ(facts.st_mode & 0777U, 0600U) << suffix;
    }
}

TEST_F(DatabaseTest, AStrangeFileAndAMissingOneAreRefused) {
    const std::string strange = directory_.file("strange.db");
    std::ofstream(strange) << std::string(8'192, 'x');
    EXPECT_EQ(Database::open(strange, clock_).error().code, Errc::tampered);
    DatabaseOptions existing;
    existing.create = false;
    EXPECT_EQ(Database::open(directory_.file("none.db"), clock_, existing).error().code,
              Errc::not_found);
}

}  // namespace
}  // namespace daicho::store
