#include "base/calendar/zone.hpp"

#include <gtest/gtest.h>

#include "base/calendar/timestamp.hpp"

namespace daicho::calendar {
namespace {

WallNs at(std::string_view text) {
    return parse_rfc3339(text).value().wall_ns;
}

TEST(Zone, PutsTokyoNineHoursAhead) {
    const Zone tokyo = Zone::find("Asia/Tokyo").value();
    EXPECT_EQ(tokyo.name(), "Asia/Tokyo");
    const LocalTime local = tokyo.local(at("2026-03-31T15:00:00.5Z"));
    EXPECT_EQ(local.date, (Date{2026, 4, 1}));
    EXPECT_EQ(local.second_of_day, 0);
    EXPECT_EQ(local.nanosecond, 500'000'000);
    EXPECT_EQ(local.offset_s, 9 * 3600);
    EXPECT_EQ(tokyo.instant({2026, 4, 1}), at("2026-03-31T15:00:00Z"));
    EXPECT_EQ(tokyo.to_text(at("2026-03-31T15:00:00Z")), "2026-04-01T00:00:00+09:00");
}

TEST(Zone, KnowsJapanesSummerTimeOf1948) {
    const Zone tokyo = Zone::find("Asia/Tokyo").value();
    EXPECT_EQ(tokyo.offset_s(at("1948-07-01T00:00:00Z")), 10 * 3600);
    EXPECT_EQ(tokyo.offset_s(at("1948-12-01T00:00:00Z")), 9 * 3600);
    EXPECT_EQ(tokyo.offset_s(at("1970-01-01T00:00:00Z")), 9 * 3600);
    EXPECT_EQ(tokyo.offset_s(at("2200-01-01T00:00:00Z")), 9 * 3600);
}

TEST(Zone, ResolvesTimesThatJumpsSkipOrRepeat) {
    const Zone berlin = Zone::find("Europe/Berlin").value();
    EXPECT_EQ(berlin.instant({2026, 3, 29}, 2 * 3600 + 1800), at("2026-03-29T01:00:00Z"));
    EXPECT_EQ(berlin.instant({2026, 10, 25}, 2 * 3600 + 1800), at("2026-10-25T00:30:00Z"));
    EXPECT_EQ(berlin.offset_s(at("2026-07-01T00:00:00Z")), 7200);
    EXPECT_EQ(berlin.offset_s(at("2026-01-01T00:00:00Z")), 3600);
    EXPECT_EQ(berlin.offset_s(at("2026-12-01T00:00:00Z")), 3600);
}

TEST(Zone, GoesThereAndBackOverAYearOfHours) {
    for (const std::string_view name :
         {"Asia/Tokyo", "Australia/Lord_Howe", "America/St_Johns", "UTC"}) {
        const Zone zone = Zone::find(name).value();
        for (WallNs t = at("2026-01-01T00:00:00Z"); t < at("2027-01-01T00:00:00Z"); t += hour_ns) {
            const LocalTime local = zone.local(t);
            const WallNs back = zone.instant(local.date, local.second_of_day);
            // In the repeated hour the earlier instant is meant.
            ASSERT_TRUE(back == t || (back < t && t - back <= hour_ns)) << name;
            ASSERT_EQ(zone.local(back).second_of_day, local.second_of_day) << name;
        }
    }
}

TEST(Zone, TakesNoNameThatIsAPath) {
    for (const std::string_view name :
         {"", "/etc/passwd", "../etc/passwd", "Asia/../Asia/Tokyo", "No/Where"}) {
        const Result<Zone> zone = Zone::find(name);
        ASSERT_FALSE(zone.has_value()) << name;
        EXPECT_EQ(zone.error().code, Errc::not_found);
    }
}

}  // namespace
}  // namespace daicho::calendar
