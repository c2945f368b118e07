#include "evidence/collect/source_board.hpp"

#include <gtest/gtest.h>

namespace daicho::evidence::collect {
namespace {

constexpr WallNs noon = 20'000 * day_ns + 12 * hour_ns;
std::int32_t utc_day(WallNs t) {
    return static_cast<std::int32_t>(t / day_ns);
}

ChunkStats some(std::uint64_t events, WallNs wall_ns, std::int64_t skew_ns = 0) {
    ChunkStats stats;
    stats.events = events;
    stats.bytes = events * 100;
    stats.wall_ns = wall_ns;
    stats.transport = ledger::Transport::tls;
    for (std::uint64_t i = 0; i < events; ++i) stats.skew.add(skew_ns);
    stats.coverage = {
        .sampled = events, .access_events = events, .with_time = events, .with_user = events / 2};
    return stats;
}

TEST(SourceBoard, counts_rates_and_silence_follow_the_clock) {
    ManualClock clock(noon);
    SourceBoard board(clock, utc_day);
    for (int i = 0; i < 12; ++i) {  // two minutes of 5 events per second
        board.record("tls:a", some(50, clock.wall_ns()));
        clock.advance(10 * second_ns);
    }
    auto state = board.source("tls:a");
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(state->events, 600U);
    EXPECT_EQ(state->bytes, 60'000U);
    EXPECT_DOUBLE_EQ(state->per_second_1m, 5.0);
    EXPECT_NEAR(state->per_second_10m, 600.0 / 590.0, 1e-9);
    EXPECT_EQ(state->silence_ns, 10 * second_ns);
    clock.advance(5 * minute_ns);
    state = board.source("tls:a");
    EXPECT_DOUBLE_EQ(state->per_second_1m, 0.0);
    EXPECT_GT(state->per_second_10m, 0.9);
    clock.advance(hour_ns);
    EXPECT_DOUBLE_EQ(board.source("tls:a")->per_second_10m, 0.0);
    EXPECT_EQ(board.source("tls:a")->last_seen_ns, noon + 110 * second_ns);
    EXPECT_FALSE(board.source("tls:b").has_value());
}

TEST(SourceBoard, a_wall_clock_that_steps_changes_no_rate) {
    ManualClock clock(noon);
    SourceBoard board(clock, utc_day);
    board.record("tls:a", some(60, clock.wall_ns()));
    clock.advance(10 * second_ns);
    clock.step(-3 * hour_ns);
    EXPECT_DOUBLE_EQ(board.source("tls:a")->per_second_1m, 1.0);
    EXPECT_EQ(board.source("tls:a")->silence_ns, 10 * second_ns);
}

TEST(SourceBoard, days_have_their_own_facts_and_can_be_forgotten) {
    ManualClock clock(noon);
    SourceBoard board(clock, utc_day);
    board.record("tls:a", some(10, clock.wall_ns(), -2 * second_ns));
    board.record_drop("udp:*", ledger::Transport::udp, 7, 0);
    clock.advance(day_ns);
    board.record("tls:a", some(4, clock.wall_ns(), second_ns));
    auto facts = board.daily_facts();
    ASSERT_EQ(facts.size(), 3U);
    EXPECT_EQ(facts[0].source, "tls:a");
    EXPECT_EQ(facts[0].day, 20'000);
    EXPECT_TRUE(facts[0].complete);
    EXPECT_EQ(facts[0].events, 10U);
    EXPECT_EQ(facts[0].coverage.with_user, 5U);
    EXPECT_EQ(facts[0].skew_max_abs_ns, 2 * second_ns);
    EXPECT_EQ(facts[0].skew_median_ns, -2 * second_ns);
    EXPECT_EQ(facts[1].day, 20'001);
    EXPECT_FALSE(facts[1].complete);
    EXPECT_EQ(facts[1].events, 4U);
    EXPECT_EQ(facts[2].source, "udp:*");
    EXPECT_EQ(facts[2].dropped_events, 7U);
    board.forget_days_until(20'000);
    facts = board.daily_facts();
    ASSERT_EQ(facts.size(), 1U);
    EXPECT_EQ(facts[0].day, 20'001);
}

TEST(SourceBoard, invented_sources_beyond_the_limit_are_counted_together) {
    ManualClock clock(noon);
    SourceBoard board(clock, utc_day);
    for (std::size_t i = 0; i < sources_max + 100; ++i)
        board.record("udp:" + std::to_string(i), some(1, noon));
    EXPECT_EQ(board.sources().size(), sources_max + 1);
    EXPECT_EQ(board.source(other_sources)->events, 100U);
}

TEST(SkewHistogram, the_median_is_right_within_a_factor_of_two_and_the_ends_are_exact) {
    SkewHistogram skew;
    for (std::int64_t i = 1; i <= 1001; ++i) skew.add(i * 1'000'000 - 200'000'000);
    EXPECT_EQ(skew.min_ns(), -199'000'000);
    EXPECT_EQ(skew.max_ns(), 801'000'000);
    EXPECT_GT(skew.median_ns(), 150'000'000);  // truly 301 ms
    EXPECT_LT(skew.median_ns(), 602'000'000);
    SkewHistogram extreme;
    extreme.add(INT64_MIN);
    extreme.add(INT64_MAX);
    EXPECT_EQ(extreme.count(), 2U);
    EXPECT_EQ(extreme.max_abs_ns(), -extreme.min_ns());
}

TEST(SkewHistogram, has_one_text_and_comes_back_from_it) {
    SkewHistogram skew;
    EXPECT_EQ(skew.to_text(), "0 0 0");
    EXPECT_EQ(*SkewHistogram::from_text("0 0 0"), skew);
    for (const std::int64_t one : {-3 * second_ns, std::int64_t{0}, second_ns, second_ns})
        skew.add(one);
    const Result<SkewHistogram> back = SkewHistogram::from_text(skew.to_text());
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, skew);
    EXPECT_EQ(back->median_ns(), skew.median_ns());
    for (const std::string bad :
         {"", "0 0", "0 0 0 ", "0 0 0 5", "0 0 0 128:1", "0 0 0 5:-1", "0 0 0 6:1 5:1", "+1 0 0",
          "0 0 0 5:99999999999999999999", "a b c"}) {
        EXPECT_FALSE(SkewHistogram::from_text(bad)) << bad;
    }
}

TEST(SourceBoard, goes_on_with_the_day_of_an_earlier_run) {
    ManualClock clock(noon);
    SourceBoard before(clock, utc_day);
    before.record("tls:a", some(10, clock.wall_ns(), -second_ns));
    before.record("tls:a", some(4, clock.wall_ns() - day_ns));
    SourceBoard after(clock, utc_day);
    for (const DayCounters& day : before.days()) after.restore(day);
    EXPECT_EQ(after.source("tls:a")->events, 0U) << "counters of the process begin anew";
    after.record("tls:a", some(5, clock.wall_ns(), -second_ns));
    const auto facts = after.daily_facts();
    ASSERT_EQ(facts.size(), 2U);
    std::uint64_t today = 0;
    for (const DailyFacts& one : facts) {
        if (one.day != utc_day(noon)) continue;
        today = one.events;
        EXPECT_EQ(one.coverage.with_user, 7U);
        EXPECT_EQ(one.skew_count, 15U);
    }
    EXPECT_EQ(today, 15U);
}

}  // namespace
}  // namespace daicho::evidence::collect
