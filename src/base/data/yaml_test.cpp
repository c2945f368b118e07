#include "base/data/yaml.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

namespace daicho::data {
namespace {

using nlohmann::json;

std::string error_of(std::string_view text) {
    const Result<YamlDocument> read = parse_yaml(text, "a.yaml");
    return read ? "" : read.error().message;
}

TEST(ParseYaml, TellsPlainScalarsApartByTheWrittenRule) {
    const json value = parse_yaml(R"(
text: yes
number: 42
negative: -7
zeros: 007
minus_zero: -0
hex: 0x1F
decimal: 1.5
date: 2026-04-01
flag: true
shout: True
nothing:
tilde: ~
word: null
quoted: "42"
single: 'true'
block: |
  123
beyond: 9223372036854775808
)",
                                  "a.yaml")
                           .value()
                           .value;
    EXPECT_EQ(value, (json{{"text", "yes"},
                           {"number", 42},
                           {"negative", -7},
                           {"zeros", "007"},
                           {"minus_zero", "-0"},
                           {"hex", "0x1F"},
                           {"decimal", "1.5"},
                           {"date", "2026-04-01"},
                           {"flag", true},
                           {"shout", "True"},
                           {"nothing", nullptr},
                           {"tilde", nullptr},
                           {"word", nullptr},
                           {"quoted", "42"},
                           {"single", "true"},
                           {"block", "123\n"},
                           {"beyond", "9223372036854775808"}}));
}

TEST(ParseYaml, RemembersWhereEveryValueStands) {
    const YamlDocument document =
        parse_yaml("# head\nid: x\nsteps:\n  - name: 一\n  - name: 二\n\"a/b\": 1\n", "a.yaml")
            .value();
    EXPECT_EQ(document.places.at("/steps/1/name").line, 5);
    EXPECT_EQ(document.places.at("/steps/1/name").column, 11);
    EXPECT_EQ(document.places.at("/a~1b").line, 6);
    EXPECT_EQ(document.message("/steps/1/name", "wrong"), "a.yaml:5:11: /steps/1/name: wrong");
    EXPECT_EQ(document.message("/steps/0/absent", "is missing"),
              "a.yaml:4:5: /steps/0/absent: is missing");
    EXPECT_EQ(document.message("", "wrong").substr(0, 9), "a.yaml:2:");
}

TEST(ParseYaml, RefusesDuplicateKeysWithTheirPlace) {
    EXPECT_EQ(error_of("a: 1\nb:\n  c: 1\n  c: 2\n"), "a.yaml:4:3: /b/c: this key is there twice");
    EXPECT_NE(error_of("{a: 1, 'a': 2}"), "");
}

TEST(ParseYaml, RefusesAnchorsAliasesTagsAndMergeKeys) {
    EXPECT_NE(error_of("a: &x [1]\nb: *x\n").find("a.yaml:1:4: /a: anchors"), std::string::npos)
        << error_of("a: &x [1]\nb: *x\n");
    EXPECT_NE(error_of("a: &x [*x]"), "");
    EXPECT_NE(error_of("a: &x 1"), "");
    EXPECT_NE(error_of("a: &x ~"), "");
    EXPECT_NE(error_of("a: !!binary aGk="), "");
    EXPECT_NE(error_of("a: !thing {}"), "");
    EXPECT_NE(error_of("<<: {a: 1}"), "");
}

TEST(ParseYaml, RefusesKeysThatAreNotText) {
    EXPECT_NE(error_of("? [1, 2]\n: x\n"), "");
    EXPECT_NE(error_of("? {a: 1}\n: x\n"), "");
    EXPECT_NE(error_of("~: x\n"), "");
}

TEST(ParseYaml, RefusesMoreOrLessThanOneDocument) {
    EXPECT_EQ(error_of("---\na: 1\n...\n"), "");
    EXPECT_NE(error_of("a: 1\n---\nb: 2\n"), "");
    EXPECT_NE(error_of(""), "");
    EXPECT_NE(error_of("# only words\n"), "");
}

TEST(ParseYaml, RefusesBytesThatHideText) {
    EXPECT_EQ(error_of("a: 1\nb: \xFF\n"), "a.yaml:2:1: (document): not UTF-8");
    EXPECT_NE(error_of(std::string_view("a: 1\n\0b: 2\n", 11)), "");
    EXPECT_NE(error_of("a: \x1b[0m\n"), "");
}

TEST(ParseYaml, SaysWhereTheSyntaxBreaks) {
    EXPECT_EQ(error_of("a: [1, 2\nb: 3\n").substr(0, 8), "a.yaml:2");
    EXPECT_EQ(error_of("台: 一\nb: 'it''s open\n"),
              "a.yaml:2:4: (document): the quote is never closed");
    EXPECT_NE(error_of("a: \"open\\\"\n"), "");
    EXPECT_EQ(error_of("台: 'it''s'\nb: \"x\\\\\" # '\n"), "");
    EXPECT_EQ(error_of("\xEF\xBB\xBF"
                       "a: 'x'\n"),
              "");
    EXPECT_EQ(error_of("a: 'x'\r\nb: 'y\r\n  z'\r\n"), "");
    EXPECT_EQ(error_of("a: 'x'\nb: |\n  'open\n"), "");
    EXPECT_NE(error_of("\ta: 1\n"), "");
    EXPECT_NE(error_of("a: b: c\n"), "");
}

TEST(ParseYaml, KeepsItsLimits) {
    EXPECT_EQ(parse_yaml(std::string(41, '[') + std::string(41, ']'), "a").error().code,
              Errc::too_large);
    EXPECT_TRUE(parse_yaml(std::string(40, '[') + std::string(40, ']'), "a").has_value());
    EXPECT_FALSE(parse_yaml(std::string(100'000, '['), "a").has_value());
    EXPECT_FALSE(parse_yaml(std::string(100'000, '{'), "a").has_value());
    std::string many = "[";
    for (int i = 0; i < 20'000; ++i) many += "1,";
    EXPECT_EQ(parse_yaml(many + "]", "a").error().code, Errc::too_large);
    EXPECT_EQ(parse_yaml(std::string(2'000'000, ' '), "a").error().code, Errc::too_large);
}

TEST(LoadYaml, ReadsAFileAndNamesIt) {
    std::string root = testing::TempDir() + "daicho-yaml-XXXXXX";
    ASSERT_NE(::mkdtemp(root.data()), nullptr);
    const std::string path = root + "/a.yaml";
    write_file_durably(real_files(), path, view_of("a: [1, 2]\n"));
    EXPECT_EQ(load_yaml(real_files(), path).value().value["a"][1], 2);
    EXPECT_EQ(load_yaml(real_files(), root + "/b.yaml").error().code, Errc::not_found);
    EXPECT_EQ(load_yaml(real_files(), path, {.bytes_max = 3}).error().code, Errc::too_large);
    std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace daicho::data
