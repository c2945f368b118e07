#pragma once
// content/schema/*.yaml says what every kind of content file must look like; this reads it, so that
// the description a person reads and the check the program makes are the same text.
// content/README.md explains the few words it uses.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/data/schema.hpp"
#include "base/data/yaml.hpp"
#include "base/result.hpp"

namespace daicho::register_ {

/// A mention of something that must exist elsewhere: kind "clause", id "002-4-2a".
struct Reference {
    std::string kind;
    std::string id;
    std::string pointer;  // JSON pointer of the mention
};

struct SchemaNode;

/// Immutable, cheap to copy, thread-safe.
class Schema {
public:
    explicit Schema(std::shared_ptr<const SchemaNode> root) : root_(std::move(root)) {}
    /// What is wrong with a document of this kind; empty when it fits.
    [[nodiscard]] std::vector<data::Problem> problems(const nlohmann::json& value) const;
    /// All mentions in a document that fits.
    [[nodiscard]] std::vector<Reference> references(const nlohmann::json& value) const;

private:
    std::shared_ptr<const SchemaNode> root_;
};

/// The schemas by the first key of the documents they describe ("control"). A value.
class SchemaSet {
public:
    /// `common` holds the named types, each of `files` one schema. Errc::invalid when one makes no
    /// sense: the message says file, line and field.
    [[nodiscard]] static Result<SchemaSet> create(const data::YamlDocument& common,
                                                  const std::vector<data::YamlDocument>& files);
    /// nullptr when there is no such kind.
    [[nodiscard]] const Schema* find(const std::string& kind) const;
    [[nodiscard]] std::string kinds() const;  // for messages: "clauses, control, …"

private:
    std::map<std::string, Schema> schemas_;
};

}  // namespace daicho::register_
