#include "base/data/json.hpp"

#include <gtest/gtest.h>

#include "base/fault.hpp"

namespace daicho::data {
namespace {

using nlohmann::json;

TEST(ParseJson, TakesOrdinaryDocuments) {
    const json value = parse_json(R"( {"a":[1,-2,3.5,true,null,"帳"],"b":{}} )").value();
    EXPECT_EQ(value["a"][1], -2);
    EXPECT_EQ(value["a"][5], "帳");
    EXPECT_TRUE(value["b"].is_object());
    EXPECT_EQ(parse_json("18446744073709551615").value().get<std::uint64_t>(), UINT64_MAX);
    EXPECT_EQ(parse_json("-9223372036854775808").value().get<std::int64_t>(), INT64_MIN);
}

TEST(ParseJson, BuildsNestedContainersInPlace) {
    const json value = parse_json(R"([[1,[2]],{"x":[{"y":[3]},4]},[],5])").value();
    EXPECT_EQ(value.dump(), R"([[1,[2]],{"x":[{"y":[3]},4]},[],5])");
}

TEST(ParseJson, RefusesWhatAnotherReaderCouldReadDifferently) {
    for (const std::string_view text : {R"({"a":1,"a":2})",
                                        R"({"a":{"b":1,"b":1}})",
                                        "18446744073709551616",
                                        "-9223372036854775809",
                                        "1e999",
                                        "NaN",
                                        "Infinity",
                                        "{'a':1}",
                                        "[1,]",
                                        "{\"a\":1,}",
                                        "/*c*/1",
                                        "01",
                                        "+1",
                                        "1 2",
                                        "",
                                        " ",
                                        "\xEF\xBB\xBF{}",
                                        R"("\ud800")",
                                        "\"\xFF\"",
                                        "\"a\nb\"",
                                        "\"a",
                                        "{\"a\"}",
                                        "[",
                                        "]",
                                        "tru"}) {
        const Result<json> read = parse_json(text);
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_EQ(read.error().code, Errc::invalid) << text;
    }
}

TEST(ParseJson, KeepsItsLimits) {
    const JsonLimits limits{.bytes_max = 100, .depth_max = 3, .values_max = 5};
    EXPECT_TRUE(parse_json("[[[1]]]", limits).has_value());
    EXPECT_EQ(parse_json("[[[[]]]]", limits).error().code, Errc::too_large);
    EXPECT_TRUE(parse_json("[1,2,3,4]", limits).has_value());
    EXPECT_EQ(parse_json("[1,2,3,4,5]", limits).error().code, Errc::too_large);
    EXPECT_EQ(parse_json(std::string(101, ' '), limits).error().code, Errc::too_large);
    EXPECT_EQ(parse_json(std::string(1'000'000, '[')).error().code, Errc::too_large);
}

TEST(ParseJson, NeverQuotesTheInputInItsMessage) {
    const Result<json> read = parse_json(R"({"password":"example-only" oops})");
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().message.find("example"), std::string::npos);
    EXPECT_NE(read.error().message.find("byte"), std::string::npos);
}

TEST(CanonicalJson, HasOneTextForOneValue) {
    const json a = parse_json(R"({ "b" : [1.50, "é/\u0001"], "a" : {"z":1,"y":2} })").value();
    const json b = parse_json("{\"a\":{\"y\":2,\"z\":1},\"b\":[1.5,\"\\u00e9/\\u0001\"]}").value();
    EXPECT_EQ(canonical_json(a), canonical_json(b));
    EXPECT_EQ(canonical_json(a), "{\"a\":{\"y\":2,\"z\":1},\"b\":[1.5,\"é/\\u0001\"]}");
    EXPECT_EQ(parse_json(canonical_json(a)).value(), a);
}

TEST(CanonicalJson, ThrowsOnWhatJsonCantHold) {
    EXPECT_THROW((void)canonical_json("\xFF"), Fault);
    EXPECT_THROW((void)canonical_json(json{{"a", {std::numeric_limits<double>::quiet_NaN()}}}),
                 Fault);
    EXPECT_THROW((void)canonical_json(std::numeric_limits<double>::infinity()), Fault);
}

}  // namespace
}  // namespace daicho::data
