// What must still be there after daicho was stopped and started.
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/node/schema.hpp"
#include "base/fault.hpp"
#include "node/world.hpp"

namespace daicho::app::node::test {
namespace {

namespace fs = std::filesystem;

class Restart : public NodeWorld {
protected:
    void again(std::initializer_list<Person*> people) {
        close();
        open();
        for (Person* one : people) sign_in(*one);
    }
};

TEST_F(Restart, KeepsPacksForTheirTimeAndForTheirOwner) {
    Person officer = person("officer", {"security_officer"});
    Person auditor = person("auditor", {"auditor"});
    append({"one line"});
    settle();
    const json job = wait_for_job(
        officer,
        post(officer, "/api/v1/packs",
             {{"clauses", {"002-4-2a"}}, {"from", "2026-11-01"}, {"to", "2026-11-22"}}, 202));
    const json before = get(officer, "/api/v1/packs")["packs"];
    ASSERT_EQ(before.size(), 1U);
    const std::string download =
        "/api/v1/packs/" + job["result_id"].get<std::string>() + "/download";
    const std::string bytes = ask("GET", download, &officer).text;
    const std::string folder = places_.data + "/packs";
    std::ofstream(folder + "/123-9.zip.tmp") << "half a pack";
    std::ofstream(folder + "/123-8.zip") << "a pack that no row speaks of";
    again({&officer, &auditor});
    EXPECT_EQ(get(officer, "/api/v1/packs")["packs"], before);
    EXPECT_EQ(ask("GET", download, &officer).text, bytes);
    EXPECT_EQ(crypto::sha256(view_of(bytes)).hex(), before[0]["digest"]);
    get(auditor, download, 404);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
    later(pack_kept_ns + minute_ns, {&officer});
    EXPECT_TRUE(get(officer, "/api/v1/packs")["packs"].empty());
    get(officer, download, 404);
    EXPECT_TRUE(fs::is_empty(folder)) << "an expired pack still lies there";
    again({&officer});
    EXPECT_TRUE(get(officer, "/api/v1/packs")["packs"].empty());
}

TEST_F(Restart, KeepsTheCoverageOfTheDay) {
    evidence::collect::ChunkStats stats;
    stats.events = 10;
    stats.bytes = 1'000;
    stats.wall_ns = clock_.wall_ns();
    stats.skew.add(-3 * second_ns);
    stats.skew.add(second_ns);
    stats.coverage = {.sampled = 10, .access_events = 8, .with_time = 7, .with_user = 6};
    node_->board().record("tcp:192.0.2.7", stats);
    node_->board().record_drop("udp:192.0.2.9", ledger::Transport::udp, 5, 50);
    const auto before = node_->board().daily_facts();
    again({});
    node_->board().record("tcp:192.0.2.7", stats);
    again({});
    const auto after = node_->board().daily_facts();
    ASSERT_EQ(after.size(), before.size());
    ASSERT_EQ(after[0].source, "tcp:192.0.2.7");
    EXPECT_EQ(after[0].day, before[0].day);
    EXPECT_EQ(after[0].events, 20U);
    EXPECT_EQ(after[0].bytes, 2'000U);
    EXPECT_EQ(after[0].coverage.access_events, 16U);
    EXPECT_EQ(after[0].coverage.with_time, 14U);
    EXPECT_EQ(after[0].coverage.with_user, 12U);
    EXPECT_EQ(after[0].skew_count, 4U);
    EXPECT_EQ(after[0].skew_median_ns, before[0].skew_median_ns);
    EXPECT_EQ(after[0].skew_max_abs_ns, 3 * second_ns);
    EXPECT_EQ(after[1].dropped_events, 5U);
    // The counters of the process begin anew; only the day goes on.
    EXPECT_EQ(node_->board().source("tcp:192.0.2.7")->events, 0U);
}

TEST_F(Restart, ForgetsDaysThatTheBoardForgot) {
    evidence::collect::ChunkStats stats;
    stats.events = 1;
    stats.wall_ns = clock_.wall_ns();
    node_->board().record("tcp:192.0.2.7", stats);
    again({});
    ASSERT_EQ(node_->board().daily_facts().size(), 1U);
    node_->board().forget_days_until(node_->board().daily_facts()[0].day);
    again({});
    EXPECT_TRUE(node_->board().daily_facts().empty());
}

class Clockwork : public NodeWorld {
protected:
    Clockwork() { clockwork_round_ = std::chrono::milliseconds(20); }
    std::vector<store::Fact> facts_of(const std::string& kind) {
        const auto found = node_->database().read(
            [&](store::Reader& reader) { return facts_of_kind(reader, kind); });
        return found ? *found : std::vector<store::Fact>();
    }
};

TEST_F(Clockwork, CountsAccessRecordsOfANewSourceWithinAMinuteAndOnce) {
    evidence::collect::ChunkStats stats;
    stats.events = 10;
    stats.wall_ns = clock_.wall_ns();
    node_->board().record("tcp:192.0.2.8", stats);  // nothing about access: can wait for the hour
    stats.coverage = {.sampled = 10, .access_events = 8, .with_time = 7, .with_user = 6};
    node_->board().record("tcp:192.0.2.7", stats);
    const auto measured = [&] {
        std::vector<std::string> subjects;
        for (const store::Fact& fact : facts_of("source.coverage"))
            subjects.push_back(fact.subject);
        return subjects;
    };
    const auto wait_for_minutes = [&](int count) {
        for (int i = 0; i < count; ++i) {
            clock_.advance(minute_ns);
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        }
    };
    wait_for_minutes(1);
    for (int i = 0; i < 100 && measured().empty(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const std::vector<std::string> once{"tcp:192.0.2.7"};
    EXPECT_EQ(measured(), once);
    wait_for_minutes(3);
    EXPECT_EQ(measured(), once);
}

TEST_F(Clockwork, KeepsWhatALeafSaysUntilTheStateCanTakeIt) {
    const auto rename = [&](const char* sql) {
        const Status done = node_->database().write([&](store::Transaction& tx) -> Status {
            tx.no_evidence("a test takes a table away");
            const auto changed = tx.run(sql);
            return changed ? Status() : Status(fail(changed.error()));
        });
        ASSERT_TRUE(done);
    };
    ASSERT_TRUE(node_->pump().flush());
    rename("ALTER TABLE fact RENAME TO fact_away");
    const auto leaf = node_->ledger().append_notice(
        ledger::core::LeafType::gap,
        R"({"bytes":5,"events":1,"reason":"udp_queue_full","source":"udp:192.0.2.9"})");
    ASSERT_TRUE(leaf);
    const auto flush = [&] {
        try {
            return node_->pump().flush().has_value();
        } catch (const Fault&) {
            return false;
        }
    };
    EXPECT_FALSE(flush());
    rename("ALTER TABLE fact_away RENAME TO fact");
    EXPECT_TRUE(flush());
    EXPECT_EQ(facts_of("gap.declared").size(), 1U);
}

TEST_F(Restart, RefusesCountersThatSomebodyElseWrote) {
    const Status spoiled = node_->database().write([](store::Transaction& tx) -> Status {
        tx.no_evidence("a test spoils the state");
        const auto changed = tx.run(
            "INSERT INTO source_day (source_id, day, counters, skew) VALUES ('tcp:192.0.2.7', 1, "
            "'{\"events\":-1}', '0 0 0')");
        return changed ? Status() : Status(fail(changed.error()));
    });
    ASSERT_TRUE(spoiled);
    close();
    NodeOptions options;
    options.places = places_;
    options.commit.reserve_bytes = 0;
    const auto opened = Node::open(real_files(), clock_, std::move(options), Log::none());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::tampered);
}

}  // namespace
}  // namespace daicho::app::node::test
