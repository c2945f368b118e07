#include "evidence/assess/review/summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/calendar/timestamp.hpp"

namespace daicho::evidence::assess::review {
namespace {

WallNs at(std::string_view text) {
    return calendar::parse_rfc3339(text)->wall_ns;
}
calendar::Date day(std::string_view text) {
    return *calendar::parse_date(text);
}

const calendar::Zone& tokyo() {
    static const calendar::Zone zone = calendar::Zone::find("Asia/Tokyo").value();
    return zone;
}
const calendar::BusinessDays& holidays() {
    static const calendar::BusinessDays days =
        calendar::BusinessDays::create({day("2026-11-23")}, {day("2026-01-01"), day("2026-12-31")})
            .value();
    return days;
}

/// Rows as given; remembers what it was asked.
class Rows final : public LogAggregates {
public:
    Result<std::vector<SignIns>> sign_ins(const Slice& slice) override {
        if (broken) return fail(Errc::unavailable, "cancelled");
        return slice.to_ns <= slice_from ? earlier_rows : rows;
    }
    Result<std::vector<Volume>> volumes(const Slice&) override { return volume_rows; }
    Result<std::vector<std::string>> new_addresses(const Slice&, unsigned days) override {
        EXPECT_EQ(days, new_address_days);
        return fresh;
    }
    Result<std::vector<SourceSilence>> silent_sources(const Slice&) override { return silent; }

