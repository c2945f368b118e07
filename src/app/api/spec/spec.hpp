#pragma once
// openapi.yaml as the program knows it: what each operation takes. The text is compiled in, so
// description, checks and program can't drift apart.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/api/spec/schema.hpp"

namespace daicho::app::api {

/// The text of openapi.yaml at the time of compilation.
[[nodiscard]] std::string_view openapi_text() noexcept;

struct Parameter {
    std::string name;
    bool in_path = false;
    bool required = false;
    const nlohmann::json* schema = nullptr;
};

struct Operation {
    std::string id;
    std::string method;  // "GET"
    std::string path;    // "/api/v1/people/{person_id}"
    std::string permission;
    std::string or_permission;  // enough as well; empty: none
    std::string csrf;
    bool polling = false;
    std::set<std::string> responses;  // "200", "default"
    std::vector<Parameter> parameters;
    const nlohmann::json* body = nullptr;  // schema of the JSON body; null when there is none
};

/// Immutable; operations point into it, so it is neither copied nor moved once operations were
/// taken.
class Spec {
public:
    [[nodiscard]] static Result<std::unique_ptr<Spec>> parse(std::string_view text);
    [[nodiscard]] const std::map<std::string, Operation>& operations() const noexcept {
        return operations_;
    }
    [[nodiscard]] const Schemas& schemas() const noexcept { return schemas_; }

private:
    explicit Spec(Schemas schemas) : schemas_(std::move(schemas)) {}
    Status read_operation(const std::string& path, const std::string& method,
                          const nlohmann::json& item);
    void read_parameters(const nlohmann::json& list, Operation& operation) const;

    Schemas schemas_;
    std::map<std::string, Operation> operations_;  // by id
};

}  // namespace daicho::app::api
