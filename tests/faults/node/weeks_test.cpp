// Hours and weeks that pass under a moved clock: the alarm before the day is over in which logs
// must be on a write-once medium (003-01-4.5-9a), and the weekly review (002-4-2a).
#include <gtest/gtest.h>

#include <filesystem>

#include "evidence/assess/status_json.hpp"
#include "faults/node/world.hpp"

namespace daicho::test {
namespace {

using evidence::assess::State;
using nlohmann::json;

/// The alarm about the export: its level, or "" for none.
std::string export_alarm(NodeWorld& world) {
    const Result<json> alarms = world.node->upkeep().alarms();
    EXPECT_TRUE(alarms);
    for (const json& alarm : *alarms) {
        const std::string key = alarm.at("message").at("text_key");
        if (key.starts_with("ledger.alarm.export")) return alarm.at("level");
    }
    return "";
}

TEST(ExportAlarm, warns_after_12_hours_is_critical_after_20_and_a_breach_after_24) {
    NodeWorld world;
    world.open();
    const WallNs began = world.clock.wall_ns();
    (void)world.append("a line that is on one medium only");
    const auto at = [&](std::int64_t age_ns) {
        world.clock.advance(began + age_ns - world.clock.wall_ns());
        return export_alarm(world);
    };
    // Daicho's own first events are a few seconds older than the line: the marks have that slack.
    EXPECT_EQ(at(11 * hour_ns + 50 * minute_ns), "");
    EXPECT_EQ(at(12 * hour_ns + minute_ns), "warning");
    EXPECT_EQ(at(19 * hour_ns + 50 * minute_ns), "warning");
    EXPECT_EQ(at(20 * hour_ns + minute_ns), "critical");
    EXPECT_EQ(at(23 * hour_ns + 50 * minute_ns), "critical");
    EXPECT_EQ(at(24 * hour_ns + minute_ns), "breach");
    std::filesystem::create_directories(world.root + "/media");
    ASSERT_TRUE(world.node->upkeep().store_export_setting("cli", {0, world.root + "/media", true}));
    const auto report = world.node->upkeep().export_now(nullptr);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(export_alarm(world), "");
}

class Weeks : public ::testing::Test {
protected:
    void SetUp() override { world_.open(); }
    State state_at(WallNs when) {
        const auto all = world_.node->compliance().assess(when);
        EXPECT_TRUE(all);
        return all->clauses.at("002-4-2a").state;
    }
    /// Why the clause stands as it does, for whoever reads a failure.
    std::string reasons() {
        const auto all = world_.node->compliance().assess(world_.clock.wall_ns());
        std::string out;
        for (const std::string& id : all->clauses.at("002-4-2a").controls) {
            for (const auto& reason : all->controls.at(id).finding.reasons) {
                out += id + ": " + reason.sentence.text_key;
                for (const auto& param : reason.sentence.params)
                    out += " " + param.name + "=" + param.value;
                out += "\n";
            }
        }
        return out;
    }
    State state_now() { return state_at(world_.clock.wall_ns()); }
    /// The review as its page does it: draft, then sign-off of exactly that draft.
    void review() {
        world_.publish();  // a review covers what the newest checkpoint does
        const access::Caller officer = NodeWorld::officer();
        const WallNs now = world_.clock.wall_ns();
        const api_period period{now - 14 * day_ns, now};
        const auto draft = world_.duties->draft(officer, obligation, period);
        ASSERT_TRUE(draft) << draft.error().message;
        app::api::SignOff sign_off;
        sign_off.obligation = obligation;
        sign_off.period = period;
        sign_off.tree_size = std::stoull(draft->at("range").at("tree_size").get<std::string>());
        sign_off.digest = draft->at("digest");
        sign_off.comment = "異常なし";
        for (const json& item : draft->at("checklist")) sign_off.checklist.push_back(item["id"]);
        const auto done = world_.duties->complete(officer, sign_off);
        ASSERT_TRUE(done) << done.error().message;
    }
    using api_period = app::api::Period;
    static constexpr const char* obligation = "weekly-access-log-review";
    NodeWorld world_;
};

TEST_F(Weeks, without_review_make_the_clause_due_then_nonconformant_and_a_late_one_mends_it) {
    (void)world_.append("<86>1 2026-11-22T08:00:00Z app sshd 1 - - Accepted password for tanaka");
    EXPECT_EQ(state_now(), State::insufficient) << "nobody has reviewed yet";
    review();
    EXPECT_EQ(state_now(), State::conformant);
    std::vector<std::pair<WallNs, State>> history;
    // Sunday, 22 November 2026, 17:00 in Tokyo; reviewed; due by the end of Sunday the 29th.
    for (int day = 1; day <= 12; ++day) {
        world_.clock.advance(day_ns);
        history.emplace_back(world_.clock.wall_ns(), state_now());
    }
    const auto on_day = [&history](int day) {
        return history.at(static_cast<std::size_t>(day) - 1);
    };
    EXPECT_EQ(on_day(4).second, State::conformant);
    EXPECT_EQ(on_day(6).second, State::due_soon);
    EXPECT_EQ(on_day(8).second, State::due_soon) << "the days of grace";
    EXPECT_EQ(on_day(11).second, State::nonconformant);
    (void)world_.append("<86>1 2026-12-04T08:00:00Z app sshd 1 - - Accepted password for suzuki");
    review();
    EXPECT_EQ(state_now(), State::conformant) << "late, and done\n" << reasons();
    for (const auto& [when, state] : history)
        EXPECT_EQ(state_at(when), state) << "the past was rewritten, " << when;
    world_.close();
    world_.open();
    for (const auto& [when, state] : history)
        EXPECT_EQ(state_at(when), state) << "after a restart, " << when;
}

TEST_F(Weeks, a_review_whose_record_never_became_durable_does_not_count) {
    (void)world_.append("<86>1 2026-11-22T08:00:00Z app sshd 1 - - Accepted password for tanaka");
    world_.publish();
    world_.files.failing = FailingFiles::Failing::sync;
    const WallNs now = world_.clock.wall_ns();
    EXPECT_FALSE(world_.duties->draft(NodeWorld::officer(), obligation, {now - day_ns, now}));
    EXPECT_EQ(state_now(), State::insufficient);
}

}  // namespace
}  // namespace daicho::test
