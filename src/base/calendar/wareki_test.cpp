#include "base/calendar/wareki.hpp"

#include <gtest/gtest.h>

namespace daicho::calendar {
namespace {

class WarekiTest : public testing::Test {
protected:
    const Wareki wareki_ = Wareki::standard();
};

TEST_F(WarekiTest, WritesTheFirstAndLastDayOfEveryEra) {
    EXPECT_EQ(wareki_.to_text({2026, 4, 1}), "令和8年4月1日");
    EXPECT_EQ(wareki_.to_text({2019, 5, 1}), "令和元年5月1日");
    EXPECT_EQ(wareki_.to_text({2019, 4, 30}), "平成31年4月30日");
    EXPECT_EQ(wareki_.to_text({1989, 1, 8}), "平成元年1月8日");
    EXPECT_EQ(wareki_.to_text({1989, 1, 7}), "昭和64年1月7日");
    EXPECT_EQ(wareki_.to_text({1926, 12, 25}), "昭和元年12月25日");
    EXPECT_EQ(wareki_.to_text({1926, 12, 24}), "大正15年12月24日");
    EXPECT_EQ(wareki_.to_text({1912, 7, 30}), "大正元年7月30日");
    EXPECT_EQ(wareki_.to_text({1912, 7, 29}), "明治45年7月29日");
    EXPECT_EQ(wareki_.to_text({1873, 1, 1}), "明治6年1月1日");
    EXPECT_EQ(wareki_.to_text({1872, 12, 31}), std::nullopt);
    EXPECT_EQ(wareki_.to_text({2117, 12, 31}), "令和99年12月31日");
    EXPECT_EQ(wareki_.to_text({2118, 1, 1}), std::nullopt);
    EXPECT_FALSE(wareki_.parse("令和2026年4月1日").has_value());
    EXPECT_EQ(wareki_.to_text({2019, 5, 1}, WarekiStyle::letter), "R1.5.1");
    EXPECT_EQ(wareki_.year_text({2019, 12, 31}), "令和元年");
}

TEST_F(WarekiTest, ReadsWhatPeopleWrite) {
    const Date april{2026, 4, 1};
    for (const std::string_view text :
         {"令和8年4月1日", "令和８年４月１日", "令和 8年 4月 1日", "令和08年04月01日", "R8.4.1",
          "r8.4.1", "Ｒ８．４．１", "R8/4/1", "R8-4-1", "R08.04.01", "㋿8年4月1日",
          "  令和8年4月1日\n"}) {
        const Result<Date> read = wareki_.parse(text);
        ASSERT_TRUE(read.has_value()) << text;
        EXPECT_EQ(*read, april) << text;
    }
    EXPECT_EQ(wareki_.parse("令和元年5月1日").value(), (Date{2019, 5, 1}));
    EXPECT_EQ(wareki_.parse("令和1年5月1日").value(), (Date{2019, 5, 1}));
    EXPECT_EQ(wareki_.parse("S64.1.7").value(), (Date{1989, 1, 7}));
}

TEST_F(WarekiTest, RefusesDaysOutsideTheEra) {
    for (const std::string_view text :
         {"平成31年5月1日", "令和元年4月30日", "昭和元年12月24日", "昭和64年1月8日",
          "平成元年1月7日", "大正15年12月25日", "明治45年7月30日", "H99.1.1", "明治5年12月2日"}) {
        const Result<Date> read = wareki_.parse(text);
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_EQ(read.error().text_key, "error.wareki.era") << text;
    }
}

TEST_F(WarekiTest, RefusesWhatIsNoDate) {
    for (const std::string_view text : {"",
                                        "令和",
                                        "令和8年",
                                        "令和8年4月",
                                        "令和8年4月1",
                                        "令和8年13月1日",
                                        "令和8年2月29日",
                                        "令和0年5月1日",
                                        "令和-1年5月1日",
                                        "X8.4.1",
                                        "R8.4",
                                        "R8.4.1.",
                                        "R8.4/1",
                                        "R元.5.1",
                                        "R8 .4.1x",
                                        "令和8年4月1日です",
                                        "R100.1.1",
                                        "RR8.4.1",
                                        "8.4.1",
                                        "2026-04-01",
                                        "令和八年四月一日",
                                        "R8.123.1"}) {
        EXPECT_FALSE(wareki_.parse(text).has_value()) << text;
    }
    EXPECT_FALSE(wareki_.parse("R8.4.1\xFF").has_value());
    EXPECT_FALSE(wareki_.parse(std::string(100'000, '0')).has_value());
    EXPECT_EQ(wareki_.parse("令和8年2月29日").error().text_key, "error.date.no_such_day");
    EXPECT_EQ(wareki_.parse("x").error().text_key, "error.date.form");
}

TEST_F(WarekiTest, ReadsBackEveryDayItWrites) {
    for (std::int32_t day = days_of({1873, 1, 1}); day <= days_of({2100, 12, 31}); ++day) {
        const Date date = date_of(day);
        for (const WarekiStyle style : {WarekiStyle::kanji, WarekiStyle::letter}) {
            const auto text = wareki_.to_text(date, style);
            ASSERT_TRUE(text.has_value());
            const Result<Date> read = wareki_.parse(*text);
            ASSERT_TRUE(read.has_value()) << *text;
            ASSERT_EQ(*read, date) << *text;
        }
    }
}

TEST_F(WarekiTest, TakesANewEraAsData) {
    std::vector<Era> eras = wareki_.eras();
    eras.push_back({"新元", "N", {2050, 3, 1}});
    const Wareki later = Wareki::create(eras).value();
    EXPECT_EQ(later.to_text({2050, 2, 28}), "令和32年2月28日");
    EXPECT_EQ(later.to_text({2050, 3, 1}), "新元元年3月1日");
    EXPECT_FALSE(later.parse("令和32年3月1日").has_value());
}

TEST_F(WarekiTest, RefusesATableThatIsNotInOrderOrNotUnique) {
    EXPECT_FALSE(Wareki::create({}).has_value());
    EXPECT_FALSE(
        Wareki::create({{"甲", "A", {2000, 1, 1}}, {"乙", "B", {2000, 1, 1}}}).has_value());
    EXPECT_FALSE(
        Wareki::create({{"甲", "A", {2000, 1, 1}}, {"乙", "a", {2001, 1, 1}}}).has_value());
    EXPECT_FALSE(
        Wareki::create({{"甲", "A", {2000, 1, 1}}, {"甲", "B", {2001, 1, 1}}}).has_value());
    EXPECT_FALSE(Wareki::create({{"", "A", {2000, 1, 1}}}).has_value());
    EXPECT_FALSE(Wareki::create({{"甲", "A", {2001, 2, 29}}}).has_value());
}

TEST_F(WarekiTest, ReadsAnyDateAPersonTypes) {
    for (const std::string_view text : {"2026-04-01", "2026/4/1", "2026.4.1", "2026年4月1日",
                                        "２０２６年４月１日", "令和8年4月1日", "R8.4.1"}) {
        const Result<Date> read = parse_any_date(wareki_, text);
        ASSERT_TRUE(read.has_value()) << text;
        EXPECT_EQ(*read, (Date{2026, 4, 1})) << text;
    }
    for (const std::string_view text :
         {"", "8/4/1", "26/4/1", "2026/4", "2026-02-30", "20260401", "2026元年4月1日"}) {
        EXPECT_FALSE(parse_any_date(wareki_, text).has_value()) << text;
    }
}

}  // namespace
}  // namespace daicho::calendar
