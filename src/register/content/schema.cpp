#include "register/content/schema.hpp"

#include <optional>
#include <set>

#include "base/calendar/timestamp.hpp"
#include "register/content/period.hpp"
#include "register/obligation/recurrence.hpp"

namespace daicho::register_ {

using data::Problem;
using data::Shape;
using nlohmann::json;

struct SchemaNode {
    Shape shape = Shape::anything();
    bool is_optional = false;
    std::string format;     // period, instant, rrule
    std::string reference;  // kind of what a text mentions
    std::map<std::string, std::shared_ptr<const SchemaNode>> fields;  // of an object
    std::shared_ptr<const SchemaNode> item;                           // of a list or map
    std::string tag;  // of a variant: the field that decides
    std::map<std::string, std::shared_ptr<const SchemaNode>> cases;
};

namespace {

using Node = std::shared_ptr<const SchemaNode>;

struct Broken {
    std::string pointer;
    std::string what;
};

/// Turns one schema text into nodes. The first thing that makes no sense ends the work.
class Compiler {
public:
    Compiler(const json& types, std::map<std::string, Node>& compiled)
        : types_(types), compiled_(compiled) {}

    Node compile(const json& from, const std::string& pointer) {
        if (!from.is_object()) return broken(pointer, "must be a type: {type: …} or {use: …}");
        if (from.contains("use")) return named(from, pointer);
        const std::string type = from.value("type", json()).is_string() ? from["type"] : json("");
        auto node = std::make_shared<SchemaNode>();
        if (type == "object") {
            object(*node, from, pointer);
        } else if (type == "list" || type == "map") {
            many(*node, from, pointer, type == "list");
        } else if (type == "variant") {
            variant(*node, from, pointer);
        } else {
            scalar(*node, from, pointer, type);
        }
        node->is_optional = from.value("optional", json(false)) == json(true);
        return node;
    }

    [[nodiscard]] const std::optional<Broken>& trouble() const { return trouble_; }

private:
    Node broken(const std::string& pointer, std::string what) {
        if (!trouble_) trouble_ = Broken{pointer, std::move(what)};
        return std::make_shared<SchemaNode>();
    }

    Node named(const json& from, const std::string& pointer) {
        const std::string name = from["use"].is_string() ? from["use"].get<std::string>() : "";
        if (!types_.contains(name)) return broken(pointer, "there is no type '" + name + "'");
        if (!compiled_.contains(name)) {
            if (!open_.insert(name).second)
                return broken(pointer, "type '" + name + "' uses itself");
            compiled_[name] = compile(types_[name], "/types/" + name);
            open_.erase(name);
        }
        auto node = std::make_shared<SchemaNode>(*compiled_[name]);
        node->is_optional = from.value("optional", json(false)) == json(true);
        return node;
    }

    void object(SchemaNode& node, const json& from, const std::string& pointer) {
        if (!from.contains("fields") || !from["fields"].is_object()) {
            broken(pointer, "an object needs 'fields'");
            return;
        }
        std::vector<Shape::Field> fields;
        for (const auto& [name, type] : from["fields"].items()) {
            const Node field = compile(type, pointer + "/fields/" + data::pointer_token(name));
            fields.push_back({name, field->shape, !field->is_optional});
            node.fields[name] = field;
        }
        node.shape = Shape::object(std::move(fields));
    }

    void many(SchemaNode& node, const json& from, const std::string& pointer, bool is_list) {
        if (!from.contains("item")) {
            broken(pointer, "a list or map needs 'item'");
            return;
        }
        node.item = compile(from["item"], pointer + "/item");
        node.shape = is_list ? Shape::list(node.item->shape) : Shape::map(node.item->shape);
        if (const auto bounds = pair_of(from, "size")) {
            node.shape = node.shape.size(bounds->first, bounds->second);
        }
        if (from.value("unique", json(false)) == json(true)) node.shape = node.shape.unique();
        if (!is_list && from.contains("pattern"))
            node.shape = node.shape.pattern(from["pattern"].get<std::string>());
    }

