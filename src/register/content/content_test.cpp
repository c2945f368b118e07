#include "register/content/content.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <set>

namespace daicho::register_ {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string& folder() {
    static const std::string path = std::string(DAICHO_SOURCE_DIR) + "/content";
    return path;
}

const SchemaSet& schemas() {
    static const SchemaSet set = load_schemas(real_files(), folder()).value();
    return set;
}

/// The mistakes in one document, or "".
std::string mistakes_in(std::string_view text, const std::string& file = "x.yaml") {
    ContentBuilder builder(schemas());
    builder.add_yaml(file, text);
    const auto built = builder.finish();
    return built ? "" : built.error().message;
}

constexpr std::string_view post = R"(posts:
  - id: chief
    title: {ja: 長, en: Chief}
    aliases: []
    role: member
    about: {ja: 長である。, en: Is the chief.}
)";

TEST(ShippedContent, IsWhole) {
    const auto content = load_content(real_files(), folder());
    ASSERT_TRUE(content) << content.error().message;
    std::set<std::string> clauses;
    for (const auto& [id, clause] : content->clauses) clauses.insert(id);
    EXPECT_THAT(clauses,
                ::testing::IsSupersetOf({"002-2-15", "002-4-2a", "003-01-4.5-8a", "003-01-4.5-9a",
                                         "003-01-4.5-9b", "003-01-4.5-9c", "003-01-4.5-10a",
                                         "003-01-4.5-10b", "003-01-4.5-11"}));
    EXPECT_EQ(content->regulations.at("entrusted-information").clauses,
              (std::vector<std::string>{"002-2-15", "002-4-2a"}));
    EXPECT_EQ(content->retention.at("log").periods.front().period, parse_period("P3Y"));
    EXPECT_EQ(content->retention.at("evidence").periods.front().period, parse_period("P10Y"));
    EXPECT_THAT(content->password_blocklist, ::testing::Contains("password"));
}

TEST(ShippedContent, HasAControlForEveryClause) {
    const auto content = load_content(real_files(), folder());
    ASSERT_TRUE(content) << content.error().message;
    std::set<std::string> covered;
    for (const auto& [id, control] : content->controls)
        covered.insert(control.clauses.begin(), control.clauses.end());
    for (const auto& [id, clause] : content->clauses) EXPECT_TRUE(covered.contains(id)) << id;
}

TEST(ShippedContent, KnowsTheHolidaysThatFollowFromTheLaw) {
    const auto content = load_content(real_files(), folder());
    ASSERT_TRUE(content) << content.error().message;
    std::map<std::string, std::string> days;
    for (const Holiday& day : content->holidays.at("japan").days)
        days[calendar::to_text(day.date)] = day.name.ja;
    EXPECT_EQ(days.size(), 19U + 18U + 17U);
    EXPECT_EQ(days["2026-09-22"], "休日");  // between 敬老の日 and 秋分の日
    EXPECT_EQ(days["2027-03-22"], "休日");  // 春分の日 is a Sunday
    for (const auto& [text, name] : days) {
        const calendar::Date date = *calendar::parse_date(text);
        if (calendar::weekday_of(date) != calendar::Weekday::sunday || name == "休日") continue;
        // A holiday on Sunday moves to the next day that is none (article 3-2).
        calendar::Date next = calendar::add_days(date, 1);
        while (days.contains(calendar::to_text(next)) && days[calendar::to_text(next)] != "休日")
            next = calendar::add_days(next, 1);
        EXPECT_TRUE(days.contains(calendar::to_text(next))) << text;
    }
}

TEST(ContentMistakes, NameFileLineColumnAndField) {
    EXPECT_EQ(mistakes_in(post), "");
    const std::string unknown = mistakes_in("posts:\n  - id: chief\n    nick: x\n");
    EXPECT_THAT(unknown, HasSubstr("x.yaml:3:"));
    EXPECT_THAT(unknown, HasSubstr("nick"));
    // All at once, not the first only.
    EXPECT_THAT(unknown, HasSubstr("title"));
    EXPECT_THAT(unknown, HasSubstr("role"));
}

