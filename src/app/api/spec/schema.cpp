#include "app/api/spec/schema.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/calendar/date.hpp"
#include "base/calendar/timestamp.hpp"
#include "base/data/yaml.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"

namespace daicho::app::api {

using nlohmann::json;

struct Schemas::State {
    json document;
    std::map<std::string, std::unique_ptr<RE2>, std::less<>> patterns;
};

namespace {

/// Keywords that say nothing about validity, or are read elsewhere.
const std::set<std::string, std::less<>> annotations{"description", "example", "default",
                                                     "contentEncoding", "contentMediaType"};
const std::set<std::string, std::less<>> assertions{
    "$ref",        "type",     "enum",       "minLength",
    "maxLength",   "pattern",  "format",     "minimum",
    "maximum",     "items",    "minItems",   "maxItems",
    "uniqueItems", "required", "properties", "additionalProperties",
    "oneOf"};

bool has_type(const json& value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    return false;
}

}  // namespace

/// Walks one value. Depth is bounded by the depth of the schemas, which do not recurse.
class Schemas::Checker {
public:
    explicit Checker(const Schemas& schemas) : schemas_(schemas) {}
    std::vector<http::FieldProblem> found;

    void check(const json& node, const json& value, const std::string& pointer) {
        if (found.size() >= field_problems_max) return;
        const json& schema = schemas_.resolve(node);
        if (const auto choices = schema.find("oneOf"); choices != schema.end()) {
            check_one_of(*choices, value, pointer);
            return;
        }
        if (!type_fits(schema, value)) return tell(pointer, "field.type");
        if (const auto allowed = schema.find("enum"); allowed != schema.end()) {
            if (std::ranges::find(*allowed, value) == allowed->end()) tell(pointer, "field.choice");
        }
        if (value.is_string()) check_text(schema, value.get_ref<const std::string&>(), pointer);
        if (value.is_number()) check_number(schema, value, pointer);
        if (value.is_array()) check_array(schema, value, pointer);
        if (value.is_object()) check_object(schema, value, pointer);
    }

private:
    void tell(const std::string& pointer, std::string text_key,
              std::vector<http::Pair> params = {}) {
        if (found.size() < field_problems_max)
            found.push_back({pointer, std::move(text_key), std::move(params)});
    }
    void limit(bool broken, const json& schema, const char* keyword, const std::string& pointer,
               const char* text_key) {
        if (broken) tell(pointer, text_key, {{"limit", schema[keyword].dump()}});
    }

    static bool type_fits(const json& schema, const json& value) {
        const auto type = schema.find("type");
        if (type == schema.end()) return true;
        if (type->is_string()) return has_type(value, type->get_ref<const std::string&>());
        return std::ranges::any_of(*type, [&](const json& one) {
            return has_type(value, one.get_ref<const std::string&>());
        });
    }

    void check_one_of(const json& choices, const json& value, const std::string& pointer) {
        std::vector<http::FieldProblem> first;
        for (const json& choice : choices) {
            Checker inner(schemas_);
            inner.check(choice, value, pointer);
            if (inner.found.empty()) return;
            if (first.empty()) first = std::move(inner.found);
        }
        for (http::FieldProblem& problem : first) found.push_back(std::move(problem));
    }

    void check_text(const json& schema, const std::string& text, const std::string& pointer) {
        const std::size_t length = code_point_count(text);
        if (schema.contains("minLength")) {
            limit(length < schema["minLength"], schema, "minLength", pointer, "field.too_short");
        }
        if (schema.contains("maxLength")) {
            limit(length > schema["maxLength"], schema, "maxLength", pointer, "field.too_long");
        }
        if (const auto pattern = schema.find("pattern"); pattern != schema.end()) {
            const RE2& expression = *schemas_.state_->patterns.at(pattern->get<std::string>());
            if (!RE2::PartialMatch(text, expression)) return tell(pointer, "field.format");
        }
        const std::string format = schema.value("format", "");
        const std::optional<calendar::Date> day =
            format == "date" ? calendar::parse_date(text) : std::nullopt;
        const bool fits = (format != "date" || (day && calendar::in_reach(*day))) &&
                          (format != "date-time" || calendar::parse_rfc3339(text));
        if (!fits) tell(pointer, "field.format");
    }

    void check_number(const json& schema, const json& value, const std::string& pointer) {
        if (schema.contains("minimum")) {
            limit(value < schema["minimum"], schema, "minimum", pointer, "field.too_small");
        }
        if (schema.contains("maximum")) {
            limit(value > schema["maximum"], schema, "maximum", pointer, "field.too_large");
        }
    }

    void check_array(const json& schema, const json& value, const std::string& pointer) {
        if (schema.contains("minItems")) {
            limit(value.size() < schema["minItems"], schema, "minItems", pointer, "field.too_few");
        }
        if (schema.contains("maxItems") && value.size() > schema["maxItems"]) {
            return limit(true, schema, "maxItems", pointer, "field.too_many");
        }
        if (schema.value("uniqueItems", false)) {
            const std::set<json> distinct(value.begin(), value.end());
            if (distinct.size() != value.size()) tell(pointer, "field.repeated");
        }
        if (!schema.contains("items")) return;
        for (std::size_t i = 0; i < value.size(); ++i) {
            check(schema["items"], value[i], pointer + "/" + std::to_string(i));
        }
    }

