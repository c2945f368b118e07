#include "store/facts.hpp"

#include <gtest/gtest.h>

#include "store/test_support.hpp"

namespace daicho::store {
namespace {

class FactsTest : public testing::Test {
protected:
    void SetUp() override {
        const std::array<MigrationSet, 1> all{migrations()};
        ASSERT_TRUE(database_->migrate(all));
    }
    bool insert(const Fact& fact) {
        auto added = database_->write([&](Transaction& tx) -> Result<bool> {
            tx.no_evidence("derived");
            return facts::insert(tx, fact);
        });
        EXPECT_TRUE(added);
        return added.value_or(false);
    }
    std::vector<std::string> details(const FactQuery& query) {
        std::vector<std::string> out;
        auto found = database_->read([&](Reader& reader) { return facts::find(reader, query); });
        EXPECT_TRUE(found);
        for (const Fact& fact : *found) out.push_back(fact.detail);
        return out;
    }
    static Fact fact(WallNs time, const std::string& kind, const std::string& subject,
                     std::int64_t seq, const std::string& detail) {
        return {0, time, kind, subject, seq, "", detail};
    }
    test::TemporaryDirectory directory_;
    ManualClock clock_{test::test_start_ns};
    std::unique_ptr<Database> database_ = test::open_at(directory_.file("state.db"), clock_);
};

TEST_F(FactsTest, AllFactsCanBeReadInPages) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(insert(fact(9 - i, "k", "s", i, "{}")));
    const auto read = database_->read([&](Reader& reader) -> Result<int> {
        const std::vector<Fact> page = facts::page(reader, 0, 3);
        EXPECT_EQ(page.size(), 3U);
        EXPECT_EQ(page.at(2).seq, 2);
        EXPECT_EQ(page.at(2).source_key, "seq:2");
        const std::vector<Fact> rest = facts::page(reader, page.at(2).id, 3);
        EXPECT_EQ(rest.size(), 2U);
        EXPECT_TRUE(facts::page(reader, rest.at(1).id, 3).empty());
        return 0;
    });
    EXPECT_TRUE(read);
}

TEST_F(FactsTest, TheSameFactTwiceIsOneFact) {
    EXPECT_TRUE(insert(fact(1, "review.completed", "r", 10, "first")));
    EXPECT_FALSE(insert(fact(2, "review.completed", "r", 10, "second")));
    EXPECT_TRUE(insert(fact(2, "review.completed", "r", 11, "third")));
    EXPECT_EQ(details({}), (std::vector<std::string>{"first", "third"}));
}

TEST_F(FactsTest, AMeasurementRepeatedForItsKeyReplacesTheOlder) {
    Fact day{0, 5, "source.coverage", "tcp:192.0.2.7", -1, "2026-11-22", "old"};
    ASSERT_TRUE(insert(day));
    day.detail = "new";
    day.time_ns = 6;
    ASSERT_TRUE(database_->write([&](Transaction& tx) -> Status {
        tx.no_evidence("derived");
        return facts::replace(tx, day);
    }));
    EXPECT_EQ(details({}), (std::vector<std::string>{"new"}));
}

TEST_F(FactsTest, QueriesCombineKindSubjectAndTime) {
    insert(fact(10, "a", "x", 1, "a x 10"));
    insert(fact(20, "a", "y", 2, "a y 20"));
    insert(fact(30, "a", "x", 3, "a x 30"));
    insert(fact(20, "b", "x", 4, "b x 20"));
    FactQuery query;
    query.kind = "a";
    query.subject = "x";
    EXPECT_EQ(details(query), (std::vector<std::string>{"a x 10", "a x 30"}));
    query.newest_first = true;
    EXPECT_EQ(details(query), (std::vector<std::string>{"a x 30", "a x 10"}));
    query = {};
    query.from_ns = 20;
    query.before_ns = 30;
    EXPECT_EQ(details(query), (std::vector<std::string>{"a y 20", "b x 20"}));
    query.count_max = 1;
    EXPECT_EQ(details(query), (std::vector<std::string>{"a y 20"}));
}

TEST_F(FactsTest, TheLatestBeforeAMomentIsNotTheOneAtIt) {
    insert(fact(10, "a", "x", 1, "10"));
    insert(fact(20, "a", "x", 2, "20"));
    const auto detail_before = [&](WallNs time) {
        auto found = database_->read([&](Reader& reader) -> Result<std::string> {
            const auto one = facts::latest(reader, "a", "x", time);
            return one ? one->detail : std::string("none");
        });
        return *found;
    };
    EXPECT_EQ(detail_before(21), "20");
    EXPECT_EQ(detail_before(20), "10");
    EXPECT_EQ(detail_before(10), "none");
}

TEST_F(FactsTest, ClearingForgetsOneKindOrAll) {
    insert(fact(10, "a", "x", 1, "a"));
    insert(fact(10, "b", "x", 2, "b"));
    const auto clear = [&](const std::optional<std::string>& kind) {
        return database_->write([&](Transaction& tx) -> Status {
            tx.no_evidence("derived");
            return facts::clear(tx, kind);
        });
    };
    ASSERT_TRUE(clear("a"));
    EXPECT_EQ(details({}), (std::vector<std::string>{"b"}));
    ASSERT_TRUE(clear(std::nullopt));
    EXPECT_TRUE(details({}).empty());
}

TEST_F(FactsTest, ValuesNeverBecomeSql) {
    insert(fact(10, "a' OR '1'='1", "x'; DROP TABLE fact; --", 1, "odd"));
    FactQuery query;
    query.subject = "x'; DROP TABLE fact; --";
    EXPECT_EQ(details(query), (std::vector<std::string>{"odd"}));
    query.subject = "x' OR '1'='1";
    EXPECT_TRUE(details(query).empty());
}

}  // namespace
}  // namespace daicho::store