    void variant(SchemaNode& node, const json& from, const std::string& pointer) {
        node.tag = from.value("tag", json("")).is_string() ? from["tag"].get<std::string>() : "";
        if (node.tag.empty() || !from.contains("cases") || !from["cases"].is_object()) {
            broken(pointer, "a variant needs 'tag' and 'cases'");
            return;
        }
        for (const auto& [name, fields] : from["cases"].items()) {
            json object = {{"type", "object"}, {"fields", fields}};
            if (fields.is_object()) {
                object["fields"][node.tag] = {{"type", "one_of"}, {"values", json::array({name})}};
            }
            node.cases[name] = compile(object, pointer + "/cases/" + data::pointer_token(name));
        }
        node.shape = Shape::map(Shape::anything());  // the case is checked in Walk
    }

    void scalar(SchemaNode& node, const json& from, const std::string& pointer,
                const std::string& type) {
        if (type == "text") {
            node.shape = text(node, from, pointer);
        } else if (type == "integer") {
            node.shape = Shape::integer();
            if (const auto bounds = pair_of(from, "range")) {
                node.shape = node.shape.range(static_cast<std::int64_t>(bounds->first),
                                              static_cast<std::int64_t>(bounds->second));
            }
        } else if (type == "boolean") {
            node.shape = Shape::boolean();
        } else if (type == "date") {
            node.shape = Shape::date();
        } else if (type == "quantity") {
            node.shape = Shape::either({Shape::integer().range(0, 1'000'000'000),
                                        Shape::text().pattern("P[0-9YMWDTHS]{2,38}")});
            node.format = "quantity";
        } else if (type == "one_of" && from.contains("values") && from["values"].is_array()) {
            node.shape = Shape::one_of(from["values"].get<std::vector<std::string>>());
        } else if (type != "anything") {
            broken(pointer, "unknown type '" + type + "'");
        }
    }

    Shape text(SchemaNode& node, const json& from, const std::string& pointer) {
        Shape shape = Shape::text();
        if (from.contains("pattern")) shape = shape.pattern(from["pattern"].get<std::string>());
        const auto bounds = pair_of(from, "length");
        shape = bounds ? shape.length(bounds->first, bounds->second) : shape.length(1, text_max);
        node.format = from.value("format", "");
        static const std::set<std::string> formats = {"", "period", "instant", "rrule"};
        if (!formats.contains(node.format)) broken(pointer, "unknown format '" + node.format + "'");
        node.reference = from.value("ref", "");
        return shape;
    }

    static std::optional<std::pair<std::size_t, std::size_t>> pair_of(const json& from,
                                                                      const char* name) {
        const auto found = from.find(name);
        if (found == from.end() || !found->is_array() || found->size() != 2) return std::nullopt;
        return std::pair{(*found)[0].get<std::size_t>(), (*found)[1].get<std::size_t>()};
    }

    static constexpr std::size_t text_max = 600;  // three sentences; longer belongs in documents

    const json& types_;
    std::map<std::string, Node>& compiled_;
    std::set<std::string> open_;
    std::optional<Broken> trouble_;
};

/// Goes through a document beside its schema: formats, cases of variants, mentions.
class Walk {
public:
    void visit(const SchemaNode& node, const json& value, const std::string& pointer) {
        if (!node.tag.empty()) return variant(node, value, pointer);
        if (value.is_string()) return text(node, value.get_ref<const std::string&>(), pointer);
        if (node.format == "quantity") return;
        if (value.is_object()) {
            for (const auto& [name, part] : value.items()) {
                const auto field = node.fields.find(name);
                const SchemaNode* next =
                    field == node.fields.end() ? node.item.get() : field->second.get();
                if (next != nullptr) visit(*next, part, pointer + "/" + data::pointer_token(name));
            }
        } else if (value.is_array() && node.item) {
            for (std::size_t i = 0; i < value.size(); ++i) {
                visit(*node.item, value[i], pointer + "/" + std::to_string(i));
            }
        }
    }

