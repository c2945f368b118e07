#include "base/calendar/timestamp.hpp"

#include <gtest/gtest.h>

namespace daicho::calendar {
namespace {

TEST(Rfc3339, ReadsTheExamplesOfSection58) {
    EXPECT_EQ(parse_rfc3339("1985-04-12T23:20:50.52Z")->wall_ns, 482'196'050'520'000'000);
    EXPECT_EQ(parse_rfc3339("1996-12-19T16:39:57-08:00")->wall_ns, 851'042'397 * second_ns);
    const auto leap = parse_rfc3339("1990-12-31T23:59:60Z");
    ASSERT_TRUE(leap.has_value());
    EXPECT_TRUE(leap->leap_second);
    EXPECT_EQ(leap->wall_ns, 662'688'000 * second_ns);
    EXPECT_EQ(parse_rfc3339("1990-12-31T15:59:60-08:00")->wall_ns, 662'688'000 * second_ns);
    EXPECT_EQ(parse_rfc3339("1937-01-01T12:00:27.87+00:20")->offset_minutes, 20);
}

TEST(Rfc3339, KeepsWhatWasWritten) {
    const auto read = parse_rfc3339("2026-11-22T15:04:05.120000+09:00");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->fraction_digits, 6);
    EXPECT_EQ(read->offset_minutes, 540);
    EXPECT_FALSE(read->offset_unknown);
    EXPECT_TRUE(parse_rfc3339("2026-11-22T15:04:05-00:00")->offset_unknown);
    EXPECT_FALSE(parse_rfc3339("2026-11-22T15:04:05+00:00")->offset_unknown);
    EXPECT_EQ(to_rfc3339(read->wall_ns, read->offset_minutes, read->fraction_digits),
              "2026-11-22T15:04:05.120000+09:00");
}

TEST(Rfc3339, RefusesEverythingElse) {
    for (const std::string_view text : {"",
                                        "2026-11-22",
                                        "2026-11-22T15:04:05",
                                        "2026-11-22 15:04:05Z",
                                        "2026-11-22t15:04:05Z",
                                        "2026-11-22T15:04:05z",
                                        "2026-11-22T24:00:00Z",
                                        "2026-11-22T15:60:00Z",
                                        "2026-02-29T00:00:00Z",
                                        "2026-11-22T15:04:05.Z",
                                        "2026-11-22T15:04:05.1234567890Z",
                                        "2026-11-22T15:04:05+0900",
                                        "2026-11-22T15:04:05+24:00",
                                        "2026-11-22T15:04:05+09:60",
                                        "2026-11-22T15:04:05Zx",
                                        "2026-11-22T15:04:5Z",
                                        "+026-11-22T15:04:05Z",
                                        "2026-11-22T15:04:05,5Z",
                                        "2026-11-22T15:04:61Z",
                                        "2026-11-22T23:59:60Z",
                                        "2026-06-30T23:58:60Z",
                                        "2026-06-30T23:59:60+09:00",
                                        "1600-01-01T00:00:00Z",
                                        "2262-01-01T00:00:00Z",
                                        "9999-12-31T23:59:59Z"}) {
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    }
    const std::string whole = "2026-11-22T15:04:05.123456789+09:00";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(parse_rfc3339(whole.substr(0, size))) << size;
    }
}

TEST(Rfc3339, GoesThereAndBackAtEveryPrecisionAndOffset) {
    const WallNs samples[] = {
        0, -1, 1, 1'795'327'445'123'456'789, -9'000'000'000'000'000'001, 9'000'000'000'000'000'001};
    for (const WallNs sample : samples) {
        for (const int offset : {0, 540, -480, 345, -1439, 1439}) {
            const std::string text = to_rfc3339(sample, offset);
            const auto read = parse_rfc3339(text);
            ASSERT_TRUE(read.has_value()) << text;
            EXPECT_EQ(read->wall_ns, sample) << text;
            EXPECT_EQ(read->offset_minutes, offset);
        }
    }
    EXPECT_EQ(to_rfc3339(-1, 0, 0), "1969-12-31T23:59:59Z");
    EXPECT_EQ(to_rfc3339(1'999'999'999, 0, 3), "1970-01-01T00:00:01.999Z");
}

TEST(Rfc3339, WritesTheFirstAndLastNanosecondThatFit) {
    EXPECT_EQ(to_rfc3339(INT64_MAX), "2262-04-11T23:47:16.854775807Z");
    EXPECT_EQ(to_rfc3339(INT64_MIN), "1677-09-21T00:12:43.145224192Z");
}

}  // namespace
}  // namespace daicho::calendar
