// Time as the ledger meets it: steps of the wall clock, silence, days that pass; on a disk in
// memory, so that nothing waits for a medium.
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "faults/simulated_disk.hpp"
#include "faults/watched_ledger.hpp"

namespace daicho::test {
namespace {

using ledger::core::LeafType;
using nlohmann::json;
using namespace std::chrono_literals;

TEST(ClockSteps, are_leaves_of_their_own_and_decide_no_order) {
    WatchedLedger watched;
    watched.open();
    watched.append("before");
    watched.clock.step(3 * hour_ns);
    const json forward = watched.wait_for(LeafType::clock, 1);
    watched.append("three hours later, says the clock");
    watched.clock.step(-5 * hour_ns);
    const json backward = watched.wait_for(LeafType::clock, 2);
    watched.append("two hours before the first, says the clock");
    EXPECT_NEAR(forward.value("step_ns", 0.0), 3.0 * hour_ns, 0.1 * second_ns);
    EXPECT_NEAR(backward.value("step_ns", 0.0), -5.0 * hour_ns, 0.1 * second_ns);
    EXPECT_FALSE(forward.value("boot_changed", true));
    const std::vector<Seen> events = watched.events();
    ASSERT_EQ(events.size(), 3U);
    for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].seq, i);
    EXPECT_LT(events[2].wall_ns, events[0].wall_ns);
    EXPECT_GT(events[2].monotonic_ns, events[1].monotonic_ns);
    EXPECT_GT(events[1].monotonic_ns, events[0].monotonic_ns);
    ASSERT_TRUE(watched.ledger->seal_now());
    EXPECT_EQ(watched.events().size(), 3U);
    watched.close();
    EXPECT_EQ(watched.verify(), "");
}

TEST(ClockSteps, smaller_than_the_limit_are_no_leaves) {
    WatchedLedger watched;
    watched.open();
    watched.clock.step(second_ns / 2);
    watched.append("one");
    std::this_thread::sleep_for(500ms);
    watched.clock.step(2 * second_ns);  // the next, so that the silence before it is known to end
    EXPECT_NEAR(watched.wait_for(LeafType::clock, 1).value("step_ns", 0.0), 2.0 * second_ns,
                0.1 * second_ns);
    EXPECT_EQ(watched.notices(LeafType::clock).size(), 1U);
}

TEST(ClockSteps, across_a_restart_are_leaves_too) {
    WatchedLedger watched;
    watched.open();
    watched.append("one");
    watched.close();
    watched.clock.step(-2 * hour_ns);
    watched.open();
    watched.append("two");
    watched.close();
    const std::vector<json> steps = watched.stored(LeafType::clock);
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_TRUE(steps[0].value("boot_changed", false));
    EXPECT_NEAR(steps[0].value("step_ns", 0.0), -2.0 * hour_ns, 5.0 * second_ns);
    EXPECT_EQ(watched.verify(), "");
}

TEST(ClockSteps, to_a_day_that_has_gone_leave_the_key_of_today_signing) {
    WatchedLedger watched;
    watched.open();
    watched.clock.step(-2 * day_ns);
    (void)watched.wait_for(LeafType::clock, 1);
    watched.append("one");
    ASSERT_TRUE(watched.ledger->wait_published(watched.ledger->figures().tree_size - 1));
    EXPECT_EQ(watched.notices(LeafType::key_rotation).size(), 0U);
    EXPECT_EQ(watched.ledger->keyring().day_keys(),
              std::vector<std::string>{ledger::core::day_of(MovingClock::start)});
    watched.close();
    EXPECT_EQ(watched.verify(), "");
}

TEST(Heartbeat, proves_silence_and_is_not_needed_while_events_come) {
    WatchedLedger watched;
    watched.open();
    watched.append("one");
    watched.append("two");
    watched.clock.advance(61 * second_ns);
    const json first = watched.wait_for(LeafType::heartbeat, 1);
    EXPECT_EQ(first.value("last_seq", 0U), 1U);
    EXPECT_EQ(first.value("events_since", 0U), 2U);
    watched.clock.advance(61 * second_ns);
    EXPECT_EQ(watched.wait_for(LeafType::heartbeat, 2).value("events_since", 9U), 0U);
    for (int i = 0; i < 4; ++i) {
        watched.clock.advance(40 * second_ns);
        watched.append("busy");
        std::this_thread::sleep_for(250ms);
    }
    EXPECT_EQ(watched.notices(LeafType::heartbeat).size(), 2U);
    watched.close();
    EXPECT_EQ(watched.verify(), "");
}

TEST(Heartbeat, goes_on_after_the_clock_has_gone_back) {
    WatchedLedger watched;
    watched.open();
    watched.append("one");
    watched.clock.step(-6 * hour_ns);
    (void)watched.wait_for(LeafType::clock, 1);
    watched.clock.advance(61 * second_ns);
    EXPECT_EQ(watched.wait_for(LeafType::heartbeat, 1).value("last_seq", 9U), 0U);
}

TEST(DayKey, of_yesterday_is_destroyed_when_the_new_one_signs) {
    WatchedLedger watched;
    watched.open();
    watched.append("one");
    watched.clock.advance(day_ns);
    const json rotation = watched.wait_for(LeafType::key_rotation, 1);
    const std::string today = ledger::core::day_of(watched.clock.wall_ns());
    EXPECT_EQ(rotation.value("day", ""), today);
    EXPECT_TRUE(rotation.contains("previous_signature"));
    for (int i = 0; i < 100 && watched.ledger->keyring().day_keys().size() > 1; ++i)
        std::this_thread::sleep_for(20ms);
    EXPECT_EQ(watched.ledger->keyring().day_keys(), std::vector<std::string>{today});
}

TEST(DayKey, that_a_power_cut_left_behind_is_destroyed_at_the_next_start) {
    WatchedLedger watched;
    watched.open();
    watched.append("one");
    watched.close();
    const std::string old_path = watched.options.keys_directory + "/day/2026-11-22.key";
    const Bytes old_key = read_file(watched.disk, old_path);
    watched.clock.advance(day_ns);
    watched.open();
    watched.append("two");
    watched.close();
    ASSERT_FALSE(watched.disk.exists(old_path));
    write_file_durably(watched.disk, old_path, old_key);
    watched.open();
    watched.close();
    EXPECT_FALSE(watched.disk.exists(old_path));
}

}  // namespace
}  // namespace daicho::test
