#include "store/migration.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "store/test_support.hpp"

namespace daicho::store {
namespace {

constexpr Migration first[] = {{1, "a", "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;"}};
constexpr Migration both[] = {
    {1, "a", "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;"},
    {2, "b", "ALTER TABLE a ADD COLUMN b TEXT; INSERT INTO a (b) VALUES ('made by step 2');"}};
constexpr Migration edited[] = {
    {1, "a", "CREATE TABLE a (id INTEGER PRIMARY KEY, extra TEXT) STRICT;"}};
constexpr Migration broken[] = {
    {1, "a", "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;"},
    {2, "b", "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1);"}};

class MigrationTest : public testing::Test {
protected:
    [[nodiscard]] Status migrate(std::span<const Migration> steps) {
        const std::array<MigrationSet, 2> all{migrations(), MigrationSet{"test", steps}};
        return database_->migrate(all);
    }
    test::TemporaryDirectory directory_;
    ManualClock clock_{test::test_start_ns};
    std::unique_ptr<Database> database_ = test::open_at(directory_.file("state.db"), clock_);
};

TEST_F(MigrationTest, StepsAreAppliedOnceAndInOrder) {
    ASSERT_TRUE(migrate(first));
    ASSERT_TRUE(migrate(both));
    ASSERT_TRUE(migrate(both));
    EXPECT_EQ(test::number_from(*database_, "SELECT count(*) FROM a"), 1);
    EXPECT_EQ(test::number_from(*database_, "SELECT count(*) FROM schema_version"), 3);
}

TEST_F(MigrationTest, ADatabaseFromANewerVersionIsRefusedAndNotTouched) {
    ASSERT_TRUE(migrate(both));
    const Status refused = migrate(first);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_EQ(refused.error().text_key, "store.newer_version");
    EXPECT_EQ(test::number_from(*database_, "SELECT count(*) FROM a"), 1);
}

TEST_F(MigrationTest, ARoomThatThisProgramDoesNotKnowIsANewerVersionToo) {
    ASSERT_TRUE(migrate(first));
    const std::array<MigrationSet, 1> fewer{migrations()};
    EXPECT_EQ(database_->migrate(fewer).error().code, Errc::conflict);
}

TEST_F(MigrationTest, AnEditedStepIsNoticed) {
    ASSERT_TRUE(migrate(first));
    EXPECT_EQ(migrate(edited).error().code, Errc::tampered);
}

TEST_F(MigrationTest, ATableThatWasChangedBehindOurBackIsNoticed) {
    ASSERT_TRUE(migrate(both));
    for (const auto& [change, back] :
         {std::pair{"CREATE TRIGGER t AFTER INSERT ON outbox BEGIN DELETE FROM outbox; END",
                    "DROP TRIGGER t"},
          std::pair{"CREATE UNIQUE INDEX one_each ON outbox (actor)", "DROP INDEX one_each"},
          std::pair{"CREATE VIEW v AS SELECT 1", "DROP VIEW v"},
          std::pair{"ALTER TABLE a ADD COLUMN c TEXT", "ALTER TABLE a DROP COLUMN c"},
          std::pair{"CREATE TABLE more (id INTEGER)", "DROP TABLE more"}}) {
        ASSERT_TRUE(test::run_alone(*database_, change)) << change;
        const Status refused = migrate(both);
        ASSERT_FALSE(refused) << change;
        EXPECT_EQ(refused.error().text_key, "store.schema_changed") << change;
        ASSERT_TRUE(test::run_alone(*database_, back)) << back;
        ASSERT_TRUE(migrate(both)) << back;
    }
    ASSERT_TRUE(test::run_alone(*database_, "DROP INDEX outbox_object"));
    EXPECT_EQ(migrate(both).error().code, Errc::tampered);
}

TEST_F(MigrationTest, AStepThatFailsLeavesNothingOfItself) {
    EXPECT_THROW((void)migrate(broken), Fault);
    EXPECT_EQ(test::number_from(*database_,
                                "SELECT count(*) FROM sqlite_schema WHERE name IN ('a', 'half')"),
              1);
    EXPECT_TRUE(migrate(both));
}

TEST_F(MigrationTest, TwoProgramsStartingTogetherApplyEachStepOnce) {
    const auto other = test::open_at(directory_.file("state.db"), clock_);
    const std::array<MigrationSet, 2> all{migrations(), MigrationSet{"test", both}};
    std::thread second([&] { EXPECT_TRUE(other->migrate(all)); });
    EXPECT_TRUE(database_->migrate(all));
    second.join();
    EXPECT_EQ(test::number_from(*database_, "SELECT count(*) FROM a"), 1);
}

}  // namespace
}  // namespace daicho::store
