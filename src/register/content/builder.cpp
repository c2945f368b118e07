#include "register/content/builder.hpp"

#include <algorithm>

#include "base/data/json.hpp"
#include "base/text.hpp"

namespace daicho::register_ {

void ContentBuilder::State::mistake(std::string line) {
    if (mistakes.size() == content_mistakes_max) {
        ++mistakes_left_out;
    } else {
        mistakes.push_back(std::move(line));
    }
}

bool ContentBuilder::State::claim(const std::string& kind, const std::string& id,
                                  const data::YamlDocument& document, const std::string& pointer) {
    const std::string key = kind + ":" + id;
    const auto [place, is_new] = places.emplace(key, document.message(pointer, ""));
    if (is_new) return true;
    mistake(document.message(pointer, kind + " '" + id + "' was said before: " + place->second));
    return false;
}

void ContentBuilder::State::mistake_at(const std::string& kind, const std::string& id,
                                       const std::string& what) {
    mistake(places[kind + ":" + id] + what);
}

ContentBuilder::ContentBuilder(SchemaSet schemas)
    : state_(std::make_unique<State>(std::move(schemas))) {}
ContentBuilder::~ContentBuilder() = default;
ContentBuilder::ContentBuilder(ContentBuilder&&) noexcept = default;

void ContentBuilder::add_yaml(const std::string& path, std::string_view text) {
    if (state_->canonical.size() == content_files_max) {
        return state_->mistake(path + ": more files than content may have");
    }
    Result<data::YamlDocument> document = data::parse_yaml(text, path);
    if (!document) return state_->mistake(document.error().message);
    const nlohmann::json& value = document->value;
    const std::string kind = value.is_object() && value.size() == 1 ? value.begin().key() : "";
    const Schema* schema = state_->schemas.find(kind);
    if (schema == nullptr) {
        return state_->mistake(
            document->message("", "needs exactly one of the keys " + state_->schemas.kinds()));
    }
    const std::vector<data::Problem> problems = schema->problems(value);
    for (const data::Problem& problem : problems) {
        state_->mistake(document->message(problem.pointer, problem.what));
    }
    if (!state_->canonical.emplace(path, value).second) {
        return state_->mistake(path + ": the same file twice");
    }
    if (!problems.empty()) return;
    for (Reference& mention : schema->references(value)) {
        std::string message = document->message(
            mention.pointer, "there is no " + mention.kind + " '" + mention.id + "'");
        state_->references.emplace_back(std::move(mention), std::move(message));
    }
    take_document(*state_, *document, kind);
}

void ContentBuilder::add_blocklist(const std::string& path, std::string_view text) {
    if (text.size() > blocklist_size_max || !is_utf8(text)) {
        return state_->mistake(path + ":1:1: must be UTF-8 of at most 4 MiB");
    }
    std::vector<std::string>& words = state_->content.password_blocklist;
    for (const std::string_view line : split(text, '\n')) {
        const std::string_view word = trim(line);
        if (!word.empty() && word.front() != '#') words.push_back(ascii_lower(word));
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    state_->canonical[path] = words;
}

Result<Content> ContentBuilder::finish() {
    check_whole(*state_);
    State& state = *state_;
    if (!state.mistakes.empty()) {
        std::string all;
        for (const std::string& line : state.mistakes) all += (all.empty() ? "" : "\n") + line;
        if (state.mistakes_left_out > 0) {
            all += "\nand " + std::to_string(state.mistakes_left_out) + " more";
        }
        state_ = std::make_unique<State>(state_->schemas);
        return fail(Errc::invalid, std::move(all));
    }
    state.content.version = crypto::sha256(view_of(data::canonical_json(state.canonical)));
    Content content = std::move(state.content);
    state_ = std::make_unique<State>(state_->schemas);
    return content;
}

std::string render(const Content& content, const std::string& key, bool japanese,
                   const std::map<std::string, std::string>& values) {
    const auto found = content.texts.find(key);
    if (found == content.texts.end()) return key;
    const std::string& sentence = japanese ? found->second.ja : found->second.en;
    std::string out;
    std::size_t at = 0;
    while (at < sentence.size()) {
        const std::size_t open = sentence.find('{', at);
        const std::size_t close = open == std::string::npos ? open : sentence.find('}', open);
        if (close == std::string::npos) break;
        out.append(sentence, at, open - at);
        const auto value = values.find(sentence.substr(open + 1, close - open - 1));
        if (value != values.end()) {
            out += value->second;
        } else {
            out.append(sentence, open, close + 1 - open);
        }
        at = close + 1;
    }
    return out.append(sentence, at);
}

}  // namespace daicho::register_