    WallNs slice_from = 0;
    bool broken = false;
    std::vector<SignIns> rows;
    std::vector<SignIns> earlier_rows;
    std::vector<Volume> volume_rows;
    std::vector<std::string> fresh;
    std::vector<SourceSilence> silent;
};

SignIns row(std::string_view time, std::string user, std::string address, std::uint64_t succeeded,
            std::uint64_t failed) {
    const WallNs begin = at(time);
    return {begin,
            std::move(user),
            std::move(address),
            succeeded,
            failed,
            begin,
            begin + second_ns,
            succeeded > 0 ? begin + second_ns : 0,
            failed > 0 ? begin : 0};
}

Slice week() {
    return {100, 999, at("2026-11-16T00:00:00+09:00"), at("2026-11-23T00:00:00+09:00")};
}

Summary summary_of(Rows& rows) {
    rows.slice_from = week().from_ns;
    return summarise(rows, week(), BusinessHours{}, holidays(), tokyo()).value();
}

TEST(BusinessHoursTest, KnowNightsWeekendsAndHolidays) {
    const auto within = [](std::string_view time) {
        return within_hours(BusinessHours{}, holidays(), tokyo(), at(time));
    };
    EXPECT_TRUE(within("2026-11-20T09:00:00+09:00"));
    EXPECT_TRUE(within("2026-11-20T17:59:59+09:00"));
    EXPECT_FALSE(within("2026-11-20T08:59:59+09:00"));
    EXPECT_FALSE(within("2026-11-20T18:00:00+09:00"));
    EXPECT_FALSE(within("2026-11-21T12:00:00+09:00"));  // Saturday
    EXPECT_FALSE(within("2026-11-23T12:00:00+09:00"));  // a holiday on Monday
    EXPECT_TRUE(within("2026-11-20T00:00:00Z"));        // nine o'clock in Tokyo
}

TEST(ReviewSummary, AddsUpByUserAndAddressWithMostFailuresFirst) {
    Rows rows;
    rows.rows = {row("2026-11-17T10:00:00+09:00", "sato", "192.0.2.1", 2, 0),
                 row("2026-11-18T10:00:00+09:00", "sato", "192.0.2.1", 3, 1),
                 row("2026-11-18T11:00:00+09:00", "root", "198.51.100.9", 0, 4)};
    const Summary summary = summary_of(rows);
    ASSERT_EQ(summary.sign_ins.size(), 2U);
    EXPECT_EQ(summary.sign_ins[0].user, "root");
    EXPECT_EQ(summary.sign_ins[1].succeeded, 5U);
    EXPECT_EQ(summary.sign_ins[1].first_ns, at("2026-11-17T10:00:00+09:00"));
    EXPECT_EQ(summary.succeeded, 5U);
    EXPECT_EQ(summary.failed, 5U);
}

TEST(ReviewSummary, SeparatesAccessOutOfHoursAndFromNewAddresses) {
    Rows rows;
    rows.rows = {row("2026-11-17T10:00:00+09:00", "sato", "192.0.2.1", 1, 0),
                 row("2026-11-17T23:45:00+09:00", "sato", "192.0.2.1", 1, 0),
                 row("2026-11-18T10:00:00+09:00", "kato", "203.0.113.5", 1, 0)};
    rows.fresh = {"203.0.113.5"};
    const Summary summary = summary_of(rows);
    ASSERT_EQ(summary.out_of_hours.size(), 1U);
    EXPECT_EQ(summary.out_of_hours[0].succeeded, 1U);
    EXPECT_EQ(summary.out_of_hours[0].first_ns, at("2026-11-17T23:45:00+09:00"));
    ASSERT_EQ(summary.new_addresses.size(), 1U);
    EXPECT_EQ(summary.new_addresses[0].user, "kato");
}

TEST(ReviewSummary, PointsAtFailuresThatEndedInSuccess) {
    Rows rows;
    rows.rows = {row("2026-11-17T10:00:00+09:00", "a", "192.0.2.1", 0, 6),
                 row("2026-11-17T10:15:00+09:00", "a", "192.0.2.1", 1, 0),
                 row("2026-11-17T10:00:00+09:00", "b", "192.0.2.2", 1, 0),
                 row("2026-11-17T11:00:00+09:00", "b", "192.0.2.2", 0, 7),
                 row("2026-11-17T10:00:00+09:00", "c", "192.0.2.3", 9, 4)};
    const Summary summary = summary_of(rows);
    ASSERT_EQ(summary.failures.size(), 2U);
    EXPECT_EQ(summary.failures[0].sums.user, "b");
    EXPECT_FALSE(summary.failures[0].then_succeeded);  // the success came before
    EXPECT_TRUE(summary.failures[1].then_succeeded);
}

TEST(ReviewSummary, ComparesHowOftenWithThePeriodBefore) {
    Rows rows;
    rows.rows = {row("2026-11-17T10:00:00+09:00", "more", "192.0.2.1", 60, 0),
                 row("2026-11-17T10:00:00+09:00", "same", "192.0.2.2", 50, 0),
                 row("2026-11-17T10:00:00+09:00", "few", "192.0.2.4", 6, 0)};
    rows.earlier_rows = {row("2026-11-10T10:00:00+09:00", "more", "192.0.2.1", 20, 0),
                         row("2026-11-10T10:00:00+09:00", "same", "192.0.2.2", 40, 0),
                         row("2026-11-10T10:00:00+09:00", "gone", "192.0.2.3", 30, 0)};
    const Summary summary = summary_of(rows);
    std::vector<std::string> users;
    for (const Frequency& one : summary.frequency) {
        if (!one.user.empty()) users.push_back(one.user);
    }
    EXPECT_EQ(users, (std::vector<std::string>{"more", "gone"}));
}

TEST(ReviewSummary, HasTheSameDigestWhateverTheOrderOfRowsAndAnotherForAnotherCount) {
    Rows rows;
    rows.rows = {row("2026-11-17T10:00:00+09:00", "a", "192.0.2.1", 1, 0),
                 row("2026-11-17T10:00:00+09:00", "b", "192.0.2.2", 1, 0),
                 row("2026-11-17T12:00:00+09:00", "a", "192.0.2.1", 0, 1)};
    rows.volume_rows = {{day("2026-11-18"), "tls:01", 5, 500, 0},
                        {day("2026-11-17"), "tls:01", 7, 700, 1}};
    rows.silent = {{"tls:09", 0, 0}, {"tls:03", 1, 2}};
    const crypto::Digest before = digest_of(summary_of(rows));
    std::reverse(rows.rows.begin(), rows.rows.end());
    std::reverse(rows.volume_rows.begin(), rows.volume_rows.end());
    std::reverse(rows.silent.begin(), rows.silent.end());
    EXPECT_EQ(before, digest_of(summary_of(rows)));
    rows.volume_rows[0].events = 6;
    EXPECT_NE(before, digest_of(summary_of(rows)));
}

TEST(ReviewSummary, CutsLongListsAndSaysSoWhileTotalsStayExact) {
    Rows rows;
    for (int i = 0; i < 1500; ++i) {
        rows.rows.push_back(
            row("2026-11-17T10:00:00+09:00", "u" + std::to_string(i), "192.0.2.1", 1, 0));
    }
    const Summary summary = summary_of(rows);
    EXPECT_TRUE(summary.truncated);
    EXPECT_EQ(summary.sign_ins.size(), rows_max);
    EXPECT_EQ(summary.succeeded, 1500U);
}

TEST(ReviewSummary, EndsWithARefusalOfTheLogs) {
    Rows rows;
    rows.broken = true;
    const auto refused = summarise(rows, week(), BusinessHours{}, holidays(), tokyo());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace daicho::evidence::assess::review
