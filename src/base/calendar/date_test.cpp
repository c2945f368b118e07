#include "base/calendar/date.hpp"

#include <gtest/gtest.h>

namespace daicho::calendar {
namespace {

TEST(Date, CountsEveryDayOfTenThousandYearsOnce) {
    Date expected{1, 1, 1};
    std::int32_t day = days_of(expected);
    EXPECT_EQ(day, -719'162);
    for (; expected.year <= year_max; ++day) {
        ASSERT_EQ(date_of(day), expected);
        ASSERT_EQ(days_of(expected), day);
        if (expected.day < days_in_month(expected.year, expected.month)) {
            ++expected.day;
        } else {
            expected.day = 1;
            expected.month = static_cast<std::uint8_t>(expected.month % 12 + 1);
            if (expected.month == 1) ++expected.year;
        }
    }
    EXPECT_EQ(date_of(0), (Date{1970, 1, 1}));
}

TEST(Date, StopsAtTheEndsOfFourDigitYears) {
    EXPECT_EQ(date_of(INT64_MIN), (Date{1, 1, 1}));
    EXPECT_EQ(date_of(INT64_MAX), (Date{9999, 12, 31}));
    EXPECT_EQ(add_days({9999, 12, 31}, INT64_MAX), (Date{9999, 12, 31}));
    EXPECT_EQ(add_days({1, 1, 1}, INT64_MIN), (Date{1, 1, 1}));
}

TEST(Date, RefusesDaysThatAreNot) {
    EXPECT_FALSE(make_date(2026, 2, 29));
    EXPECT_FALSE(make_date(1900, 2, 29));
    EXPECT_TRUE(make_date(2000, 2, 29));
    EXPECT_FALSE(make_date(2026, 0, 1));
    EXPECT_FALSE(make_date(2026, 13, 1));
    EXPECT_FALSE(make_date(2026, 4, 31));
    EXPECT_FALSE(make_date(0, 1, 1));
    EXPECT_FALSE(make_date(10000, 1, 1));
    EXPECT_FALSE(is_valid({}));
}

TEST(Date, ReadsOnlyTheOneForm) {
    EXPECT_EQ(parse_date("2026-04-01"), (Date{2026, 4, 1}));
    EXPECT_EQ(to_text(Date{812, 1, 9}), "0812-01-09");
    for (const std::string_view text :
         {"", "2026-4-1", "2026/04/01", "2026-02-30", " 2026-04-01", "2026-04-01Z", "-026-04-01",
          "2026-04-0a", "２０２６-04-01"}) {
        EXPECT_FALSE(parse_date(text)) << text;
    }
}

TEST(Date, ReachesNoFurtherThanTheClock) {
    EXPECT_TRUE(in_reach({1700, 1, 1}));
    EXPECT_TRUE(in_reach({2199, 12, 31}));
    for (const Date& day :
         {Date{1, 1, 1}, Date{1699, 12, 31}, Date{2200, 1, 1}, Date{9999, 12, 31}})
        EXPECT_FALSE(in_reach(day)) << to_text(day);
}

TEST(Date, AddsMonthsWithoutLeavingTheMonth) {
    EXPECT_EQ(add_months({2026, 1, 31}, 1), (Date{2026, 2, 28}));
    EXPECT_EQ(add_months({2024, 1, 31}, 1), (Date{2024, 2, 29}));
    EXPECT_EQ(add_months({2026, 3, 31}, -1), (Date{2026, 2, 28}));
    EXPECT_EQ(add_months({2026, 1, 1}, -13), (Date{2024, 12, 1}));
    EXPECT_EQ(add_months({2026, 1, 1}, INT32_MAX), (Date{9999, 12, 31}));
    EXPECT_EQ(add_months({2026, 1, 1}, INT32_MIN), (Date{1, 1, 1}));
}

TEST(Weekday, IsRightAroundTheEpochAndFarFromIt) {
    EXPECT_EQ(weekday_of({1970, 1, 1}), Weekday::thursday);
    EXPECT_EQ(weekday_of({2026, 11, 22}), Weekday::sunday);
    EXPECT_EQ(weekday_of({1, 1, 1}), Weekday::monday);
    EXPECT_EQ(weekday_of({9999, 12, 31}), Weekday::friday);
}

TEST(IsoWeek, FollowsTheThursday) {
    EXPECT_EQ(iso_week_of({2026, 11, 22}), (IsoWeek{2026, 47}));
    EXPECT_EQ(iso_week_of({2021, 1, 3}), (IsoWeek{2020, 53}));
    EXPECT_EQ(iso_week_of({2021, 1, 4}), (IsoWeek{2021, 1}));
    EXPECT_EQ(iso_week_of({2024, 12, 30}), (IsoWeek{2025, 1}));
    EXPECT_EQ(iso_week_of({2016, 1, 1}), (IsoWeek{2015, 53}));
    EXPECT_EQ(range_of({2026, 47}), (DateRange{{2026, 11, 16}, {2026, 11, 22}}));
    EXPECT_FALSE(range_of({2025, 53}));
    EXPECT_FALSE(range_of({2026, 0}));
    EXPECT_TRUE(range_of({2020, 53}));
}

TEST(IsoWeek, ContainsEveryDateThatNamesIt) {
    for (std::int32_t day = days_of({1995, 1, 1}); day < days_of({2035, 1, 1}); ++day) {
        const Date date = date_of(day);
        const IsoWeek week = iso_week_of(date);
        const auto range = range_of(week);
        ASSERT_TRUE(range.has_value());
        ASSERT_TRUE(range->contains(date));
        ASSERT_EQ(*range, week_around(date));
        ASSERT_EQ(parse_iso_week(to_text(week)), week);
    }
    EXPECT_FALSE(parse_iso_week("2026-W54"));
    EXPECT_FALSE(parse_iso_week("2026-47"));
    EXPECT_FALSE(parse_iso_week("2026-W4x"));
}

TEST(FiscalYear, RunsFromAprilToMarch) {
    EXPECT_EQ(fiscal_year_of({2026, 4, 1}), 2026);
    EXPECT_EQ(fiscal_year_of({2027, 3, 31}), 2026);
    EXPECT_EQ(fiscal_year(2026), (DateRange{{2026, 4, 1}, {2027, 3, 31}}));
    EXPECT_EQ(fiscal_quarter_of({2026, 4, 1}), 1);
    EXPECT_EQ(fiscal_quarter_of({2026, 9, 30}), 2);
    EXPECT_EQ(fiscal_quarter_of({2026, 12, 31}), 3);
    EXPECT_EQ(fiscal_quarter_of({2027, 1, 1}), 4);
    EXPECT_EQ(month_around({2024, 2, 10}), (DateRange{{2024, 2, 1}, {2024, 2, 29}}));
}

}  // namespace
}  // namespace daicho::calendar
