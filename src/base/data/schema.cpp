#include "base/data/schema.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/calendar/date.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"

namespace daicho::data {
namespace {

using nlohmann::json;

enum class Kind { text, integer, boolean, date, one_of, list, object, map, either, anything };

constexpr std::size_t told_length_max =
    40;  // of a wrong value, in bytes: enough to find it in the file

std::string in_quotes(std::string_view text) {
    const std::string_view part = utf8_prefix(text, told_length_max);
    return "'" + safe_display(part) + (part.size() < text.size() ? "…'" : "'");
}

std::string_view type_name(const json& value) {
    if (value.is_string()) return "text";
    if (value.is_number_integer()) return "an integer";
    if (value.is_number()) return "a number";
    if (value.is_boolean()) return "true or false";
    if (value.is_array()) return "a list";
    if (value.is_object()) return "a map";
    return "nothing";
}

std::string_view type_name(Kind kind) {
    switch (kind) {
        case Kind::text:
        case Kind::one_of:
            return "text";
        case Kind::integer:
            return "an integer";
        case Kind::boolean:
            return "true or false";
        case Kind::date:
            return "a date (YYYY-MM-DD)";
        case Kind::list:
            return "a list";
        case Kind::object:
        case Kind::map:
            return "a map";
        case Kind::either:
        case Kind::anything:
            break;
    }
    return "something else";
}

bool has_type(Kind kind, const json& value) {
    switch (kind) {
        case Kind::text:
        case Kind::one_of:
        case Kind::date:
            return value.is_string();
        case Kind::integer:
            return value.is_number_integer();
        case Kind::boolean:
            return value.is_boolean();
        case Kind::list:
            return value.is_array();
        case Kind::object:
        case Kind::map:
            return value.is_object();
        case Kind::either:
        case Kind::anything:
            return true;
    }
    return false;
}

}  // namespace

struct Shape::Rule {
    Kind kind = Kind::anything;
    bool nullable = false;
    bool distinct = false;
    std::size_t size_least = 0;
    std::size_t size_most = std::numeric_limits<std::size_t>::max();
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
    std::vector<std::string> values;          // one_of
    std::shared_ptr<const re2::RE2> pattern;  // text, or a map's keys
    std::vector<Shape> parts;                 // list, map: one; either: all
    std::vector<Field> fields;                // object
};

/// One walk over a value. Depth is bounded by the shape's own, which is written by us.
struct Shape::Checker {
    std::vector<Problem> problems;