TEST(ContentMistakes, IncludeAMissingLanguage) {
    std::string text(post);
    text.replace(text.find("ja: 長, "), std::string_view("ja: 長, ").size(), "");
    const std::string told = mistakes_in(text);
    EXPECT_THAT(told, HasSubstr("x.yaml:3:"));
    EXPECT_THAT(told, HasSubstr("ja"));
    std::string empty(post);
    empty.replace(empty.find("en: Chief"), 9, "en: ''");
    EXPECT_THAT(mistakes_in(empty), HasSubstr("title/en"));
}

TEST(ContentMistakes, IncludeMentionsOfWhatDoesNotExist) {
    const std::string told = mistakes_in(
        "clauses:\n  regulation: nowhere\n  list:\n    - id: c-1\n      section: {ja: あ, en: a}\n"
        "      statement: {ja: あ, en: a}\n      post: nobody\n      kinds: [register]\n"
        "      parameters: [{id: p, value: P1D}]\n");
    EXPECT_THAT(told,
                HasSubstr("x.yaml:2:15: /clauses/regulation: there is no regulation 'nowhere'"));
    EXPECT_THAT(told, HasSubstr("there is no post 'nobody'"));
    EXPECT_THAT(told, HasSubstr("there is no parameter 'p'"));
}

TEST(ContentMistakes, IncludeTheSameIdTwice) {
    ContentBuilder builder(schemas());
    builder.add_yaml("a.yaml", post);
    builder.add_yaml("b.yaml", post);
    const auto built = builder.finish();
    ASSERT_FALSE(built);
    EXPECT_THAT(built.error().message, HasSubstr("b.yaml:2:"));
    EXPECT_THAT(built.error().message, HasSubstr("a.yaml:2:"));
}

TEST(ContentMistakes, IncludeADefaultWithoutAReasonAndOfTheWrongType) {
    const std::string told = mistakes_in(
        "parameters:\n  - id: p\n    title: {ja: あ, en: a}\n    type: count\n    direction: "
        "at_most\n    default: P1D\n");
    EXPECT_THAT(told, HasSubstr("x.yaml:2:"));
    EXPECT_THAT(told, HasSubstr("not of the parameter's type"));
    EXPECT_THAT(told, HasSubstr("needs a reason"));
}

TEST(ContentMistakes, IncludeSentencesThatDifferBetweenLanguages) {
    ContentBuilder builder(schemas());
    builder.add_yaml(
        "t.ja.yaml",
        "texts:\n  language: ja\n  sentences:\n    a.b: 残り{days}日\n    a.c: 無し\n");
    builder.add_yaml("t.en.yaml",
                     "texts:\n  language: en\n  sentences:\n    a.b: '{count} days left'\n");
    const auto built = builder.finish();
    ASSERT_FALSE(built);
    EXPECT_THAT(built.error().message, HasSubstr("the placeholders differ"));
    EXPECT_THAT(built.error().message, HasSubstr("missing in the other language"));
}

TEST(ContentMistakes, IncludeRulesAndChecksThatDoNotExist) {
    const std::string control =
        "control:\n  id: c\n  title: {ja: あ, en: a}\n  purpose: {ja: あ, en: a}\n  clauses: [x]\n "
        " post: p\n"
        "  parameters: []\n  evidence:\n    - check: guessed\n  failing: {ja: あ, en: a}\n  mend: "
        "{ja: あ, en: a}\n"
        "  examples:\n    - {title: a, as_of: '2026-01-01T00:00:00Z', expect: conformant, facts: "
        "[]}\n"
        "    - {title: b, as_of: '2026-01-01T00:00:00Z', expect: conformant, facts: []}\n"
        "    - {title: c, as_of: 'yesterday noon, maybe', expect: conformant, facts: []}\n";
    const std::string told = mistakes_in(control);
    EXPECT_THAT(told, HasSubstr("x.yaml:9:14: /control/evidence/0/check: unknown value"));
    EXPECT_THAT(told, HasSubstr("x.yaml:15:"));
}

