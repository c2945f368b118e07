// Nobody sees a log before the record of the reading is durable (003-01-4.5-10a).
#include <gtest/gtest.h>

#include <chrono>

#include "faults/node/world.hpp"

namespace daicho::test {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

ledger::search::Query everything() {
    ledger::search::Query query;
    query.limit = 10;
    return query;
}

/// Every way to see the content of logs, each with what it answers.
std::vector<std::pair<std::string, Result<json>>> look(NodeWorld& world, std::uint64_t seq) {
    const access::Caller officer = NodeWorld::officer();
    const WallNs now = world.clock.wall_ns();
    std::vector<std::pair<std::string, Result<json>>> out;
    out.emplace_back("search", world.events->search(officer, everything()));
    out.emplace_back("event", world.events->event(officer, seq));
    out.emplace_back("proof", world.events->proof(officer, seq));
    out.emplace_back("draft of a review", world.duties->draft(officer, "weekly-access-log-review",
                                                              {now - 7 * day_ns, now}));
    return out;
}

class Reading : public ::testing::Test {
protected:
    void SetUp() override {
        world_.open();
        seq_ = world_.append(
            "<86>1 2026-11-22T08:00:00Z app sshd 1 - - Accepted password for "
            "tanaka from 192.0.2.10 port 50022 ssh2");
        ASSERT_TRUE(world_.node->pump().flush());  // nothing else waits for the ledger
        world_.publish();
        world_.node->ledger().on_notice(
            [this](const ledger::core::NoticeLeaf& leaf, std::uint64_t) {
                if (leaf.type == ledger::core::LeafType::read) ++readings_;
            });
    }
    NodeWorld world_;
    std::uint64_t seq_ = 0;
    std::atomic<int> readings_{0};
};

TEST_F(Reading, is_recorded_before_it_is_answered) {
    int expected = 0;
    for (const auto& [what, answer] : look(world_, seq_)) {
        EXPECT_TRUE(answer) << what << ": " << answer.error().message;
        ++expected;
    }
    EXPECT_EQ(readings_, expected);
}

TEST_F(Reading, shows_nothing_when_its_record_cannot_be_made_durable) {
    world_.files.failing = FailingFiles::Failing::sync;
    for (const auto& [what, answer] : look(world_, seq_)) {
        ASSERT_FALSE(answer) << what << " was shown";
        EXPECT_EQ(answer.error().code, Errc::unavailable) << what;
        EXPECT_NE(answer.error().message.find("stopped writing"), std::string::npos)
            << what << ": " << answer.error().message;
        EXPECT_EQ(answer.error().message.find("tanaka"), std::string::npos) << what;
    }
    // The medium works again, but nobody knows what is on it: still nothing, until a restart.
    world_.files.failing = FailingFiles::Failing::nothing;
    for (const auto& [what, answer] : look(world_, seq_)) EXPECT_FALSE(answer) << what;
    world_.close();
    world_.open();
    for (const auto& [what, answer] : look(world_, seq_))
        EXPECT_TRUE(answer) << what << ": " << answer.error().message;
}

TEST_F(Reading, is_refused_and_not_kept_waiting_while_the_disk_is_full) {
    world_.files.failing = FailingFiles::Failing::space;
    const auto began = std::chrono::steady_clock::now();
    const auto search = world_.events->search(NodeWorld::officer(), everything());
    EXPECT_FALSE(search);
    EXPECT_FALSE(world_.events->event(NodeWorld::officer(), seq_));
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
    world_.files.failing = FailingFiles::Failing::nothing;
    for (int i = 0; i < 250 && world_.node->ledger().figures().full; ++i)
        std::this_thread::sleep_for(20ms);
    EXPECT_TRUE(world_.events->search(NodeWorld::officer(), everything()));
}

}  // namespace
}  // namespace daicho::test
