#include "base/data/schema.hpp"

#include <gtest/gtest.h>

namespace daicho::data {
namespace {

using nlohmann::json;

std::vector<std::string> told(const Shape& shape, const json& value) {
    std::vector<std::string> out;
    for (const Problem& problem : shape.problems(value)) {
        out.push_back(problem.pointer + ": " + problem.what);
    }
    return out;
}
bool fits(const Shape& shape, const json& value) {
    return shape.problems(value).empty();
}

TEST(Shape, OfTextKnowsLengthAndPattern) {
    EXPECT_TRUE(fits(Shape::text(), "a"));
    EXPECT_FALSE(fits(Shape::text(), ""));
    EXPECT_FALSE(fits(Shape::text(), 1));
    EXPECT_FALSE(fits(Shape::text(), nullptr));
    const Shape id = Shape::text().pattern("[a-z]+").length(2, 4);
    EXPECT_TRUE(fits(id, "abcd"));
    EXPECT_EQ(told(id, "ab1"), (std::vector<std::string>{": 'ab1' does not match [a-z]+"}));
    EXPECT_EQ(told(id, "abcde"), (std::vector<std::string>{": may have at most 4 characters"}));
    EXPECT_TRUE(fits(Shape::text().length(4, 4), "四文字熟"));
    EXPECT_TRUE(fits(Shape::text().length(0, 4), ""));
}

TEST(Shape, OfIntegerKnowsItsBoundsEvenBeyond64Bits) {
    const Shape days = Shape::integer().range(0, 365);
    EXPECT_TRUE(fits(days, 0));
    EXPECT_TRUE(fits(days, 365));
    EXPECT_FALSE(fits(days, -1));
    EXPECT_FALSE(fits(days, 366));
    EXPECT_FALSE(fits(days, UINT64_MAX));
    EXPECT_FALSE(fits(Shape::integer(), UINT64_MAX));
    EXPECT_FALSE(fits(Shape::integer(), 1.0));
    EXPECT_FALSE(fits(Shape::integer(), true));
}

TEST(Shape, OfDatesAndChoicesAndFlags) {
    EXPECT_TRUE(fits(Shape::date(), "2026-04-01"));
    EXPECT_FALSE(fits(Shape::date(), "2026-02-30"));
    EXPECT_TRUE(fits(Shape::one_of({"a", "b"}), "b"));
    EXPECT_EQ(told(Shape::one_of({"a", "b"}), "c"),
              (std::vector<std::string>{": 'c' is none of: a, b"}));
    EXPECT_TRUE(fits(Shape::boolean(), false));
    EXPECT_FALSE(fits(Shape::boolean(), "false"));
    EXPECT_TRUE(fits(Shape::boolean().or_null(), nullptr));
    EXPECT_TRUE(fits(Shape::anything(), {{"x", 1}}));
}

TEST(Shape, OfListsChecksEveryItem) {
    const Shape list = Shape::list(Shape::integer()).size(1, 3);
    EXPECT_TRUE(fits(list, {1, 2, 3}));
    EXPECT_EQ(told(list, {1, "x", true}),
              (std::vector<std::string>{"/1: must be an integer, is text",
                                        "/2: must be an integer, is true or false"}));
    EXPECT_FALSE(fits(list, json::array()));
    EXPECT_FALSE(fits(list, {1, 2, 3, 4}));
    EXPECT_EQ(told(Shape::list(Shape::anything()).unique(), {1, 2, 1}),
              (std::vector<std::string>{"/2: is there twice"}));
}

TEST(Shape, OfObjectsRefusesUnknownAndMissingFields) {
    const Shape shape = Shape::object({
        required("id", Shape::text()),
        optional("steps", Shape::list(Shape::object({required("a/b", Shape::boolean())}))),
    });
    EXPECT_TRUE(fits(shape, {{"id", "x"}}));
    EXPECT_EQ(told(shape, {{"Id", "x"}}),
              (std::vector<std::string>{": lacks 'id'", "/Id: is not known here"}));
    EXPECT_EQ(told(shape, json::parse(R"({"id":"x","steps":[{"a/b":1}]})")),
              (std::vector<std::string>{"/steps/0/a~1b: must be true or false, is an integer"}));
}

TEST(Shape, OfMapsChecksKeysAndValues) {
    const Shape texts = Shape::map(Shape::text()).pattern("ja|en").size(1, 2);
    EXPECT_TRUE(fits(texts, {{"ja", "台帳"}, {"en", "register"}}));
    EXPECT_EQ(told(texts, {{"fr", "x"}, {"ja", 1}}),
              (std::vector<std::string>{"/fr: the key does not match ja|en",
                                        "/ja: must be text, is an integer"}));
    EXPECT_FALSE(fits(texts, json::object()));
}

TEST(Shape, OfSeveralTellsTheNearest) {
    const Shape shape =
        Shape::either({Shape::text().pattern("[a-z]+"), Shape::list(Shape::text())});
    EXPECT_TRUE(fits(shape, "a"));
    EXPECT_TRUE(fits(shape, {"A"}));
    EXPECT_EQ(told(shape, {1}), (std::vector<std::string>{"/0: must be text, is an integer"}));
    EXPECT_EQ(told(shape, 1),
              (std::vector<std::string>{": must be text or a list, is an integer"}));
}

TEST(Shape, StopsTellingAfterFifty) {
    json wrong = json::array();
    for (int i = 0; i < 1000; ++i) wrong.push_back(i);
    EXPECT_EQ(Shape::list(Shape::text()).problems(wrong).size(), problems_max);
}

TEST(Shape, ShowsAWrongValueCutAndVisible) {
    const auto problems = told(Shape::one_of({"a"}), "x\n" + std::string(1000, 'y'));
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_LT(problems[0].size(), 80U);
    EXPECT_NE(problems[0].find("x␊"), std::string::npos);
}

TEST(CheckShape, NamesFileLineAndField) {
    const YamlDocument document = parse_yaml("id: X1\nextra: 1\nsteps:\n  - 5\n", "c.yaml").value();
    const Shape shape = Shape::object({required("id", Shape::text().pattern("[a-z]+")),
                                       required("steps", Shape::list(Shape::text()))});
    const Status status = check_shape(shape, document);
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().message,
              "c.yaml:1:5: /id: 'X1' does not match [a-z]+\n"
              "c.yaml:4:5: /steps/0: must be text, is an integer\n"
              "c.yaml:2:8: /extra: is not known here");
    EXPECT_TRUE(check_shape(Shape::map(Shape::anything()), document).has_value());
}

TEST(ShapeDeathTest, RefusesAPatternThatRe2DoesNotTake) {
    EXPECT_DEATH((void)Shape::text().pattern("(?=a)"), "RE2");
}

}  // namespace
}  // namespace daicho::data
