#include "register/obligation/completion.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace daicho::register_ {
namespace {

constexpr WallNs noon = 1'795'316'400 * second_ns;

class Completions : public ::testing::Test {
protected:
    Completions() {
        char name[] = "/tmp/daicho-completion-XXXXXX";
        folder_ = ::mkdtemp(name);
        database_ = store::Database::open(folder_ + "/state.db", clock_).value();
        const store::MigrationSet sets[] = {store::migrations(), migrations()};
        EXPECT_TRUE(database_->migrate(sets));
        duty_.id = "weekly";
        duty_.checklist = {{"users", {}, {}, {}, "users"}, {"volume", {}, {}, {}, "volume"}};
    }
    ~Completions() override {
        database_.reset();
        std::filesystem::remove_all(folder_);
    }

    static Review good(std::string occurrence, std::int64_t first = 0, std::int64_t last = 99) {
        Review out;
        out.obligation = "weekly";
        out.occurrence = std::move(occurrence);
        out.performer = "account:2";
        out.right.role = "security_officer";
        out.range = {first, last, crypto::sha256(view_of("root")), 7, noon - day_ns, noon, noon};
        out.checklist = {"users", "volume"};
        out.findings = {{"夜間の接続が一件", {41, 42}}};
        out.comment = "確認済み";
        return out;
    }
    Result<Review> write(Review review) {
        return database_->write(
            [&](store::Transaction& tx) { return complete(tx, duty_, std::move(review)); });
    }
    std::vector<store::OutboxEntry> evidence() {
        return store::Outbox(*database_).read_pending(100).value();
    }

    ManualClock clock_{noon};
    std::string folder_;
    std::unique_ptr<store::Database> database_;
    Obligation duty_;
};

TEST_F(Completions, ComeBackAsTheyWereWritten) {
    const auto written = write(good("weekly:2026-11-20"));
    ASSERT_TRUE(written) << written.error().message;
    const auto read =
        database_->read([&](store::Reader& reader) { return review(reader, written->id); });
    ASSERT_TRUE(read && *read);
    EXPECT_EQ((*read)->occurrence, "weekly:2026-11-20");
    EXPECT_EQ((*read)->findings.at(0).text, "夜間の接続が一件");
    EXPECT_EQ((*read)->findings.at(0).seqs, (std::vector<std::int64_t>{41, 42}));
    EXPECT_EQ((*read)->range.root, written->range.root);
    EXPECT_EQ((*read)->range.last_seq, 99);
    EXPECT_EQ((*read)->completed_ns, noon);
    EXPECT_EQ((*read)->right.role, "security_officer");
    EXPECT_EQ((*read)->outbox_id, written->outbox_id);
}

TEST_F(Completions, LeaveEvidenceOfTheExactRangeAndNoWordThatAPersonWrote) {
    ASSERT_TRUE(write(good("weekly:2026-11-20")));
    const auto rows = evidence();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].action, "review.completed");
    EXPECT_EQ(rows[1].actor, "account:2");
    const auto detail = nlohmann::json::parse(rows[1].detail);
    EXPECT_EQ(detail.at("first_seq"), 0);
    EXPECT_EQ(detail.at("last_seq"), 99);
    EXPECT_EQ(detail.at("root"), crypto::sha256(view_of("root")).hex());
    EXPECT_EQ(detail.at("checkpoint_size"), 7);
    EXPECT_EQ(detail.at("right"), "role");
    for (const auto& row : rows) {
        EXPECT_EQ(row.detail.find("夜間"), std::string::npos);
        EXPECT_EQ(row.detail.find("確認"), std::string::npos);
    }
}

TEST_F(Completions, OfEqualFindingsHaveDifferentDigests) {
    const auto first = write(good("weekly:2026-11-20"));
    const auto second = write(good("weekly:2026-11-27", 100, 199));
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->findings_digest, second->findings_digest);
}

TEST_F(Completions, OfOneOccurrenceHappenOnce) {
    ASSERT_TRUE(write(good("weekly:2026-11-20")));
    const auto again = write(good("weekly:2026-11-20"));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::conflict);
    EXPECT_EQ(again.error().text_key, "review.already_done");
    EXPECT_EQ(evidence().size(), 2U);  // nothing of the second one stayed
}

TEST_F(Completions, AreRefusedWithUnansweredItemsOrWithoutARight) {
    const auto refused = [&](auto change) {
        Review review = good("weekly:2026-11-20");
        change(review);
        const auto result = write(std::move(review));
        return result ? "accepted" : result.error().text_key;
    };
    EXPECT_EQ(refused([](Review& r) { r.checklist = {"users"}; }), "review.unanswered");
    EXPECT_EQ(refused([](Review& r) { r.checklist.push_back("other"); }), "review.unknown_item");
    EXPECT_EQ(refused([](Review& r) { r.right = {}; }), "review.right");
    EXPECT_EQ(refused([](Review& r) {
                  r.right = {"security_officer", "delegation:1"};
              }),
              "review.right");
    EXPECT_EQ(refused([](Review& r) { r.range.last_seq = r.range.first_seq - 2; }), "review.range");
    EXPECT_EQ(refused([](Review& r) { r.occurrence = "monthly:2026-11-30"; }),
              "review.other_occurrence");
    EXPECT_EQ(refused([](Review& r) { r.findings = {{" ", {}}}; }), "review.finding");
    EXPECT_EQ(refused([](Review& r) { r.comment = "\xff"; }), "review.too_long");
    EXPECT_EQ(refused([](Review& r) { r.findings.clear(); }), "accepted");
}

TEST_F(Completions, MakeTheNextReviewBeginWhereTheyEnded) {
    const auto next = [&] {
        return database_
            ->read([&](store::Reader& reader) -> Result<std::int64_t> {
                return next_first_seq(reader, "weekly");
            })
            .value();
    };
    EXPECT_EQ(next(), 0);
    ASSERT_TRUE(write(good("weekly:2026-11-20")));
    EXPECT_EQ(next(), 100);
    ASSERT_TRUE(write(good("weekly:2026-11-27", 100, 99)));  // nothing had come
    EXPECT_EQ(next(), 100);
    const auto done =
        database_->read([&](store::Reader& reader) { return completions(reader, "weekly"); });
    ASSERT_EQ(done->size(), 2U);
    EXPECT_EQ(done->front().occurrence, "weekly:2026-11-20");
}

TEST_F(Completions, AreListedNewestFirstInPages) {
    for (const char* day : {"2026-11-06", "2026-11-13", "2026-11-20"})
        ASSERT_TRUE(write(good(std::string("weekly:") + day)));
    const auto page = [&](std::int64_t before) {
        return database_->read([&](store::Reader& reader) { return reviews(reader, before, 2); })
            .value();
    };
    ASSERT_EQ(page(0).size(), 2U);
    EXPECT_EQ(page(0)[0].occurrence, "weekly:2026-11-20");
    ASSERT_EQ(page(page(0)[1].id).size(), 1U);
    EXPECT_EQ(page(page(0)[1].id)[0].occurrence, "weekly:2026-11-06");
}

TEST_F(Completions, FitTheirDigests) {
    ASSERT_TRUE(write(good("weekly:2026-11-20")));
    const auto trouble =
        database_->read([](store::Reader& reader) -> Result<std::vector<std::string>> {
            std::vector<std::string> all = review_table().verify(reader);
            for (const std::string& line : completion_table().verify(reader)) all.push_back(line);
            return all;
        });
    EXPECT_THAT(trouble.value(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace daicho::register_
