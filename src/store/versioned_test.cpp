#include "store/versioned.hpp"

#include <gtest/gtest.h>

#include "store/test_support.hpp"

namespace daicho::store {
namespace {

constexpr Migration steps[] = {{1, "key register", R"(
CREATE TABLE key_register (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, holder TEXT
) STRICT;
CREATE TABLE key_register_history (
    id INTEGER NOT NULL, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL, name TEXT NOT NULL, holder TEXT,
    PRIMARY KEY (id, version)
) STRICT;)"}};

class VersionedTest : public testing::Test {
protected:
    void SetUp() override {
        const std::array<MigrationSet, 2> all{migrations(), MigrationSet{"test", steps}};
        ASSERT_TRUE(database_->migrate(all));
    }
    Result<std::int64_t> add(const std::string& name) {
        return database_->write([&](Transaction& tx) {
            return table_.add(tx, {name, Value()}, {"account:1", "key.registered"});
        });
    }
    Result<std::int64_t> give(std::int64_t key, std::int64_t version, const std::string& holder) {
        return database_->write([&](Transaction& tx) {
            return table_.change(tx, key, version, {std::string("front door"), holder},
                                 {"account:2", "key.handed_over"});
        });
    }
    std::vector<std::string> trouble() {
        return *database_->read([&](Reader& reader) -> Result<std::vector<std::string>> {
            return table_.verify(reader);
        });
    }
    test::TemporaryDirectory directory_;
    ManualClock clock_{test::test_start_ns};
    std::unique_ptr<Database> database_ = test::open_at(directory_.file("state.db"), clock_);
    Versioned table_{"key_register", "key", {"name", "holder"}};
};

TEST_F(VersionedTest, EveryVersionStaysWithItsTimeAndAuthor) {
    const std::int64_t key = *add("front door");
    clock_.advance(hour_ns);
    EXPECT_EQ(*give(key, 1, "佐藤"), 2);
    clock_.advance(hour_ns);
    EXPECT_EQ(*give(key, 2, "鈴木"), 3);
    const Status seen = database_->read([&](Reader& reader) -> Status {
        const std::vector<Version> all = table_.history(reader, key);
        EXPECT_EQ(all.size(), 3U);
        EXPECT_EQ(all.at(0).changed_by, "account:1");
        EXPECT_EQ(all.at(1).valid_from_ns, test::test_start_ns + hour_ns);
        EXPECT_EQ(std::get<std::string>(all.at(1).values.at(1)), "佐藤");
        EXPECT_EQ(table_.current(reader, key)->version, 3);
        EXPECT_EQ(table_.as_of(reader, key, test::test_start_ns + hour_ns)->version, 2);
        EXPECT_EQ(table_.as_of(reader, key, test::test_start_ns + hour_ns - 1)->version, 1);
        EXPECT_FALSE(table_.as_of(reader, key, test::test_start_ns - 1));
        return {};
    });
    EXPECT_TRUE(seen);
    EXPECT_TRUE(trouble().empty());
}

TEST_F(VersionedTest, AChangeBasedOnAnOldVersionIsAConflict) {
    const std::int64_t key = *add("front door");
    ASSERT_TRUE(give(key, 1, "佐藤"));
    const auto late = give(key, 1, "鈴木");
    EXPECT_EQ(late.error().code, Errc::conflict);
    EXPECT_EQ(late.error().text_key, "store.changed_meanwhile");
    EXPECT_EQ(give(99, 1, "x").error().code, Errc::not_found);
}

TEST_F(VersionedTest, ARefusedRowLeavesNeitherHistoryNorEvidence) {
    ASSERT_TRUE(add("front door"));
    EXPECT_EQ(add("front door").error().code, Errc::conflict);
    EXPECT_EQ(test::number_from(*database_, "SELECT count(*) FROM key_register_history"), 1);
    EXPECT_EQ(test::number_from(*database_, "SELECT count(*) FROM outbox"), 1);
}

TEST_F(VersionedTest, VerificationNamesWhateverWasChangedBehindOurBack) {
    const std::int64_t first = *add("front door");
    ASSERT_TRUE(give(first, 1, "佐藤"));
    ASSERT_TRUE(add("back door"));
    ASSERT_TRUE(trouble().empty());
    struct Tampering {
        std::string sql;
        std::string named;
    };
    const std::vector<Tampering> cases{
        {"UPDATE key_register_history SET holder = 'x' WHERE id = 1 AND version = 2",
         "key:1 version 2"},
        {"UPDATE key_register_history SET holder = '' WHERE id = 1 AND version = 1",
         "key:1 version 1"},
        {"UPDATE key_register_history SET valid_from_ns = 1 WHERE id = 2", "key:2 version 1"},
        {"UPDATE key_register_history SET changed_by = 'account:9' WHERE id = 2",
         "key:2 version 1"},
        {"UPDATE key_register SET holder = 'x' WHERE id = 1", "key:1 version 2"},
        {"DELETE FROM key_register WHERE id = 2", "key:2 version 1"},
        {"DELETE FROM key_register_history WHERE id = 1 AND version = 1", "key:1 version 1"},
        {"DELETE FROM key_register_history WHERE id = 1 AND version = 2", "key:1 version 2"},
        {"DELETE FROM key_register_history WHERE id = 2", "key:2 version 1"},
        {"INSERT INTO key_register_history SELECT 9, 1, valid_from_ns, changed_by, outbox_id, name,"
         " holder FROM key_register_history WHERE id = 2",
         "key:9 version 1"},
        {"INSERT INTO key_register_history SELECT id, 2, valid_from_ns, changed_by, outbox_id, "
         "name,"
         " holder FROM key_register_history WHERE id = 2",
         "key:2 version 2"},
        {"DELETE FROM outbox WHERE object = 'key:2'", "key:2 version 1"},
    };
    int number = 0;
    for (const Tampering& tampering : cases) {
        const std::string path = directory_.file("copy" + std::to_string(++number) + ".db");
        ASSERT_TRUE(database_->backup_to(path));
        const auto copy = test::open_at(path, clock_);
        ASSERT_TRUE(test::run_alone(*copy, tampering.sql));
        const auto found = copy->read([&](Reader& reader) -> Result<std::vector<std::string>> {
            return table_.verify(reader);
        });
        ASSERT_EQ(found->size(), 1U) << tampering.sql;
        EXPECT_TRUE(found->front().starts_with(tampering.named + ":"))
            << tampering.sql << " gave " << found->front();
    }
}

}  // namespace
}  // namespace daicho::store
