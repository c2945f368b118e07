#include "app/http/problem.hpp"

#include <nlohmann/json.hpp>

namespace daicho::app::http {
namespace {

nlohmann::json object_of(const std::vector<Pair>& pairs) {
    nlohmann::json out = nlohmann::json::object();
    for (const auto& [name, value] : pairs) out[name] = value;
    return out;
}

}  // namespace

Response to_response(const Problem& problem) {
    nlohmann::json body{{"type", "about:blank"},        {"title", reason_of(problem.status)},
                        {"status", problem.status},     {"code", problem.code},
                        {"text_key", problem.text_key}, {"params", object_of(problem.params)}};
    if (!problem.incident.empty()) body["incident"] = problem.incident;
    if (!problem.errors.empty()) {
        nlohmann::json errors = nlohmann::json::array();
        for (const FieldProblem& error : problem.errors) {
            errors.push_back({{"pointer", error.pointer},
                              {"text_key", error.text_key},
                              {"params", object_of(error.params)}});
        }
        body["errors"] = std::move(errors);
    }
    Response response;
    response.status = problem.status;
    response.set("Content-Type", "application/problem+json");
    response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return response;
}

Response refusal(int status) {
    Problem problem;
    problem.status = status;
    switch (status) {
        case 408:
            problem.code = "expired";
            break;
        case 413:
        case 414:
        case 431:
            problem.code = "too_large";
            break;
        case 503:
            problem.code = "unavailable";
            break;
        default:
            problem.code = "invalid";
    }
    problem.text_key = "http.refused_" + std::to_string(status);
    Response response = to_response(problem);
    response.close = true;
    if (status == 503) response.set("Retry-After", "2");
    return response;
}

}  // namespace daicho::app::http