TEST(ContentMistakes, AreToldToALimit) {
    std::string text = "posts:\n";
    for (int i = 0; i < 150; ++i) text += "  - {id: a" + std::to_string(i) + "}\n";
    ContentBuilder builder(schemas());
    for (int i = 0; i < 3; ++i) builder.add_yaml(std::to_string(i) + ".yaml", text);
    const auto built = builder.finish();
    ASSERT_FALSE(built);
    EXPECT_THAT(built.error().message, HasSubstr("and 50 more"));
}

TEST(ContentMistakes, EndOnAWrongKindOfDocument) {
    EXPECT_THAT(mistakes_in("poem:\n  a: b\n"), HasSubstr("needs exactly one of the keys"));
    EXPECT_THAT(mistakes_in("[]"), HasSubstr("needs exactly one of the keys"));
    EXPECT_THAT(mistakes_in("posts: [\n"), HasSubstr("x.yaml:"));
}

TEST(ContentVersion, ChangesWithMeaningOnly) {
    const auto version_of = [](std::string_view text) {
        ContentBuilder builder(schemas());
        builder.add_yaml("x.yaml", text);
        return builder.finish().value().version;
    };
    const crypto::Digest before = version_of(post);
    EXPECT_EQ(before, version_of("# a remark\n" + std::string(post)));
    std::string other(post);
    other.replace(other.find("member"), 6, "auditor");
    EXPECT_NE(before, version_of(other));
}

TEST(Sentences, AreFilledAndKeepWhatIsUnknown) {
    Content content;
    content.texts["a"] = {"残り{days}日、{x}", "{days} days left, {x}"};
    EXPECT_EQ(render(content, "a", true, {{"days", "3"}}), "残り3日、{x}");
    EXPECT_EQ(render(content, "a", false, {{"days", "3"}, {"x", "{days}"}}), "3 days left, {days}");
    EXPECT_EQ(render(content, "none", false, {}), "none");
}

TEST(Periods, ReadAndWriteTheSame) {
    for (const char* text :
         {"P3Y", "P1M", "P7D", "PT24H", "P1DT12H", "PT1S", "P1Y2M3DT4H5M6S", "PT0S"}) {
        const auto period = parse_period(text);
        ASSERT_TRUE(period) << text;
        EXPECT_EQ(to_text(*period), text);
    }
    EXPECT_EQ(to_text(*parse_period("P2W")), "P14D");
}

TEST(Periods, RefuseWhatIsNone) {
    for (const char* text :
         {"", "P", "PT", "P1", "1D", "P-1D", "P+1D", "P1DT", "P1H", "PT1D", "P1D1Y", "P1.5D",
          "P1D ", "P99999999999999999999D", "P1000Y", "P1D1D", "PTT1H"}) {
        EXPECT_FALSE(parse_period(text)) << text;
    }
}

TEST(Periods, AreAddedByTheCalendar) {
    const auto tokyo = calendar::Zone::find("Asia/Tokyo").value();
    const auto moved = [&](std::string_view date, const char* period) {
        return tokyo.to_text(
            add(tokyo, tokyo.instant(*calendar::parse_date(date), 3600), *parse_period(period)));
    };
    EXPECT_EQ(moved("2026-01-31", "P1M"), "2026-02-28T01:00:00+09:00");
    EXPECT_EQ(moved("2027-11-30", "P3M"), "2028-02-29T01:00:00+09:00");
    EXPECT_EQ(moved("2024-02-29", "P3Y"), "2027-02-28T01:00:00+09:00");
    EXPECT_EQ(moved("2026-12-31", "PT24H"), "2027-01-01T01:00:00+09:00");
    // The clock has ends: a moment beyond them is the end itself.
    constexpr WallNs last = std::numeric_limits<WallNs>::max();
    constexpr WallNs first = std::numeric_limits<WallNs>::min();
    for (const char* period : {"PT24H", "P1D", "P99Y", "P1DT12H"}) {
        EXPECT_EQ(add(tokyo, last, *parse_period(period)), last) << period;
        EXPECT_LT(subtract(tokyo, first, *parse_period(period)), first + second_ns) << period;
    }
    EXPECT_LT(parse_period("P31D")->mean_seconds(), parse_period("P2M")->mean_seconds());
}

}  // namespace
}  // namespace daicho::register_
