#pragma once
// The part of JSON Schema (2020-12) that openapi.yaml uses, checked by our own code: linear time,
// patterns by RE2, and a keyword that is not implemented is an error when the description is
// loaded, never silently ignored.
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "app/http/problem.hpp"
#include "base/result.hpp"

namespace daicho::app::api {

/// More are not told: a form that is wrong in so many places was not made by our page.
inline constexpr std::size_t field_problems_max = 50;

/// Immutable once made: threads may share it.
class Schemas {
public:
    /// `document`: the whole of openapi.yaml; `$ref`s point into it. Errc::invalid names the
    /// keyword that is not known, the pattern that RE2 refuses or the reference that leads nowhere.
    [[nodiscard]] static Result<Schemas> create(nlohmann::json document);
    ~Schemas();
    Schemas(Schemas&&) noexcept;
    Schemas& operator=(Schemas&&) noexcept;

    [[nodiscard]] const nlohmann::json& document() const noexcept;
    /// Follows a `$ref` if there is one.
    [[nodiscard]] const nlohmann::json& resolve(const nlohmann::json& node) const;
    /// What is wrong with `value`, in order; empty when it fits. text_key says the kind of trouble:
    /// field.required, …
    [[nodiscard]] std::vector<http::FieldProblem> check(const nlohmann::json& schema,
                                                        const nlohmann::json& value) const;

private:
    struct State;
    class Checker;
    explicit Schemas(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace daicho::app::api