    std::vector<Problem> problems;
    std::vector<Reference> references;

private:
    void variant(const SchemaNode& node, const json& value, const std::string& pointer) {
        const auto tag = value.is_object() ? value.find(node.tag) : value.end();
        if (!value.is_object() || tag == value.end() || !tag->is_string()) {
            problems.push_back({pointer, "needs the text field '" + node.tag + "'"});
            return;
        }
        const auto found = node.cases.find(tag->get<std::string>());
        if (found == node.cases.end()) {
            problems.push_back({pointer + "/" + node.tag, "unknown value"});
            return;
        }
        const std::vector<Problem> within = found->second->shape.problems(value);
        for (const Problem& problem : within) {
            problems.push_back({pointer + problem.pointer, problem.what});
        }
        if (within.empty()) visit(*found->second, value, pointer);
    }

    void text(const SchemaNode& node, const std::string& value, const std::string& pointer) {
        const auto wrong = [&](const char* what) { problems.push_back({pointer, what}); };
        if ((node.format == "period" || node.format == "quantity") && !parse_period(value)) {
            wrong("must be a length of time like P3Y, P7D or PT24H");
        } else if (node.format == "instant" && !calendar::parse_rfc3339(value)) {
            wrong("must be a time like 2026-11-22T09:00:00+09:00");
        } else if (node.format == "rrule" && !check_rrule(value)) {
            wrong("must be an RFC 5545 rule of whole days like FREQ=WEEKLY;BYDAY=MO");
        }
        if (!node.reference.empty()) references.push_back({node.reference, value, pointer});
    }
};

}  // namespace

std::vector<Problem> Schema::problems(const json& value) const {
    std::vector<Problem> found = root_->shape.problems(value);
    if (!found.empty()) return found;
    Walk walk;
    walk.visit(*root_, value, "");
    return std::move(walk.problems);
}

std::vector<Reference> Schema::references(const json& value) const {
    Walk walk;
    walk.visit(*root_, value, "");
    return std::move(walk.references);
}

Result<SchemaSet> SchemaSet::create(const data::YamlDocument& common,
                                    const std::vector<data::YamlDocument>& files) {
    const json& root = common.value;
    if (!root.is_object() || root.size() != 1 || !root.contains("types") ||
        !root["types"].is_object()) {
        return fail(Errc::invalid, common.message("", "needs 'types' and nothing else"));
    }
    SchemaSet set;
    std::map<std::string, Node> compiled;
    for (const data::YamlDocument& file : files) {
        const json& whole = file.value;
        const json* schema =
            whole.is_object() && whole.contains("schema") ? &whole["schema"] : nullptr;
        if (schema == nullptr || !schema->is_object() || !schema->contains("kind") ||
            !(*schema)["kind"].is_string() || !schema->contains("document")) {
            return fail(Errc::invalid,
                        file.message("", "needs 'schema' with 'kind' and 'document'"));
        }
        const std::string kind = (*schema)["kind"];
        Compiler compiler(root["types"], compiled);
        Node document;
        try {
            document = compiler.compile(
                {{"type", "object"}, {"fields", {{kind, (*schema)["document"]}}}}, "");
        } catch (const json::exception&) {
            return fail(Errc::invalid,
                        file.message("/schema/document", "a field has the wrong type"));
        }
        if (const auto& trouble = compiler.trouble()) {
            return fail(Errc::invalid,
                        file.message("/schema/document" + trouble->pointer, trouble->what));
        }
        set.schemas_.insert_or_assign(kind, Schema(document));
    }
    return set;
}

const Schema* SchemaSet::find(const std::string& kind) const {
    const auto found = schemas_.find(kind);
    return found == schemas_.end() ? nullptr : &found->second;
}

std::string SchemaSet::kinds() const {
    std::string out;
    for (const auto& [kind, schema] : schemas_) out += (out.empty() ? "" : ", ") + kind;
    return out;
}

}  // namespace daicho::register_
