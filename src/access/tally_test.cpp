#include "access/tally.hpp"

#include <gtest/gtest.h>

#include "access/test_support.hpp"

namespace daicho::access {
namespace {

class TallyTest : public test::AccessTest {
protected:
    void hit(const std::string& detail = R"({"k":1})", int times = 1) {
        for (int i = 0; i < times; ++i) {
            ASSERT_TRUE(room_->tally.count({"test.hit", "account:1", "", detail}));
        }
    }
};

TEST_F(TallyTest, TheFirstIsRecordedAtOnceAndTheRestAsASum) {
    hit(R"({"k":1})", 5);
    EXPECT_EQ(counted("test.hit"), 1);
    ASSERT_TRUE(room_->tally.flush());
    EXPECT_EQ(counted("test.hit"), 1) << "the minute is not over";
    clock_.advance(minute_ns);
    ASSERT_TRUE(room_->tally.flush());
    const auto recorded = evidence("test.hit");
    ASSERT_EQ(recorded.size(), 2U);
    EXPECT_EQ(recorded[1].detail, (nlohmann::json{{"k", 1},
                                                  {"count", 4},
                                                  {"from_ns", store::test::test_start_ns},
                                                  {"to_ns", store::test::test_start_ns}}));
}

TEST_F(TallyTest, WithoutASweepTheNextEventRecordsTheSumFirst) {
    hit(R"({"k":1})", 3);
    clock_.advance(minute_ns);
    hit();
    const auto recorded = evidence("test.hit");
    ASSERT_EQ(recorded.size(), 3U);
    EXPECT_EQ(recorded[1].detail.at("count"), 2);
    EXPECT_EQ(recorded[2].detail.at("count"), 1);
}

TEST_F(TallyTest, CountsSurviveARestart) {
    hit(R"({"k":1})", 4);
    database_ = store::test::open_at(directory_.file("state.db"), clock_);
    restart();
    clock_.advance(minute_ns);
    ASSERT_TRUE(room_->sweep());
    EXPECT_EQ(counted("test.hit"), 4);
}

TEST_F(TallyTest, AFloodOfDifferentKindsStaysBoundedAndExact) {
    const int kinds = static_cast<int>(tally_kinds_max) + 300;
    for (int i = 0; i < kinds; ++i) hit(nlohmann::json{{"k", i}}.dump());
    clock_.advance(minute_ns);
    ASSERT_TRUE(room_->tally.flush());
    EXPECT_EQ(counted("test.hit"), kinds);
    EXPECT_LE(static_cast<std::int64_t>(evidence("test.hit").size()), tally_kinds_max + 2);
}

TEST_F(TallyTest, AClockThatIsSetBackDoesNotHoldTheSumBack) {
    hit(R"({"k":1})", 2);
    clock_.step(-day_ns);
    ASSERT_TRUE(room_->tally.flush());
    EXPECT_EQ(counted("test.hit"), 2);
}

}  // namespace
}  // namespace daicho::access
