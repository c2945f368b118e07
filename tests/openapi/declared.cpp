#include "openapi/declared.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace daicho::app::api::test {

using nlohmann::json;

const json& node_of(const Spec& spec, const Operation& operation) {
    return spec.schemas()
        .document()
        .at("paths")
        .at(operation.path)
        .at(ascii_lower(operation.method));
}

void expect_declared(const Spec& spec, const Operation& operation, const http::Response& response) {
    const std::string status = std::to_string(response.status);
    const bool named = operation.responses.contains(status);
    EXPECT_TRUE(named || operation.responses.contains("default")) << operation.id << " " << status;
    EXPECT_TRUE(named || response.status >= 400)
        << operation.id << " answers " << status << ", which is not described";
    const json& node = node_of(spec, operation).at("responses").at(named ? status : "default");
    const json& declared = spec.schemas().resolve(node);
    if (!declared.contains("content")) {
        EXPECT_EQ(response.body, "") << operation.id;
        return;
    }
    const std::string type(response.field("content-type").value_or("none"));
    ASSERT_TRUE(declared["content"].contains(type))
        << operation.id << " " << status << " is of type " << type;
    if (type.find("json") == std::string::npos) return;
    const auto problems =
        spec.schemas().check(declared["content"][type]["schema"], json::parse(response.body));
    for (const http::FieldProblem& problem : problems) {
        ADD_FAILURE() << operation.id << " " << status << ": " << problem.pointer << " "
                      << problem.text_key << "\n"
                      << response.body;
    }
}

}  // namespace daicho::app::api::test