    void tell(const std::string& pointer, std::string what) {
        if (problems.size() < problems_max) problems.push_back({pointer, std::move(what)});
    }
    void check(const Rule& rule, const json& value, const std::string& pointer) {
        if (rule.nullable && value.is_null()) return;
        if (!has_type(rule.kind, value)) {
            return tell(pointer, "must be " + std::string(type_name(rule.kind)) + ", is " +
                                     std::string(type_name(value)));
        }
        switch (rule.kind) {
            case Kind::text:
                return check_text(rule, value, pointer);
            case Kind::integer:
                return check_integer(rule, value, pointer);
            case Kind::date:
                return check_date(value, pointer);
            case Kind::one_of:
                return check_choice(rule, value, pointer);
            case Kind::list:
                return check_list(rule, value, pointer);
            case Kind::object:
                return check_object(rule, value, pointer);
            case Kind::map:
                return check_map(rule, value, pointer);
            case Kind::either:
                return check_either(rule, value, pointer);
            case Kind::boolean:
            case Kind::anything:
                return;
        }
    }
    void check_text(const Rule& rule, const json& value, const std::string& pointer) {
        const auto& text = value.get_ref<const std::string&>();
        check_size(rule, code_point_count(text), "characters", pointer);
        if (rule.pattern && !re2::RE2::FullMatch(text, *rule.pattern)) {
            tell(pointer, in_quotes(text) + " does not match " + rule.pattern->pattern());
        }
    }
    void check_integer(const Rule& rule, const json& value, const std::string& pointer) {
        // An unsigned number beyond int64 would turn negative in get<int64>.
        const bool beyond =
            value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX};
        const std::int64_t number = beyond ? INT64_MAX : value.get<std::int64_t>();
        if (beyond || number < rule.least || number > rule.most) {
            tell(pointer, "must be between " + std::to_string(rule.least) + " and " +
                              std::to_string(rule.most));
        }
    }
    void check_date(const json& value, const std::string& pointer) {
        const auto& text = value.get_ref<const std::string&>();
        if (!calendar::parse_date(text)) tell(pointer, in_quotes(text) + " is no date YYYY-MM-DD");
    }
    void check_choice(const Rule& rule, const json& value, const std::string& pointer) {
        const auto& text = value.get_ref<const std::string&>();
        if (std::find(rule.values.begin(), rule.values.end(), text) != rule.values.end()) return;
        std::string all;
        for (const std::string& one : rule.values) all += (all.empty() ? "" : ", ") + one;
        tell(pointer, in_quotes(text) + " is none of: " + all);
    }
    void check_size(const Rule& rule, std::size_t size, std::string_view of,
                    const std::string& pointer) {
        if (size < rule.size_least) {
            tell(pointer,
                 "needs at least " + std::to_string(rule.size_least) + " " + std::string(of));
        } else if (size > rule.size_most) {
            tell(pointer,
                 "may have at most " + std::to_string(rule.size_most) + " " + std::string(of));
        }
    }
    void check_list(const Rule& rule, const json& value, const std::string& pointer) {
        check_size(rule, value.size(), "items", pointer);
        std::set<json> seen;
        for (std::size_t i = 0; i < value.size(); ++i) {
            const std::string here = pointer + "/" + std::to_string(i);
            check(*rule.parts.front().rule_, value[i], here);
            if (rule.distinct && !seen.insert(value[i]).second) tell(here, "is there twice");
        }
    }
    void check_object(const Rule& rule, const json& value, const std::string& pointer) {
        for (const Field& field : rule.fields) {
            const auto found = value.find(field.name);
            if (found != value.end()) {
                check(*field.shape.rule_, *found, pointer + "/" + pointer_token(field.name));
            } else if (field.required) {
                tell(pointer, "lacks '" + field.name + "'");
            }
        }
        for (const auto& item : value.items()) {
            const bool declared =
                std::any_of(rule.fields.begin(), rule.fields.end(),
                            [&](const Field& field) { return field.name == item.key(); });
            if (!declared) tell(pointer + "/" + pointer_token(item.key()), "is not known here");
        }
    }
    void check_map(const Rule& rule, const json& value, const std::string& pointer) {
        check_size(rule, value.size(), "keys", pointer);
        for (const auto& item : value.items()) {
            const std::string here = pointer + "/" + pointer_token(item.key());
            if (rule.pattern && !re2::RE2::FullMatch(item.key(), *rule.pattern)) {
                tell(here, "the key does not match " + rule.pattern->pattern());
            }
            check(*rule.parts.front().rule_, item.value(), here);
        }
    }
    void check_either(const Rule& rule, const json& value, const std::string& pointer) {
        std::optional<std::vector<Problem>> nearest;
        for (const Shape& part : rule.parts) {
            Checker alone;
            alone.check(*part.rule_, value, pointer);
            if (alone.problems.empty()) return;
            if (!nearest && has_type(part.rule_->kind, value)) nearest = std::move(alone.problems);
        }
        if (nearest) {
            for (Problem& problem : *nearest) tell(problem.pointer, std::move(problem.what));
            return;
        }
        std::string all;
        for (const Shape& part : rule.parts) {
            all += (all.empty() ? "" : " or ") + std::string(type_name(part.rule_->kind));
        }
        tell(pointer, "must be " + all + ", is " + std::string(type_name(value)));
    }
};

