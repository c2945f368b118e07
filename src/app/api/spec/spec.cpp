#include "app/api/spec/spec.hpp"

#include <algorithm>

#include "base/data/yaml.hpp"
#include "base/text.hpp"

namespace daicho::app::api {

using nlohmann::json;

namespace {

/// The description with all its examples has some 12,000 values.
constexpr data::YamlLimits limits{
    .bytes_max = std::size_t{1} << 20, .values_max = 60'000, .depth_max = 40};

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    return text;
}

}  // namespace

Result<std::unique_ptr<Spec>> Spec::parse(std::string_view text) {
    Result<data::YamlDocument> document = data::parse_yaml(text, "openapi.yaml", limits);
    if (!document) return fail(document.error());
    Result<Schemas> schemas = Schemas::create(std::move(document->value));
    if (!schemas) return fail(schemas.error());
    std::unique_ptr<Spec> spec(new Spec(std::move(*schemas)));
    for (const auto& [path, item] : spec->schemas_.document().at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            if (method == "parameters") continue;
            const Status status = spec->read_operation(path, method, item);
            if (!status) return fail(status.error());
        }
    }
    return spec;
}

Status Spec::read_operation(const std::string& path, const std::string& method, const json& item) {
    const json& node = item.at(method);
    Operation operation;
    operation.id = node.value("operationId", "");
    operation.method = upper(method);
    operation.path = path;
    operation.permission = node.value("x-permission", "");
    operation.or_permission = node.value("x-or-permission", "");
    operation.csrf = node.value("x-csrf", "");
    operation.polling = node.value("x-polling", false);
    for (const auto& [status, response] : node.at("responses").items())
        operation.responses.insert(status);
    if (item.contains("parameters")) read_parameters(item["parameters"], operation);
    if (node.contains("parameters")) read_parameters(node["parameters"], operation);
    const json::json_pointer body("/requestBody/content/application~1json/schema");
    if (node.contains(body)) operation.body = &node.at(body);
    if (node.contains("requestBody") && operation.body == nullptr) {
        return fail(Errc::invalid, operation.id + ": only JSON bodies are supported");
    }
    const std::string id = operation.id;
    if (id.empty() || !operations_.emplace(id, std::move(operation)).second) {
        return fail(Errc::invalid, path + ": operationId is missing or used twice");
    }
    return {};
}

void Spec::read_parameters(const json& list, Operation& operation) const {
    for (const json& entry : list) {
        const json& node = schemas_.resolve(entry);
        Parameter parameter;
        parameter.name = node.at("name").get<std::string>();
        parameter.in_path = node.at("in") == "path";
        parameter.required = node.value("required", false);
        parameter.schema = &node.at("schema");
        operation.parameters.push_back(std::move(parameter));
    }
}

}  // namespace daicho::app::api
