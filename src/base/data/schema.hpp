#pragma once
// What a content file must look like, said in C++ where it is read:
//
//   const Shape control = Shape::object({
//       required("id", Shape::text().pattern("[0-9a-z.-]+")),
//       required("kind", Shape::one_of({"technical", "organisational"})),
//       optional("grace_days", Shape::integer().range(0, 365)),
//       optional("clauses", Shape::list(Shape::text()).size(1, 100)),
//   });
//   const Status fine = check_shape(control, document);   // all faults, one per line, with file,
//   line and field
//
// Keys that are not declared are refused. Shapes are immutable values that share their parts: cheap
// to copy, thread-safe.
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/data/yaml.hpp"
#include "base/result.hpp"

namespace daicho::data {

/// At most this many are told: a wrong file is usually wrong everywhere.
inline constexpr std::size_t problems_max = 50;

struct Problem {
    std::string pointer;  // JSON pointer
    std::string what;
};

class Shape {
public:
    struct Field;

    [[nodiscard]] static Shape text();  // not empty unless length(0, ...) says so
    [[nodiscard]] static Shape integer();
    [[nodiscard]] static Shape boolean();
    [[nodiscard]] static Shape date();  // text YYYY-MM-DD that exists
    [[nodiscard]] static Shape one_of(std::vector<std::string> values);
    [[nodiscard]] static Shape list(Shape item);
    [[nodiscard]] static Shape object(std::vector<Field> fields);
    /// Any keys (see pattern), all values alike.
    [[nodiscard]] static Shape map(Shape value);
    /// Fits if one of them does; else the problems told are those of the first that has the value's
    /// type.
    [[nodiscard]] static Shape either(std::vector<Shape> shapes);
    [[nodiscard]] static Shape anything();

    /// RE2 that must match all of a text, or all of a map's keys. check() fails on a pattern that
    /// RE2 refuses.
    [[nodiscard]] Shape pattern(std::string_view expression) const;
    /// Code points of a text.
    [[nodiscard]] Shape length(std::size_t least, std::size_t most) const;
    /// Bounds of an integer, both allowed.
    [[nodiscard]] Shape range(std::int64_t least, std::int64_t most) const;
    /// How many items a list, or keys a map, may have.
    [[nodiscard]] Shape size(std::size_t least, std::size_t most) const;
    /// Items of a list must differ.
    [[nodiscard]] Shape unique() const;
    [[nodiscard]] Shape or_null() const;

    /// In the value's own order; empty when it fits.
    [[nodiscard]] std::vector<Problem> problems(const nlohmann::json& value) const;

private:
    struct Rule;
    struct Checker;
    explicit Shape(std::shared_ptr<const Rule> rule) : rule_(std::move(rule)) {}
    std::shared_ptr<const Rule> rule_;
};

struct Shape::Field {
    std::string name;
    Shape shape;
    bool required = true;
};
[[nodiscard]] inline Shape::Field required(std::string name, Shape shape) {
    return {std::move(name), std::move(shape), true};
}
[[nodiscard]] inline Shape::Field optional(std::string name, Shape shape) {
    return {std::move(name), std::move(shape), false};
}

/// Errc::invalid with one line "file:line:column: field: what" per problem.
[[nodiscard]] Status check_shape(const Shape& shape, const YamlDocument& document);

}  // namespace daicho::data
