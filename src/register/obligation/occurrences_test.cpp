#include "register/obligation/occurrences.hpp"

#include <gtest/gtest.h>

#include "base/calendar/timestamp.hpp"

namespace daicho::register_ {
namespace {

WallNs at(std::string_view text) {
    return calendar::parse_rfc3339(text)->wall_ns;
}
calendar::Date day(std::string_view text) {
    return *calendar::parse_date(text);
}

Content with_holidays() {
    Content content;
    HolidayTable table;
    table.known = {day("2025-01-01"), day("2027-12-31")};
    for (const char* date :
         {"2026-12-31", "2027-01-01", "2026-11-23", "2026-05-04", "2026-05-05", "2026-05-06"}) {
        table.days.push_back({day(date), {}});
    }
    content.holidays["japan"] = table;
    return content;
}

Schedule tokyo(std::string_view start) {
    return *make_schedule(with_holidays(), "Asia/Tokyo", at(start));
}

Obligation weekly(Adjust adjust = Adjust::none) {
    Obligation duty;
    duty.id = "weekly";
    duty.covers_earlier = true;
    duty.versions = {{day("2016-04-01"), "FREQ=WEEKLY;BYDAY=FR", day("2016-04-01"), adjust,
                      *parse_period("P2D"), *parse_period("P2D"), *parse_period("P2D")}};
    return duty;
}

std::vector<std::string> ids(const Result<std::vector<Occurrence>>& found) {
    std::vector<std::string> out;
    for (const Occurrence& one : found.value()) out.push_back(one.id.substr(one.id.find(':') + 1));
    return out;
}
using Ids = std::vector<std::string>;

std::vector<OccurrenceStatus> statuses(const Obligation& duty, const Schedule& schedule,
                                       std::vector<Done> done, std::string_view as_of) {
    const auto run = occurrences(duty, schedule, schedule.start_ns, at(as_of) + 14 * day_ns);
    return states_of(duty, run.value(), done, at(as_of));
}

TEST(Occurrences, EndWithTheLocalDayInTokyo) {
    const auto run = occurrences(weekly(), tokyo("2026-11-01T00:00:00+09:00"),
                                 at("2026-11-20T00:00:00+09:00"), at("2026-11-22T00:00:00+09:00"));
    ASSERT_EQ(ids(run), Ids{"2026-11-20"});
    EXPECT_EQ(run->front().due_ns, at("2026-11-21T00:00:00+09:00"));
    EXPECT_EQ(run->front().warn_ns, at("2026-11-19T00:00:00+09:00"));
    EXPECT_EQ(run->front().overdue_ns, at("2026-11-23T00:00:00+09:00"));
    EXPECT_EQ(run->front().opens_ns, at("2026-11-14T00:00:00+09:00"));
}

TEST(Occurrences, GoOnOverTheEndOfTheYear) {
    EXPECT_EQ(ids(occurrences(weekly(), tokyo("2026-11-01T00:00:00+09:00"),
                              at("2026-12-20T00:00:00+09:00"), at("2027-01-10T00:00:00+09:00"))),
              (Ids{"2026-12-25", "2027-01-01", "2027-01-08"}));
}

TEST(Occurrences, MoveToTheBusinessDayBeforeOrAfterAndKeepTheirId) {
    const Schedule schedule = tokyo("2026-11-01T00:00:00+09:00");
    const auto before =
        occurrences(weekly(Adjust::previous_business_day), schedule,
                    at("2026-12-27T00:00:00+09:00"), at("2027-01-03T00:00:00+09:00"));
    ASSERT_EQ(ids(before), Ids{"2027-01-01"});
    EXPECT_EQ(before->front().due_ns, at("2026-12-31T00:00:00+09:00"));  // Wednesday 30 December
    const auto after =
        occurrences(weekly(Adjust::next_business_day), schedule, at("2027-01-02T00:00:00+09:00"),
                    at("2027-01-06T00:00:00+09:00"));
    ASSERT_EQ(ids(after), Ids{"2027-01-01"});
    EXPECT_EQ(after->front().due_ns, at("2027-01-05T00:00:00+09:00"));  // Monday 4 January
}

TEST(Occurrences, OfADailyDutyOnClosedDaysAreOneOccasion) {
    Obligation daily = weekly(Adjust::previous_business_day);
    daily.versions[0].rrule = "FREQ=DAILY";
    daily.versions[0].lead = {};
    EXPECT_EQ(ids(occurrences(daily, tokyo("2026-11-16T00:00:00+09:00"),
                              at("2026-11-19T00:00:00+09:00"), at("2026-11-26T00:00:00+09:00"))),
              (Ids{"2026-11-18", "2026-11-19", "2026-11-20", "2026-11-24"}));
}

TEST(Occurrences, SayWhenTheHolidaysOfTheirYearAreNotKnown) {
    const auto run =
        occurrences(weekly(Adjust::next_business_day), tokyo("2026-11-01T00:00:00+09:00"),
                    at("2027-12-30T00:00:00+09:00"), at("2028-01-12T00:00:00+09:00"));
    ASSERT_EQ(ids(run), (Ids{"2027-12-31", "2028-01-07"}));
    EXPECT_TRUE(run->front().holidays_known);
    EXPECT_FALSE(run->back().holidays_known);
}

TEST(Occurrences, OfTheFiscalYearEndInMarchAndOfTheMonthOnLeapDay) {
    Obligation yearly = weekly();
    yearly.versions[0].rrule = "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31";
    yearly.versions[0].anchor = day("2017-03-31");
    const Schedule schedule = tokyo("2026-04-01T00:00:00+09:00");
    const auto run =
        occurrences(yearly, schedule, schedule.start_ns, at("2028-04-02T00:00:00+09:00"));
    ASSERT_EQ(ids(run), (Ids{"2027-03-31", "2028-03-31"}));
    EXPECT_EQ(calendar::fiscal_year_of(run->front().nominal), 2026);
    Obligation monthly = weekly();
    monthly.versions[0].rrule = "FREQ=MONTHLY;BYMONTHDAY=-1";
    EXPECT_EQ(ids(occurrences(monthly, schedule, at("2028-02-10T00:00:00+09:00"),
                              at("2028-04-01T00:00:00+09:00"))),
              (Ids{"2028-02-29"}));
}

TEST(Occurrences, BeginOnlyWhenThereWasTimeSinceTheStart) {
    const auto run = [](std::string_view start) {
        return ids(occurrences(weekly(), tokyo(start), at(start), at("2026-12-05T12:00:00+09:00")));
    };
    // Thursday evening: Friday's deadline is less than two days away.
    EXPECT_EQ(run("2026-11-19T20:00:00+09:00"), (Ids{"2026-11-27", "2026-12-04"}));
    EXPECT_EQ(run("2026-11-18T20:00:00+09:00"), (Ids{"2026-11-20", "2026-11-27", "2026-12-04"}));
}

TEST(Occurrences, OfThePastAreNotRewrittenWhenTheRuleChanges) {
    Obligation changed = weekly();
    const Schedule schedule = tokyo("2026-10-01T00:00:00+09:00");
    const auto before =
        occurrences(changed, schedule, schedule.start_ns, at("2026-11-14T12:00:00+09:00"));
    ObligationVersion next = changed.versions[0];
    next.valid_from = day("2026-11-15");
    next.rrule = "FREQ=MONTHLY;BYMONTHDAY=-1";
    next.grace = {};
    changed.versions.push_back(next);
    const auto after =
        occurrences(changed, schedule, schedule.start_ns, at("2026-11-14T12:00:00+09:00"));
    ASSERT_EQ(ids(before), ids(after));
    ASSERT_FALSE(before->empty());
    for (std::size_t i = 0; i < before->size(); ++i) {
        EXPECT_EQ(before->at(i).due_ns, after->at(i).due_ns);
        EXPECT_EQ(before->at(i).overdue_ns, after->at(i).overdue_ns);
    }
    EXPECT_EQ(ids(occurrences(changed, schedule, at("2026-11-15T00:00:00+09:00"),
                              at("2027-01-02T00:00:00+09:00"))),
              (Ids{"2026-11-30", "2026-12-31"}));
}

TEST(OccurrenceStates, PassFromUpcomingToOverdue) {
    const Schedule schedule =
        tokyo("2026-11-15T00:00:00+09:00");  // first deadline: end of Friday 20th
    const auto state = [&](std::string_view as_of) {
        return std::string(name_of(statuses(weekly(), schedule, {}, as_of).front().state));
    };
    EXPECT_EQ(state("2026-11-18T23:59:59+09:00"), "upcoming");
    EXPECT_EQ(state("2026-11-19T00:00:00+09:00"), "due_soon");
    EXPECT_EQ(state("2026-11-20T23:59:59+09:00"), "due_soon");
    EXPECT_EQ(state("2026-11-21T00:00:00+09:00"), "due");
    EXPECT_EQ(state("2026-11-22T23:59:59+09:00"), "due");
    EXPECT_EQ(state("2026-11-23T00:00:00+09:00"), "overdue");
}

TEST(OccurrenceStates, CallWorkWithinTheGraceDoneAndAfterItLate) {
    const Schedule schedule = tokyo("2026-11-15T00:00:00+09:00");
    const auto state = [&](std::string_view completed, std::string_view as_of) {
        return std::string(
            name_of(statuses(weekly(), schedule, {{"weekly:2026-11-20", at(completed)}}, as_of)
                        .front()
                        .state));
    };
    EXPECT_EQ(state("2026-11-22T23:59:00+09:00", "2026-11-30T00:00:00+09:00"), "done");
    EXPECT_EQ(state("2026-11-23T00:00:00+09:00", "2026-11-30T00:00:00+09:00"), "done_late");
    // What is completed later than the moment asked for has not happened then.
    EXPECT_EQ(state("2026-11-24T00:00:00+09:00", "2026-11-23T12:00:00+09:00"), "overdue");
}

TEST(OccurrenceStates, ShowTicksMissedWhileTheProgramWasDownAndRemindOnce) {
    const Schedule schedule = tokyo("2026-10-25T00:00:00+09:00");
    const auto after_three_weeks = statuses(weekly(), schedule, {}, "2026-11-16T09:00:00+09:00");
    const auto told = reminder(weekly(), after_three_weeks);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->occurrences.size(), 3U);
    EXPECT_EQ(told->state, OccurrenceState::overdue);
    EXPECT_EQ(told->by_ns, at("2026-10-31T00:00:00+09:00"));
    // Asked again after a restart an hour later: the same key, so it is not sent again.
    EXPECT_EQ(
        told->key,
        reminder(weekly(), statuses(weekly(), schedule, {}, "2026-11-16T10:00:00+09:00"))->key);
    // When the next one becomes urgent, there is something new to say.
    EXPECT_NE(
        told->key,
        reminder(weekly(), statuses(weekly(), schedule, {}, "2026-11-19T10:00:00+09:00"))->key);
}

TEST(OccurrenceStates, LetALaterReviewSettleEarlierOnesAsLate) {
    const Schedule schedule = tokyo("2026-10-25T00:00:00+09:00");
    const std::vector<Done> done = {{"weekly:2026-11-13", at("2026-11-16T08:00:00+09:00")}};
    const auto now = statuses(weekly(), schedule, done, "2026-11-16T09:00:00+09:00");
    EXPECT_EQ(now[0].state, OccurrenceState::done_late);
    EXPECT_TRUE(now[0].by_later);
    EXPECT_EQ(now[1].state, OccurrenceState::done_late);
    EXPECT_FALSE(reminder(weekly(), now));
    Obligation separate = weekly();
    separate.covers_earlier = false;
    EXPECT_EQ(statuses(separate, schedule, done, "2026-11-16T09:00:00+09:00")[0].state,
              OccurrenceState::overdue);
}

TEST(OccurrenceStates, GiveWorkToTheOldestOpenOccurrence) {
    const Schedule schedule = tokyo("2026-11-15T00:00:00+09:00");
    const auto open = [&](std::vector<Done> done, std::string_view as_of) {
        const auto found =
            open_occurrence(statuses(weekly(), schedule, std::move(done), as_of), at(as_of));
        return found ? found->id : "none";
    };
    EXPECT_EQ(open({}, "2026-11-16T09:00:00+09:00"), "weekly:2026-11-20");
    EXPECT_EQ(open({}, "2026-11-29T09:00:00+09:00"), "weekly:2026-11-20");
    EXPECT_EQ(
        open({{"weekly:2026-11-20", at("2026-11-16T10:00:00+09:00")}}, "2026-11-17T09:00:00+09:00"),
        "none");
    EXPECT_EQ(
        open({{"weekly:2026-11-20", at("2026-11-16T10:00:00+09:00")}}, "2026-11-21T09:00:00+09:00"),
        "weekly:2026-11-27");
}

TEST(Schedules, RefuseAnUnknownZone) {
    EXPECT_EQ(make_schedule(Content{}, "Asia/Edo", 0).error().code, Errc::not_found);
}

}  // namespace
}  // namespace daicho::register_
