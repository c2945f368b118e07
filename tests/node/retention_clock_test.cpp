// Nothing is destroyed under a clock that nothing bears out.
#include <thread>

#include "app/api/reply.hpp"
#include "app/node/retention/clock_evidence.hpp"
#include "app/node/schema.hpp"
#include "node/world.hpp"

namespace daicho::app::node::test {
namespace {

constexpr WallNs now = daicho::test::MovingClock::start + 400 * day_ns;

/// Hourly measurements of some whole days, newest first; the newest `ago_ns` before now.
std::vector<WallNs> hourly(std::int64_t ago_ns, int days) {
    std::vector<WallNs> out;
    for (int hour = 0; hour < 24 * days; ++hour) out.push_back(now - ago_ns - hour * hour_ns);
    return out;
}
std::string judged(const std::vector<WallNs>& measured, const std::vector<ClockStep>& steps = {}) {
    const Status status = judge_clock(measured, steps, now);
    return status ? "" : status.error().text_key;
}

TEST(ClockEvidence, NeedsDaysOfRunningWithoutALongSilence) {
    const std::string unproven = "retention.clock_unproven";
    EXPECT_EQ(judged({}), unproven);
    EXPECT_EQ(judged(hourly(0, 5)), unproven);
    EXPECT_EQ(judged(hourly(0, 8)), "");
    EXPECT_EQ(judged(hourly(6 * day_ns, 8)), "") << "offices close";
    EXPECT_EQ(judged(hourly(8 * day_ns, 30)), unproven) << "a leap of a week and more";
    // Years of running before the leap count for nothing; nor does what lies in the future.
    std::vector<WallNs> leapt = hourly(0, 3);
    for (const WallNs before : hourly(300 * day_ns, 90)) leapt.push_back(before);
    EXPECT_EQ(judged(leapt), unproven);
    EXPECT_EQ(judged(hourly(-40 * day_ns, 20)), unproven);
    const Status status = judge_clock(hourly(0, 3), {}, now);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::conflict);
    EXPECT_EQ(status.error().params.at(0).second, api::time_text(now - 71 * hour_ns));
}

TEST(ClockEvidence, AddsUpStepsOfTheLastDays) {
    const std::string stepped = "retention.clock_stepped";
    const std::vector<WallNs> running = hourly(0, 20);
    EXPECT_EQ(judged(running, {{now - day_ns, hour_ns}}), "");
    EXPECT_EQ(judged(running, {{now - day_ns, 2 * hour_ns}}), stepped);
    EXPECT_EQ(judged(running, {{now - 2 * day_ns, 40 * minute_ns}, {now - day_ns, 40 * minute_ns}}),
              stepped);
    EXPECT_EQ(judged(running, {{now - 2 * day_ns, 3 * day_ns}, {now - day_ns, -3 * day_ns}}), "")
        << "set back again";
    EXPECT_EQ(judged(running, {{now - 8 * day_ns, 2 * hour_ns}}), "");
    EXPECT_EQ(judged(running, {{now + day_ns, 2 * day_ns}}), "") << "from a time that is not yet";
}

class ClockAhead : public NodeWorld {
protected:
    void SetUp() override {
        NodeWorld::SetUp();
        one_ = person("officer-one", {"security_officer"});
        two_ = person("officer-two", {"security_officer"});
        day_ = ledger::core::day_of(clock_.wall_ns());
        append({"to be kept for three years"});
        settle();
        ASSERT_TRUE(node_->upkeep().measure_capacity());
    }
    void sign_in_again() {
        later(0, {&one_, &two_});
        settle();
        append({"of now"});
        settle();
    }
    Answer apply() {
        return ask("POST", "/api/v1/retention/disposals", &one_,
                   {{"class", "log"}, {"days", {day_}}, {"reason", "over"}});
    }
    void run_for_days(std::size_t days) {
        for (std::size_t day = 0; day < days; ++day) {
            ASSERT_TRUE(node_->upkeep().measure_capacity());
            clock_.advance(day_ns);
        }
        ASSERT_TRUE(node_->pump().flush());
    }
    Person one_, two_;
    std::string day_;
};

TEST_F(ClockAhead, OfAnUnnoticedMistakeDestroysNothingForAWeek) {
    clock_.step(4 * 366 * day_ns);
    sign_in_again();
    const Answer refused = apply();
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.key(), "retention.clock_unproven");
    EXPECT_EQ(refused.body["params"]["needed"], "7");
    // The mistake found and mended, nothing is past its period at all.
    clock_.step(-4 * 366 * day_ns);
    for (Person* who : {&one_, &two_}) sign_in(*who);
    EXPECT_EQ(apply().key(), "retention.day_kept");
}

TEST_F(ClockAhead, ByADayIsRefusedUntilItIsSetBack) {
    clock_.advance(3 * 366 * day_ns);
    run_for_days(clock_days_min);
    sign_in_again();
    clock_.step(day_ns);
    ASSERT_TRUE(node_->upkeep().measure_capacity());
    const auto steps = [&] {
        const auto found = node_->database().read(
            [&](store::Reader& reader) { return facts_of_kind(reader, "clock.step"); });
        return found ? found->size() : 0;
    };
    const auto wait_for_steps = [&](std::size_t count) {
        for (int i = 0; i < 500 && steps() < count; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        ASSERT_EQ(steps(), count);
    };
    wait_for_steps(1);
    sign_in_again();
    const Answer refused = apply();
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.key(), "retention.clock_stepped");
    EXPECT_EQ(refused.body["params"]["hours"], "24");
    clock_.step(-day_ns);
    wait_for_steps(2);
    for (Person* who : {&one_, &two_}) sign_in(*who);
    const Answer applied = apply();
    EXPECT_EQ(applied.status, 201) << applied.text;
    // Wrong again before the second person answers.
    clock_.step(2 * day_ns);
    wait_for_steps(3);
    sign_in_again();
    const Answer approval =
        ask("POST",
            "/api/v1/retention/disposals/" + applied.body["id"].get<std::string>() + "/approval",
            &two_, {{"version", applied.body["version"]}, {"content", applied.body["content"]}});
    EXPECT_EQ(approval.key(), "retention.clock_stepped") << approval.text;
}

}  // namespace
}  // namespace daicho::app::node::test