namespace {

template <typename Rule>
std::shared_ptr<Rule> rule_of(Kind kind) {
    auto rule = std::make_shared<Rule>();
    rule->kind = kind;
    return rule;
}

}  // namespace

Shape Shape::text() {
    auto rule = rule_of<Rule>(Kind::text);
    rule->size_least = 1;
    return Shape(std::move(rule));
}
Shape Shape::integer() {
    return Shape(rule_of<Rule>(Kind::integer));
}
Shape Shape::boolean() {
    return Shape(rule_of<Rule>(Kind::boolean));
}
Shape Shape::date() {
    return Shape(rule_of<Rule>(Kind::date));
}
Shape Shape::anything() {
    return Shape(rule_of<Rule>(Kind::anything));
}

Shape Shape::one_of(std::vector<std::string> values) {
    auto rule = rule_of<Rule>(Kind::one_of);
    rule->values = std::move(values);
    return Shape(std::move(rule));
}

Shape Shape::list(Shape item) {
    auto rule = rule_of<Rule>(Kind::list);
    rule->parts.push_back(std::move(item));
    return Shape(std::move(rule));
}

Shape Shape::object(std::vector<Field> fields) {
    auto rule = rule_of<Rule>(Kind::object);
    rule->fields = std::move(fields);
    return Shape(std::move(rule));
}

Shape Shape::map(Shape value) {
    auto rule = rule_of<Rule>(Kind::map);
    rule->parts.push_back(std::move(value));
    return Shape(std::move(rule));
}

Shape Shape::either(std::vector<Shape> shapes) {
    check(!shapes.empty(), "a choice of shapes");
    auto rule = rule_of<Rule>(Kind::either);
    rule->parts = std::move(shapes);
    return Shape(std::move(rule));
}

Shape Shape::pattern(std::string_view expression) const {
    check(rule_->kind == Kind::text || rule_->kind == Kind::map, "a pattern is for text or keys");
    auto rule = std::make_shared<Rule>(*rule_);
    rule->pattern = std::make_shared<const re2::RE2>(std::string(expression), re2::RE2::Quiet);
    check(rule->pattern->ok(), "a pattern that RE2 takes");
    return Shape(std::move(rule));
}

Shape Shape::length(std::size_t least, std::size_t most) const {
    check(rule_->kind == Kind::text, "a length is for text");
    auto rule = std::make_shared<Rule>(*rule_);
    rule->size_least = least;
    rule->size_most = most;
    return Shape(std::move(rule));
}

Shape Shape::range(std::int64_t least, std::int64_t most) const {
    check(rule_->kind == Kind::integer, "a range is for integers");
    auto rule = std::make_shared<Rule>(*rule_);
    rule->least = least;
    rule->most = most;
    return Shape(std::move(rule));
}

Shape Shape::size(std::size_t least, std::size_t most) const {
    check(rule_->kind == Kind::list || rule_->kind == Kind::map, "a size is for lists and maps");
    auto rule = std::make_shared<Rule>(*rule_);
    rule->size_least = least;
    rule->size_most = most;
    return Shape(std::move(rule));
}

Shape Shape::unique() const {
    check(rule_->kind == Kind::list, "items are those of a list");
    auto rule = std::make_shared<Rule>(*rule_);
    rule->distinct = true;
    return Shape(std::move(rule));
}

Shape Shape::or_null() const {
    auto rule = std::make_shared<Rule>(*rule_);
    rule->nullable = true;
    return Shape(std::move(rule));
}

std::vector<Problem> Shape::problems(const json& value) const {
    Checker checker;
    checker.check(*rule_, value, "");
    return std::move(checker.problems);
}

Status check_shape(const Shape& shape, const YamlDocument& document) {
    const std::vector<Problem> problems = shape.problems(document.value);
    if (problems.empty()) return {};
    std::string lines;
    for (const Problem& problem : problems) {
        if (!lines.empty()) lines.push_back('\n');
        lines += document.message(problem.pointer, problem.what);
    }
    return fail(Errc::invalid, lines);
}

}  // namespace daicho::data
