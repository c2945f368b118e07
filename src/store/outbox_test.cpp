#include "store/outbox.hpp"

#include <gtest/gtest.h>

#include "store/test_support.hpp"

namespace daicho::store {
namespace {

class OutboxTest : public testing::Test {
protected:
    void SetUp() override {
        const std::array<MigrationSet, 1> all{migrations()};
        ASSERT_TRUE(database_->migrate(all));
    }
    std::int64_t record(const std::string& action, const Bytes& content = {}) {
        auto id = database_->write([&](Transaction& tx) -> Result<std::int64_t> {
            return tx.record({"account:1", action, "thing:1", 3, content, R"({"n":1})"});
        });
        EXPECT_TRUE(id);
        return id.value_or(0);
    }
    test::TemporaryDirectory directory_;
    ManualClock clock_{test::test_start_ns};
    std::unique_ptr<Database> database_ = test::open_at(directory_.file("state.db"), clock_);
    Outbox outbox_{*database_};
};

TEST_F(OutboxTest, RowsComeOutInTheOrderOfTheirTransactions) {
    const std::int64_t first = record("a");
    clock_.advance(second_ns);
    const std::int64_t second = record("b");
    const auto pending = outbox_.read_pending(10);
    ASSERT_EQ(pending->size(), 2U);
    EXPECT_EQ(pending->at(0).id, first);
    EXPECT_EQ(pending->at(0).action, "a");
    EXPECT_EQ(pending->at(0).detail, R"({"n":1})");
    EXPECT_EQ(pending->at(1).id, second);
    EXPECT_EQ(pending->at(1).time_ns, test::test_start_ns + second_ns);
    EXPECT_EQ(outbox_.read_pending(1)->size(), 1U);
}

TEST_F(OutboxTest, ADoneRowIsNotPendingAndRepeatingItIsHarmless) {
    const std::int64_t id = record("a");
    ASSERT_TRUE(outbox_.mark_done(id, 700));
    EXPECT_TRUE(outbox_.mark_done(id, 700));
    EXPECT_EQ(outbox_.mark_done(id, 701).error().code, Errc::conflict);
    EXPECT_EQ(*outbox_.pending_count(), 0);
}

TEST_F(OutboxTest, AllRowsCanBeReadInPagesWithTheirPlaces) {
    const std::int64_t first = record("a");
    const std::int64_t second = record("b");
    const std::int64_t third = record("c");
    ASSERT_TRUE(outbox_.mark_done(first, 700));
    const auto read = database_->read([&](Reader& reader) -> Result<int> {
        const std::vector<OutboxKept> page = outbox_rows(reader, 0, 2);
        EXPECT_EQ(page.size(), 2U);
        EXPECT_EQ(page.at(0).id, first);
        EXPECT_EQ(page.at(0).action, "a");
        EXPECT_EQ(page.at(0).ledger_seq, 700);
        EXPECT_EQ(page.at(1).id, second);
        EXPECT_FALSE(page.at(1).ledger_seq);
        const std::vector<OutboxKept> rest = outbox_rows(reader, second, 2);
        EXPECT_EQ(rest.size(), 1U);
        EXPECT_EQ(rest.at(0).id, third);
        EXPECT_TRUE(outbox_rows(reader, third, 2).empty());
        return 0;
    });
    EXPECT_TRUE(read);
}

TEST_F(OutboxTest, ARowCannotOvertakeAnEarlierOne) {
    const std::int64_t first = record("a");
    const std::int64_t second = record("b");
    EXPECT_EQ(outbox_.mark_done(second, 1).error().code, Errc::conflict);
    EXPECT_TRUE(outbox_.mark_done(first, 1));
    EXPECT_TRUE(outbox_.mark_done(second, 2));
    EXPECT_EQ(outbox_.mark_done(99, 3).error().code, Errc::not_found);
}

TEST_F(OutboxTest, ABatchIsNotedWholeOrNotAtAll) {
    const std::int64_t first = record("a");
    const std::int64_t second = record("b");
    const std::int64_t third = record("c");
    const std::vector<OutboxPlace> gap{{first, 1}, {third, 3}};
    EXPECT_EQ(outbox_.mark_done(gap).error().code, Errc::conflict);
    EXPECT_EQ(*outbox_.pending_count(), 3);
    const std::vector<OutboxPlace> whole{{first, 1}, {second, 2}, {third, 3}};
    EXPECT_TRUE(outbox_.mark_done(whole));
    EXPECT_EQ(*outbox_.pending_count(), 0);
}

TEST_F(OutboxTest, ARefusedTransactionLeavesNoEvidence) {
    const Status refused = database_->write([](Transaction& tx) -> Status {
        tx.record({"account:1", "a", "", 0, {}, "{}"});
        return fail(Errc::denied, "no");
    });
    EXPECT_FALSE(refused);
    EXPECT_EQ(*outbox_.pending_count(), 0);
}

TEST_F(OutboxTest, TheDigestIsSaltedAndCanBeRecomputedOnlyForTheSameContent) {
    const Bytes content = to_bytes("the same content");
    const std::int64_t first = record("a", content);
    const std::int64_t second = record("a", content);
    const auto pending = outbox_.read_pending(10);
    EXPECT_NE(pending->at(0).digest, pending->at(1).digest);
    EXPECT_EQ(*outbox_.recompute(first, content), pending->at(0).digest);
    EXPECT_EQ(*outbox_.recompute(second, content), pending->at(1).digest);
    EXPECT_NE(*outbox_.recompute(first, to_bytes("other content")), pending->at(0).digest);
}

TEST_F(OutboxTest, TheDigestBindsObjectAndVersion) {
    const Bytes salt(outbox_salt_size, 7);
    const Bytes content = to_bytes("c");
    EXPECT_NE(state_digest(salt, "thing:1", 1, content), state_digest(salt, "thing:1", 2, content));
    EXPECT_NE(state_digest(salt, "thing:1", 1, content), state_digest(salt, "thing:2", 1, content));
    EXPECT_NE(state_digest(salt, "thing:1", 1, to_bytes("bc")),
              state_digest(salt, "thing:1b", 1, to_bytes("c")));
}

TEST_F(OutboxTest, TheListenerHearsOfEvidenceOnlyAfterItsCommit) {
    int heard = 0;
    database_->on_recorded([&] { ++heard; });
    record("a");
    EXPECT_EQ(heard, 1);
    EXPECT_FALSE(database_->write([](Transaction& tx) -> Status {
        tx.record({"account:1", "a", "", 0, {}, "{}"});
        return fail(Errc::denied, "no");
    }));
    EXPECT_TRUE(test::run_alone(*database_, "DELETE FROM fact"));
    EXPECT_EQ(heard, 1);
}

TEST_F(OutboxTest, DetailThatIsNoObjectIsABug) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto sloppy = [](Transaction& tx) -> Status {
        tx.record({"account:1", "a", "", 0, {}, "free text"});
        return {};
    };
    EXPECT_DEATH((void)database_->write(sloppy), "JSON object");
}

TEST(CanonicalForm, NoTwoListsShareAForm) {
    const std::vector<std::vector<Value>> lists{
        {},
        {std::monostate()},
        {std::string()},
        {Bytes()},
        {std::int64_t{0}},
        {std::string("ab"), std::string("c")},
        {std::string("a"), std::string("bc")},
        {std::string("abc")},
        {to_bytes("abc")},
        {std::monostate(), std::monostate()},
    };
    for (std::size_t i = 0; i < lists.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            EXPECT_NE(canonical_form(lists[i]), canonical_form(lists[k])) << i << " and " << k;
        }
    }
}

}  // namespace
}  // namespace daicho::store