    void check_object(const json& schema, const json& value, const std::string& pointer) {
        static const json none = json::object();
        const json& properties = schema.contains("properties") ? schema["properties"] : none;
        for (const json& name : schema.value("required", json::array())) {
            if (!value.contains(name.get_ref<const std::string&>())) {
                tell(pointer + "/" + data::pointer_token(name.get<std::string>()),
                     "field.required");
            }
        }
        for (const auto& [name, member] : value.items()) {
            const std::string inner = pointer + "/" + data::pointer_token(name);
            if (const auto known = properties.find(name); known != properties.end()) {
                check(*known, member, inner);
            } else if (const auto rest = schema.find("additionalProperties");
                       rest != schema.end()) {
                if (rest->is_object()) {
                    check(*rest, member, inner);
                } else if (*rest == false) {
                    tell(inner, "field.unknown");
                }
            }
        }
    }

    const Schemas& schemas_;
};

namespace {

/// Visits every schema below components/schemas and collects patterns; the error names what is not
/// understood.
class Loader {
public:
    Loader(const json& document, std::map<std::string, std::unique_ptr<RE2>, std::less<>>& patterns)
        : document_(document), patterns_(patterns) {}

    Status visit(const json& schema, const std::string& where) {
        if (!schema.is_object()) return fail(Errc::invalid, where + ": not a schema");
        for (const auto& [keyword, value] : schema.items()) {
            if (annotations.contains(keyword)) continue;
            if (!assertions.contains(keyword))
                return fail(Errc::invalid, where + ": keyword not implemented: " + keyword);
            const Status status = visit_keyword(keyword, value, where);
            if (!status) return status;
        }
        return {};
    }

private:
    Status visit_keyword(const std::string& keyword, const json& value, const std::string& where) {
        if (keyword == "$ref") {
            const std::string target = value.get<std::string>();
            const bool there = target.starts_with("#/") &&
                               document_.contains(json::json_pointer(target.substr(1)));
            return there ? Status() : fail(Errc::invalid, where + ": no such $ref: " + target);
        }
        if (keyword == "pattern") {
            auto expression = std::make_unique<RE2>(value.get<std::string>(), RE2::Quiet);
            if (!expression->ok()) return fail(Errc::invalid, where + ": " + expression->error());
            patterns_.emplace(value.get<std::string>(), std::move(expression));
        } else if (keyword == "items" || (keyword == "additionalProperties" && value.is_object())) {
            return visit(value, where + "/" + keyword);
        } else if (keyword == "properties" || keyword == "oneOf") {
            for (const auto& [name, inner] : value.items()) {
                const Status status = visit(inner, where + "/" + name);
                if (!status) return status;
            }
        }
        return {};
    }

    const json& document_;
    std::map<std::string, std::unique_ptr<RE2>, std::less<>>& patterns_;
};

/// All nodes named "schema" or lying below components/schemas.
Status visit_all(const json& node, const std::string& where, Loader& loader) {
    if (node.is_array()) {
        for (const json& item : node) {
            const Status status = visit_all(item, where + "/-", loader);
            if (!status) return status;
        }
    }
    if (!node.is_object()) return {};
    for (const auto& [name, value] : node.items()) {
        if (name == "example" || name == "examples" || name == "properties") continue;
        const std::string inner = where + "/" + name;
        const Status status =
            name == "schema" ? loader.visit(value, inner) : visit_all(value, inner, loader);
        if (!status) return status;
    }
    return {};
}

}  // namespace

Result<Schemas> Schemas::create(json document) {
    auto state = std::make_unique<State>();
    state->document = std::move(document);
    Loader loader(state->document, state->patterns);
    const json::json_pointer schemas("/components/schemas");
    if (!state->document.contains(schemas)) return fail(Errc::invalid, "no components/schemas");
    for (const auto& [name, schema] : state->document[schemas].items()) {
        const Status status = loader.visit(schema, name);
        if (!status) return fail(status.error());
    }
    const Status rest = visit_all(state->document, "", loader);
    if (!rest) return fail(rest.error());
    return Schemas(std::move(state));
}

Schemas::Schemas(std::unique_ptr<State> state) : state_(std::move(state)) {}
Schemas::~Schemas() = default;
Schemas::Schemas(Schemas&&) noexcept = default;
Schemas& Schemas::operator=(Schemas&&) noexcept = default;

const json& Schemas::document() const noexcept {
    return state_->document;
}

const json& Schemas::resolve(const json& node) const {
    const json* at = &node;
    while (at->is_object()) {
        const auto reference = at->find("$ref");
        if (reference == at->end()) break;
        const std::string target = reference->get<std::string>();
        at = &state_->document.at(json::json_pointer(target.substr(1)));
    }
    return *at;
}

std::vector<http::FieldProblem> Schemas::check(const json& schema, const json& value) const {
    Checker checker(*this);
    checker.check(schema, value, "");
    return std::move(checker.found);
}

}  // namespace daicho::app::api
