#pragma once
// RFC 9457 problem details, as the schema Problem of openapi.yaml has them.
#include <string>
#include <string_view>
#include <vector>

#include "app/http/message.hpp"

namespace daicho::app::http {

struct FieldProblem {
    std::string pointer;  // JSON pointer into the body, or "?name" for a query parameter
    std::string text_key;
    std::vector<Pair> params;
};

struct Problem {
    int status = 500;
    std::string code;
    std::string text_key;
    std::vector<Pair> params;
    std::vector<FieldProblem> errors;
    std::string incident;  // empty: none
};

[[nodiscard]] Response to_response(const Problem& problem);

/// The server's own refusals, before any handler is asked; the connection ends after them.
[[nodiscard]] Response refusal(int status);

}  // namespace daicho::app::http
