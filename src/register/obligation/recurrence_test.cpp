#include "register/obligation/recurrence.hpp"

#include <gtest/gtest.h>

namespace daicho::register_ {
namespace {

std::vector<std::string> days(std::string_view rule, std::string_view anchor,
                              std::string_view first, std::string_view last) {
    const auto found = recur(rule, *calendar::parse_date(anchor),
                             {*calendar::parse_date(first), *calendar::parse_date(last)});
    if (!found) return {found.error().message};
    std::vector<std::string> out;
    for (const calendar::Date& date : *found) out.push_back(calendar::to_text(date));
    return out;
}

using Days = std::vector<std::string>;

TEST(Recurrence, RunsWeeklyOverTheEndOfTheYear) {
    EXPECT_EQ(days("FREQ=WEEKLY;BYDAY=FR", "2016-04-01", "2026-12-20", "2027-01-10"),
              (Days{"2026-12-25", "2027-01-01", "2027-01-08"}));
}

TEST(Recurrence, FindsTheLastDayOfEachMonth) {
    EXPECT_EQ(days("FREQ=MONTHLY;BYMONTHDAY=-1", "2016-04-30", "2028-01-01", "2028-04-30"),
              (Days{"2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"}));
}

TEST(Recurrence, SkipsMonthsThatLackTheDay) {
    EXPECT_EQ(days("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", "2026-01-01", "2026-05-31"),
              (Days{"2026-01-31", "2026-03-31", "2026-05-31"}));
}

TEST(Recurrence, TakesYearlyLeapDaysAsLeapYearsOnlyAndLastOfFebruaryAsEveryYear) {
    EXPECT_EQ(days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29", "2024-01-01", "2032-12-31"),
              (Days{"2024-02-29", "2028-02-29", "2032-02-29"}));
    EXPECT_EQ(days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2024-02-29", "2026-01-01", "2028-12-31"),
              (Days{"2026-02-28", "2027-02-28", "2028-02-29"}));
}

TEST(Recurrence, EndsWithTheFiscalYear) {
    EXPECT_EQ(days("FREQ=YEARLY;BYMONTH=3;BYDAY=-1FR", "2024-03-29", "2025-04-01", "2027-03-31"),
              (Days{"2026-03-27", "2027-03-26"}));
}

TEST(Recurrence, IncludesBothEndsOfTheRange) {
    EXPECT_EQ(days("FREQ=DAILY", "2026-01-01", "2026-02-27", "2026-03-01"),
              (Days{"2026-02-27", "2026-02-28", "2026-03-01"}));
}

TEST(Recurrence, HonoursUntilAndCount) {
    EXPECT_EQ(days("FREQ=DAILY;COUNT=2", "2026-01-01", "2026-01-01", "2027-01-01"),
              (Days{"2026-01-01", "2026-01-02"}));
    EXPECT_EQ(days("FREQ=DAILY;UNTIL=20260102", "2026-01-01", "2026-01-01", "2027-01-01"),
              (Days{"2026-01-01", "2026-01-02"}));
}

TEST(Recurrence, GivesNoDayForARuleThatContradictsItself) {
    EXPECT_EQ(days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", "2026-01-01", "2096-01-01"),
              Days{});
}

TEST(Recurrence, RefusesWhatIsNotARuleOfWholeDays) {
    for (const char* rule :
         {"", "WEEKLY", "FREQ=", "FREQ=HOURLY", "FREQ=SECONDLY", "FREQ=WEEKLY;INTERVAL=0",
          "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=", "FREQ=DAILY;COUNT=2;UNTIL=20260101",
          "FREQ=DAILY;FREQ=WEEKLY", "RSCALE=GREGORIAN;FREQ=YEARLY", "FREQ=DAILY;BYHOUR=3",
          "FREQ=DAILY;UNTIL=20260230", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0",
          "FREQ=DAILY;", "FREQ=DAILY;X-A=1", "freq=daily", "FREQ=WEEKLY;BYDAY=99MO"}) {
        EXPECT_FALSE(check_rrule(rule)) << rule;
    }
}

TEST(Recurrence, RefusesToEnumerateForEver) {
    EXPECT_EQ(days("FREQ=DAILY", "1900-01-01", "2026-01-01", "2026-01-02"),
              Days{"the rule has too many days"});
}

}  // namespace
}  // namespace daicho::register_
