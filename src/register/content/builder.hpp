#pragma once
// The insides of ContentBuilder, shared by builder.cpp, parse.cpp and whole.cpp. Not for others.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "register/content/content.hpp"

namespace daicho::register_ {

struct ContentBuilder::State {
    explicit State(SchemaSet set) : schemas(std::move(set)) {}

    SchemaSet schemas;
    Content content;
    std::map<std::string, nlohmann::json> canonical;                  // by path
    std::vector<std::pair<Reference, std::string>> references;        // with the whole message
    std::map<std::string, std::map<std::string, std::string>> texts;  // key -> language -> sentence
    std::map<std::string, std::string> places;  // "control:x" -> "file:line:column: field: "
    std::vector<std::string> mistakes;
    std::size_t mistakes_left_out = 0;

    void mistake(std::string line);
    /// Notes where "kind:id" was said; false (and a mistake) when it was said before.
    bool claim(const std::string& kind, const std::string& id, const data::YamlDocument& document,
               const std::string& pointer);
    /// A mistake about something claimed.
    void mistake_at(const std::string& kind, const std::string& id, const std::string& what);
};

/// Turns a document that fits its schema into the model (parse.cpp).
void take_document(ContentBuilder::State& state, const data::YamlDocument& document,
                   const std::string& kind);
/// What only the whole can tell (whole.cpp).
void check_whole(ContentBuilder::State& state);

}  // namespace daicho::register_
