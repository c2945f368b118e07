// What the ledger refuses, and what it does not promise, when the disk or a person says stop.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "faults/watched_ledger.hpp"
#include "ledger/keep/exporter.hpp"
#include "ledger/keep/pack_builder.hpp"
#include "ledger/search/searcher.hpp"

namespace daicho::test {
namespace {

using ledger::core::LeafType;
using namespace std::chrono_literals;
constexpr std::uint64_t at_once = 0;

TEST(FailedSync, stops_the_writer_for_good) {
    WatchedLedger watched;
    watched.open();
    watched.append("safe");
    watched.publish();
    watched.disk.plan(Trouble::lost_sync, at_once);
    const auto lost = watched.try_append("not safe");
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, Errc::unavailable);
    // The disk says it is well again. Nobody believes it before everything was read back.
    watched.disk.heal();
    EXPECT_FALSE(watched.try_append("later"));
    EXPECT_FALSE(watched.ledger->record_read({}));
    EXPECT_FALSE(watched.ledger->seal_now());
    EXPECT_FALSE(watched.ledger->figures().stopped.empty());
    watched.close();
    watched.disk.crash(Remains::everything, 0);
    watched.open();
    watched.append("after the restart");
    const std::vector<Seen> events = watched.events();
    ASSERT_EQ(events.size(), 2U) << "what the medium never got is not taken from the cache";
    EXPECT_EQ(events[0].raw, "safe");
    EXPECT_EQ(events[1].raw, "after the restart");
    watched.close();
    EXPECT_EQ(watched.verify(), "");
}

/// One event is safe, and the next one meets a full disk while its sender waits.
class FullDisk : public ::testing::Test {
protected:
    void SetUp() override {
        watched_.open();
        watched_.append("one");
        watched_.publish();
        watched_.fill_disk();
        sender_ = std::thread([this] { outcome_ = watched_.try_append("two"); });
        watched_.wait_until_full();
    }
    void TearDown() override {
        watched_.disk.heal();
        if (sender_.joinable()) sender_.join();
    }
    WatchedLedger watched_;
    std::optional<Result<ledger::Receipt>> outcome_;
    std::thread sender_;
};

TEST_F(FullDisk, refuses_readings_and_keeps_events_until_there_is_space) {
    const auto read =
        watched_.ledger->record_read({"account:1", "role", "", "", "search", 1, 0, 0});
    EXPECT_FALSE(read) << "a reading that can't be recorded is refused, not kept waiting";
    const auto refused = watched_.try_append("three");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_FALSE(watched_.ledger->seal_now());
    watched_.make_room();
    sender_.join();
    ASSERT_TRUE(outcome_ && *outcome_) << "the event in the queue was written with space";
    watched_.append("four");
    const std::vector<Seen> events = watched_.events();
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[1].raw, "two");
    watched_.close();
    EXPECT_EQ(watched_.verify(), "");
}

TEST_F(FullDisk, lets_the_ledger_close_and_says_that_what_waits_was_not_written) {
    const auto began = std::chrono::steady_clock::now();
    watched_.ledger->stop();
    sender_.join();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
    ASSERT_TRUE(outcome_);
    EXPECT_FALSE(*outcome_);
    watched_.close();
    watched_.disk.heal();
    watched_.open();
    EXPECT_EQ(watched_.events().size(), 1U);
}

TEST(Cancel, of_an_export_records_nothing_and_leaves_a_target_that_can_be_used) {
    WatchedLedger watched;
    watched.open();
    watched.append("one");
    const ledger::keep::ExportTarget target{watched.disk.root() + "/media", false};
    const auto missing = ledger::keep::export_segments(*watched.ledger, target, true, nullptr);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().text_key, "export.target_missing");
    EXPECT_FALSE(watched.disk.exists(target.directory));
    watched.disk.make_directories(target.directory);
    Progress progress;
    progress.cancel = true;
    const auto cancelled = ledger::keep::export_segments(*watched.ledger, target, true, &progress);
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().text_key, "export.cancelled");
    EXPECT_TRUE(watched.notices(LeafType::export_).empty());
    const auto report = ledger::keep::export_segments(*watched.ledger, target, true, nullptr);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->files.size(), 1U);
    EXPECT_EQ(watched.notices(LeafType::export_).size(), 1U);
}

TEST(Cancel, of_a_pack_ends_it_before_it_is_one) {
    WatchedLedger watched;
    watched.open();
    watched.append("one");
    ledger::keep::PackRequest request;
    request.organisation = "見本";
    request.software = "daicho test";
    request.from = request.to = "2026-11-22";
    request.status = {{"clauses", nlohmann::json::array()}};
    request.seqs = {0};
    Bytes out;
    const auto sink = [&out](ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
    Progress progress;
    progress.cancel = true;
    const auto cancelled =
        ledger::keep::build_pack(*watched.ledger, watched.clock, request, sink, &progress);
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().text_key, "pack.cancelled");
    EXPECT_EQ(watched.ledger->figures().next_seq, 1U) << "no manifest was recorded";
    const auto receipt =
        ledger::keep::build_pack(*watched.ledger, watched.clock, request, sink, nullptr);
    EXPECT_TRUE(receipt) << receipt.error().message;
}

TEST(Cancel, of_a_search_ends_it_without_an_answer) {
    WatchedLedger watched;
    watched.open();
    watched.append("one");
    ASSERT_TRUE(watched.ledger->seal_now());
    class NoFields final : public ledger::search::Extractor {
    public:
        void extract(ByteView, WallNs, ledger::search::Fields& fields) override { fields = {}; }
    };
    const ledger::search::Searcher searcher(watched.ledger->segments(),
                                            [] { return std::make_unique<NoFields>(); });
    ledger::search::Query query;
    query.terms = *ledger::search::parse_text("one");
    ASSERT_TRUE(searcher.search(query));
    Progress progress;
    progress.cancel = true;
    const auto cancelled = searcher.search(query, &progress);
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace daicho::test
