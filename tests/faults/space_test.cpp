// A disk that is full when the ledger writes by itself: checkpoints, heart-beats, steps of the
// clock, keys of a new day. With room it goes on, and nothing is missing or there twice.
#include <gtest/gtest.h>

#include "faults/watched_ledger.hpp"

namespace daicho::test {
namespace {

using ledger::core::LeafType;

template <typename Holds>
bool eventually(Holds holds) {
    for (int i = 0; i < 500; ++i) {
        if (holds()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

/// The trouble may come just before it is taken away: then the writer's next look finds room.
bool appends(WatchedLedger& watched, const std::string& line) {
    return eventually([&] { return watched.try_append(line).has_value(); });
}

/// Nothing comes by itself unless the clock is told to go on.
class NoSpace : public ::testing::Test {
protected:
    NoSpace() {
        watched_.options.commit.checkpoint_ns = hour_ns;
        watched_.options.commit.heartbeat_ns = 2 * hour_ns;
        watched_.options.commit.segment_age_ns = 400 * day_ns;
    }
    /// What holds after any of these troubles.
    void expect_sound(const std::vector<std::string>& lines) {
        watched_.append("afterwards");
        watched_.clock.advance(hour_ns);
        watched_.publish();
        const std::vector<Seen> events = watched_.events();
        ASSERT_EQ(events.size(), lines.size() + 1);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            EXPECT_EQ(events[i].seq, i);
            EXPECT_EQ(events[i].raw, lines[i]);
        }
        EXPECT_EQ(watched_.ledger->figures().stopped, "");
        EXPECT_EQ(watched_.restart_and_verify(), "");
    }
    void expect_refusal() {
        const auto refused = watched_.try_append("without room");
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::unavailable);
        EXPECT_EQ(refused.error().text_key, "ledger.low_water");
    }
    WatchedLedger watched_;
};

TEST_F(NoSpace, holds_a_checkpoint_up_and_no_longer) {
    watched_.open();
    watched_.append("one");
    const std::uint64_t signed_before = watched_.ledger->published().size;
    watched_.fill_disk();
    watched_.clock.advance(hour_ns);
    watched_.wait_until_full();
    EXPECT_EQ(watched_.ledger->published().size, signed_before);
    expect_refusal();
    watched_.make_room();
    EXPECT_GT(watched_.ledger->published().size, signed_before)
        << "what was durable before is signed before anything else is taken";
    expect_sound({"one"});
}

TEST_F(NoSpace, at_any_call_of_a_checkpoint_leaves_no_tile_out) {
    for (std::uint64_t at = 0; at < 40; at += 2) {
        WatchedLedger watched;
        watched.options.commit.checkpoint_ns = hour_ns;
        watched.open();
        // Beyond a full tile, so that whole and partial tiles of two levels are written.
        for (int i = 0; i < 256; ++i)
            ASSERT_TRUE(watched.ledger->append_notice(
                LeafType::gap,
                R"({"bytes":1,"events":1,"reason":"udp_queue_full","source":"udp:192.0.2.9"})"));
        watched.disk.plan(Trouble::no_space, at);
        watched.clock.advance(hour_ns);
        (void)eventually([&] { return watched.ledger->published().size >= 257; });
        watched.make_room();
        ASSERT_TRUE(appends(watched, "afterwards")) << at;
        watched.clock.advance(hour_ns);
        watched.publish();
        EXPECT_EQ(watched.ledger->figures().stopped, "") << at;
        EXPECT_EQ(watched.restart_and_verify(), "") << at;
    }
}

TEST_F(NoSpace, holds_a_heart_beat_up_and_no_longer) {
    watched_.options.commit.checkpoint_ns = 20'000'000;
    watched_.open();
    watched_.append("one");
    watched_.publish();
    watched_.fill_disk();
    watched_.clock.advance(2 * hour_ns);
    watched_.wait_until_full();
    EXPECT_TRUE(watched_.notices(LeafType::heartbeat).empty());
    expect_refusal();
    watched_.make_room();
    (void)watched_.wait_for(LeafType::heartbeat, 1);
    EXPECT_EQ(watched_.notices(LeafType::heartbeat).size(), 1U);
    expect_sound({"one"});
}

TEST_F(NoSpace, forgets_no_step_of_the_clock) {
    watched_.options.commit.checkpoint_ns = 20'000'000;
    watched_.open();
    watched_.append("one");
    watched_.publish();
    watched_.fill_disk();
    watched_.clock.step(90 * minute_ns);
    watched_.wait_until_full();
    watched_.make_room();
    EXPECT_NEAR(watched_.wait_for(LeafType::clock, 1).value("step_ns", 0.0), 90.0 * minute_ns,
                0.1 * second_ns);
    EXPECT_EQ(watched_.notices(LeafType::clock).size(), 1U);
    expect_sound({"one"});
}

TEST_F(NoSpace, at_any_call_of_a_new_day_makes_one_key_of_it) {
    for (std::uint64_t at = 0; at < 60; at += 3) {
        WatchedLedger watched;
        watched.options.commit.checkpoint_ns = 20'000'000;
        watched.open();
        watched.append("one");
        watched.publish();
        watched.disk.plan(Trouble::no_space, at);
        watched.clock.advance(day_ns);
        (void)eventually([&] { return watched.notices(LeafType::key_rotation).size() == 1; });
        watched.make_room();
        ASSERT_TRUE(appends(watched, "two")) << at;
        watched.publish();
        const std::vector<std::string> today{ledger::core::day_of(watched.clock.wall_ns())};
        // Older keys go after the first checkpoint of the new one.
        EXPECT_TRUE(eventually([&] { return watched.ledger->keyring().day_keys() == today; }))
            << at;
        EXPECT_EQ(watched.ledger->figures().stopped, "") << at;
        EXPECT_EQ(watched.notices(LeafType::key_rotation).size(), 1U) << at;
        EXPECT_EQ(watched.restart_and_verify(), "") << at;
    }
}

TEST_F(NoSpace, is_not_what_a_checkpoint_that_may_be_lost_is) {
    watched_.open();
    watched_.append("one");
    watched_.disk.plan(Trouble::lost_sync, 0);
    watched_.clock.advance(hour_ns);
    for (int i = 0; i < 500 && watched_.ledger->figures().stopped.empty(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    watched_.disk.heal();
    EXPECT_NE(watched_.ledger->figures().stopped, "");
    EXPECT_FALSE(watched_.try_append("two"));
    watched_.close();
    watched_.disk.crash(Remains::durable, 0);
    watched_.open();
    expect_sound({"one"});
}

}  // namespace
}  // namespace daicho::test
