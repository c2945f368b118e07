#include "app/api/spec/schema.hpp"

#include <gtest/gtest.h>

#include "app/api/spec/spec.hpp"

namespace daicho::app::api {
namespace {

using nlohmann::json;

/// "pointer text_key" of everything wrong with `value`.
std::vector<std::string> wrong(const json& schema, const json& value) {
    const json document{
        {"components",
         {{"schemas", {{"Subject", schema}, {"Name", {{"type", "string"}, {"maxLength", 3}}}}}}}};
    const Result<Schemas> schemas = Schemas::create(document);
    EXPECT_TRUE(schemas) << (schemas ? "" : schemas.error().message);
    std::vector<std::string> out;
    for (const http::FieldProblem& problem :
         schemas->check({{"$ref", "#/components/schemas/Subject"}}, value)) {
        out.push_back(problem.pointer + " " + problem.text_key);
    }
    return out;
}
using List = std::vector<std::string>;

TEST(Schema, ChecksTypes) {
    EXPECT_EQ(wrong({{"type", "integer"}}, 1.5), List{" field.type"});
    EXPECT_EQ(wrong({{"type", "integer"}}, "1"), List{" field.type"});
    EXPECT_EQ(wrong({{"type", "integer"}}, true), List{" field.type"});
    EXPECT_EQ(wrong({{"type", {"string", "null"}}}, nullptr), List{});
    EXPECT_EQ(wrong({{"type", "boolean"}}, 0), List{" field.type"});
}

TEST(Schema, CountsCharactersNotBytes) {
    const json schema{{"type", "string"}, {"minLength", 2}, {"maxLength", 3}};
    EXPECT_EQ(wrong(schema, "台帳表"), List{});
    EXPECT_EQ(wrong(schema, "台帳表表"), List{" field.too_long"});
    EXPECT_EQ(wrong(schema, "台"), List{" field.too_short"});
}

TEST(Schema, NamesEachFieldByItsPointer) {
    const json schema{{"type", "object"},
                      {"additionalProperties", false},
                      {"required", {"a/b"}},
                      {"properties",
                       {{"a/b", {{"type", "string"}}},
                        {"list",
                         {{"type", "array"},
                          {"maxItems", 2},
                          {"uniqueItems", true},
                          {"items", {{"type", "integer"}}}}}}}};
    EXPECT_EQ(wrong(schema, json::object()), List{"/a~1b field.required"});
    EXPECT_EQ(wrong(schema, {{"a/b", "x"}, {"c", 1}}), List{"/c field.unknown"});
    EXPECT_EQ(wrong(schema, {{"a/b", "x"}, {"list", {1, "x"}}}), List{"/list/1 field.type"});
    EXPECT_EQ(wrong(schema, {{"a/b", "x"}, {"list", {1, 1}}}), List{"/list field.repeated"});
    EXPECT_EQ(wrong(schema, {{"a/b", "x"}, {"list", {1, 2, 3}}}), List{"/list field.too_many"});
}

TEST(Schema, ChecksFormatsPatternsAndChoices) {
    EXPECT_EQ(wrong({{"type", "string"}, {"format", "date"}}, "2026-02-30"), List{" field.format"});
    // Their moments lie beyond 64 bits of nanoseconds.
    for (const char* day : {"0001-01-01", "1677-09-21", "2262-04-11", "9999-12-31"})
        EXPECT_EQ(wrong({{"type", "string"}, {"format", "date"}}, day), List{" field.format"});
    EXPECT_EQ(wrong({{"type", "string"}, {"format", "date-time"}}, "2026-02-28T25:00:00Z"),
              List{" field.format"});
    EXPECT_EQ(wrong({{"type", "string"}, {"pattern", "^[a-z]+$"}}, "aB"), List{" field.format"});
    EXPECT_EQ(wrong({{"type", "string"}, {"pattern", "^[a-z]+$"}}, "ab\n"), List{" field.format"});
    EXPECT_EQ(wrong({{"type", "string"}, {"enum", {"a", "b"}}}, "c"), List{" field.choice"});
    EXPECT_EQ(wrong({{"type", "integer"}, {"minimum", 1}, {"maximum", 3}}, 4),
              List{" field.too_large"});
    const json either{{"oneOf", {{{"$ref", "#/components/schemas/Name"}}, {{"type", "null"}}}}};
    EXPECT_EQ(wrong(either, nullptr), List{});
    EXPECT_EQ(wrong(either, "abcd"), List{" field.too_long"});
}

TEST(Schema, TellsAtMostSoManyProblems) {
    json many = json::array();
    for (int i = 0; i < 1'000; ++i) many.push_back("x");
    EXPECT_EQ(wrong({{"type", "array"}, {"items", {{"type", "integer"}}}}, many).size(),
              field_problems_max);
}

TEST(Schema, RefusesADescriptionItDoesNotFullyUnderstand) {
    const auto error_of = [](const json& schema) {
        const auto made = Schemas::create({{"components", {{"schemas", {{"S", schema}}}}}});
        return made ? "" : made.error().message;
    };
    EXPECT_EQ(error_of({{"minProperties", 1}}), "S: keyword not implemented: minProperties");
    EXPECT_EQ(error_of({{"properties", {{"a", {{"multipleOf", 2}}}}}}),
              "S/a: keyword not implemented: multipleOf");
    EXPECT_EQ(error_of({{"$ref", "#/components/schemas/Nobody"}}),
              "S: no such $ref: #/components/schemas/Nobody");
    EXPECT_NE(error_of({{"type", "string"}, {"pattern", "("}}), "");
}

TEST(Spec, ReadsTheDescriptionThatIsCompiledIn) {
    const Result<std::unique_ptr<Spec>> spec = Spec::parse(openapi_text());
    ASSERT_TRUE(spec) << spec.error().message;
    const Operation& patch = (*spec)->operations().at("patchSource");
    EXPECT_EQ(patch.method, "PATCH");
    EXPECT_EQ(patch.permission, "source.write");
    ASSERT_EQ(patch.parameters.size(), 1U);
    EXPECT_TRUE(patch.parameters[0].in_path);
    ASSERT_NE(patch.body, nullptr);
    EXPECT_EQ((*spec)->schemas().check(*patch.body, json::object()).at(0).pointer, "/version");
}

TEST(Spec, RefusesADescriptionWithoutOperationIds) {
    const char* text =
        "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses: {}\ncomponents:\n  schemas: "
        "{}\n";
    EXPECT_FALSE(Spec::parse(text));
}

}  // namespace
}  // namespace daicho::app::api
