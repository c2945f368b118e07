#include "base/calendar/business_days.hpp"

#include <gtest/gtest.h>

namespace daicho::calendar {
namespace {

// Golden Week of 2026: Wednesday 29 April, then Sunday 3 to Wednesday 6 May (a substitute holiday).
BusinessDays golden_week() {
    return BusinessDays::create(
               {{2026, 5, 6}, {2026, 4, 29}, {2026, 5, 3}, {2026, 5, 4}, {2026, 5, 5}},
               {{2026, 1, 1}, {2026, 12, 31}})
        .value();
}

TEST(BusinessDays, SkipWeekendsAndHolidays) {
    const BusinessDays days = golden_week();
    EXPECT_TRUE(days.is_business_day({2026, 4, 28}));
    EXPECT_FALSE(days.is_business_day({2026, 4, 29}));
    EXPECT_FALSE(days.is_business_day({2026, 5, 2}));
    EXPECT_TRUE(days.is_holiday({2026, 5, 5}));
    EXPECT_EQ(days.on_or_after({2026, 5, 2}), (Date{2026, 5, 7}));
    EXPECT_EQ(days.on_or_before({2026, 5, 6}), (Date{2026, 5, 1}));
    EXPECT_EQ(days.on_or_after({2026, 5, 7}), (Date{2026, 5, 7}));
}

TEST(BusinessDays, AreCountedBothWays) {
    const BusinessDays days = golden_week();
    EXPECT_EQ(days.add({2026, 4, 28}, 1), (Date{2026, 4, 30}));
    EXPECT_EQ(days.add({2026, 4, 28}, 3), (Date{2026, 5, 7}));
    EXPECT_EQ(days.add({2026, 5, 7}, -3), (Date{2026, 4, 28}));
    EXPECT_EQ(days.add({2026, 5, 3}, 0), (Date{2026, 5, 7}));
}

TEST(BusinessDays, SayWhereTheListEnds) {
    const BusinessDays days = golden_week();
    EXPECT_TRUE(days.knows({2026, 12, 31}));
    EXPECT_FALSE(days.knows({2027, 1, 1}));
    EXPECT_FALSE(BusinessDays::create({{2027, 1, 1}}, {{2026, 1, 1}, {2026, 12, 31}}).has_value());
    EXPECT_FALSE(BusinessDays::create({}, {{2026, 12, 31}, {2026, 1, 1}}).has_value());
    EXPECT_FALSE(BusinessDays::create({{2026, 2, 30}}, {{2026, 1, 1}, {2026, 12, 31}}).has_value());
}

TEST(BusinessDays, RefuseAListThatClosesForever) {
    std::vector<Date> every_day;
    for (std::int32_t day = days_of({2026, 1, 1}); day <= days_of({2028, 12, 31}); ++day) {
        every_day.push_back(date_of(day));
    }
    EXPECT_FALSE(BusinessDays::create(every_day, {{2026, 1, 1}, {2028, 12, 31}}).has_value());
}

TEST(BusinessDays, StopAtTheEndOfTheCalendar) {
    const BusinessDays days = golden_week();
    EXPECT_EQ(days.add({9999, 12, 30}, 50), (Date{9999, 12, 31}));
    EXPECT_EQ(days.add({1, 1, 2}, -50), (Date{1, 1, 1}));
}

}  // namespace
}  // namespace daicho::calendar
