#pragma once
// Whether an answer is one that openapi.yaml declares: its status, its type, and its body against
// the schema. For gtest: what does not fit is a failure of the running test.
#include <string>

#include "app/api/spec/spec.hpp"
#include "app/http/message.hpp"

namespace daicho::app::api::test {

[[nodiscard]] const nlohmann::json& node_of(const Spec& spec, const Operation& operation);
void expect_declared(const Spec& spec, const Operation& operation, const http::Response& response);

}  // namespace daicho::app::api::test
