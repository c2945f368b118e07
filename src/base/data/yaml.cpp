#include "base/data/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <charconv>
#include <istream>
#include <optional>
#include <streambuf>

#include "base/fault.hpp"
#include "base/text.hpp"

namespace daicho::data {
namespace {

using nlohmann::json;

/// Thrown through the library's parser to stop it; caught in parse_yaml.
struct Refusal {
    Errc code;
    YAML::Mark mark;
    std::string pointer;
    std::string what;
};

/// Lets the library read `text` without copying it.
class ViewBuffer final : public std::streambuf {
public:
    explicit ViewBuffer(std::string_view text) {
        char* const begin = const_cast<char*>(text.data());  // only read from
        setg(begin, begin, begin + text.size());
    }
};

std::optional<std::int64_t> integer_of(const std::string& text) {
    const std::string_view digits = text.starts_with('-') ? std::string_view(text).substr(1) : text;
    const bool leading_zero = digits.size() > 1 && digits.front() == '0';
    if (digits.empty() || leading_zero || text == "-0" ||
        digits.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

json plain_scalar(const std::string& text) {
    if (text == "true") return true;
    if (text == "false") return false;
    if (text.empty() || text == "~" || text == "null") return nullptr;
    if (const auto integer = integer_of(text)) return *integer;
    return text;
}

/// Builds the value from the library's events: linear in the text, and no graph in which aliases
/// could multiply.
class Builder final : public YAML::EventHandler {
public:
    Builder(YamlDocument& out, const YamlLimits& limits) : out_(out), limits_(limits) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_anchor(mark); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (anchor != 0) refuse_anchor(mark);
        if (wants_key()) stop(Errc::invalid, mark, "a key must be text");
        put(mark, nullptr);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        check_tag(mark, tag, anchor);
        if (tag == "!") last_quoted_ = mark;
        if (wants_key()) return take_key(mark, value);
        put(mark, tag == "?" || tag.empty() ? plain_scalar(value) : json(value));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        start(mark, tag, anchor, json::array());
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        start(mark, tag, anchor, json::object());
    }
    void OnMapEnd() override { end(); }

    /// The library takes the end of the file for a missing closing quote; only the last scalar can
    /// lack it.
    void refuse_open_quote(std::string_view text) const {
        const auto at = static_cast<std::size_t>(last_quoted_.pos);
        if (last_quoted_.is_null() || at >= text.size()) return;
        const char quote = text[at];
        if (quote != '"' && quote != '\'') return;  // block text
        for (std::size_t i = at + 1; i < text.size(); ++i) {
            const bool escaped =
                (quote == '"' && text[i] == '\\') || (quote == '\'' && text.substr(i, 2) == "''");
            if (escaped) {
                ++i;
            } else if (text[i] == quote) {
                return;
            }
        }
        stop(Errc::invalid, last_quoted_, "the quote is never closed");
    }

private:
    struct Level {
        json* value;
        std::string pointer;
        std::optional<std::string> key;  // waits for its value
    };

    [[noreturn]] void stop(Errc code, const YAML::Mark& mark, std::string what) const {
        throw Refusal{code, mark, levels_.empty() ? std::string() : next_pointer(),
                      std::move(what)};
    }
    [[noreturn]] void refuse_anchor(const YAML::Mark& mark) const {
        stop(Errc::invalid, mark, "anchors and aliases are not allowed: write it out");
    }
    void check_tag(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
        if (anchor != 0) refuse_anchor(mark);
        if (!tag.empty() && tag != "?" && tag != "!") {
            stop(Errc::invalid, mark, "tags are not allowed");
        }
    }
    [[nodiscard]] bool wants_key() const {
        return !levels_.empty() && levels_.back().value->is_object() && !levels_.back().key;
    }
    /// Of the value that comes next (or of the map itself while a key is awaited).
    [[nodiscard]] std::string next_pointer() const {
        const Level& level = levels_.back();
        if (level.value->is_array())
            return level.pointer + "/" + std::to_string(level.value->size());
        return level.key ? level.pointer + "/" + pointer_token(*level.key) : level.pointer;
    }
    void take_key(const YAML::Mark& mark, const std::string& key) {
        Level& level = levels_.back();
        if (key == "<<") stop(Errc::invalid, mark, "merge keys are not allowed: write it out");
        if (level.value->contains(key)) {
            level.key = key;
            stop(Errc::invalid, mark, "this key is there twice");
        }
        level.key = key;
    }
    json* put(const YAML::Mark& mark, json value) {
        if (++values_ > limits_.values_max) {
            stop(Errc::too_large, mark, "more values than are allowed");
        }
        const std::string pointer = levels_.empty() ? std::string() : next_pointer();
        out_.places[pointer] = {mark.line + 1, mark.column + 1};
        if (levels_.empty()) return &(out_.value = std::move(value));
        Level& level = levels_.back();
        if (level.value->is_array()) {
            level.value->push_back(std::move(value));
            return &level.value->back();
        }
        json* const here = &((*level.value)[*level.key] = std::move(value));
        level.key.reset();
        return here;
    }
    void start(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, json empty) {
        check_tag(mark, tag, anchor);
        if (wants_key()) stop(Errc::invalid, mark, "a key must be text");
        if (levels_.size() >= static_cast<std::size_t>(limits_.depth_max)) {
            stop(Errc::too_large, mark, "nested deeper than is allowed");
        }
        std::string pointer = levels_.empty() ? std::string() : next_pointer();
        json* const here = put(mark, std::move(empty));
        levels_.push_back({here, std::move(pointer), std::nullopt});
    }
    void end() { levels_.pop_back(); }

    YamlDocument& out_;
    const YamlLimits& limits_;
    std::vector<Level> levels_;
    std::size_t values_ = 0;
    YAML::Mark last_quoted_ = YAML::Mark::null_mark();
};

std::string worded(std::string_view file, int line, int column, std::string_view pointer,
                   std::string_view what) {
    std::string out(file);
    out += ":" + std::to_string(line) + ":" + std::to_string(column) + ": ";
    out += safe_display(pointer.empty() ? "(document)" : pointer);
    out += ": ";
    out += what;
    return out;
}

/// The line of the first byte that is not UTF-8.
int line_of_bad_byte(std::string_view text) {
    int line = 1;
    for (const std::string_view part : split(text, '\n')) {
        if (!is_utf8(part)) return line;
        ++line;
    }
    return line;
}

/// The parser reads a NUL as the end of the file; what follows would go unseen.
Status check_bytes(std::string_view text, std::string_view file, const YamlLimits& limits) {
    if (text.size() > limits.bytes_max) {
        return fail(Errc::too_large, worded(file, 1, 1, "", "larger than is allowed"));
    }
    if (!is_utf8(text)) {
        return fail(Errc::invalid, worded(file, line_of_bad_byte(text), 1, "", "not UTF-8"));
    }
    for (const char c : text) {
        const bool allowed =
            static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
        if (!allowed)
            return fail(Errc::invalid, worded(file, 1, 1, "", "holds a control character"));
    }
    return {};
}

}  // namespace

std::string pointer_token(std::string_view key) {
    std::string out;
    for (const char c : key) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out.push_back(c);
        }
    }
    return out;
}

std::string YamlDocument::message(std::string_view pointer, std::string_view what) const {
    std::string_view nearest = pointer;
    auto found = places.find(std::string(nearest));
    while (found == places.end() && !nearest.empty()) {
        nearest = nearest.substr(0, nearest.find_last_of('/'));
        found = places.find(std::string(nearest));
    }
    const Place place = found == places.end() ? Place{1, 1} : found->second;
    return worded(file, place.line, place.column, pointer, what);
}

Result<YamlDocument> parse_yaml(std::string_view text, std::string_view file,
                                const YamlLimits& limits) {
    const Status readable = check_bytes(text, file, limits);
    if (!readable) return fail(readable.error());
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // what Windows' editors put there
    YamlDocument out;
    out.file = std::string(file);
    try {
        ViewBuffer buffer(text);
        std::istream stream(&buffer);
        YAML::Parser parser(stream);
        Builder builder(out, limits);
        if (!parser.HandleNextDocument(builder)) {
            return fail(Errc::invalid, worded(file, 1, 1, "", "holds no document"));
        }
        builder.refuse_open_quote(text);
        YamlDocument second;
        Builder rest(second, limits);
        if (parser.HandleNextDocument(rest)) {
            return fail(Errc::invalid, worded(file, 1, 1, "", "holds more than one document"));
        }
    } catch (const Refusal& refusal) {
        return fail(refusal.code, worded(file, refusal.mark.line + 1, refusal.mark.column + 1,
                                         refusal.pointer, refusal.what));
    } catch (const YAML::Exception& error) {
        return fail(Errc::invalid, worded(file, error.mark.line + 1, error.mark.column + 1, "",
                                          "not YAML: " + safe_display(error.msg)));
    }
    return out;
}

Result<YamlDocument> load_yaml(Files& files, const std::string& path, const YamlLimits& limits) {
    if (!files.exists(path)) return fail(Errc::not_found, path + ": no such file");
    const auto file = files.open(path, Files::Mode::read);
    if (file->size() > limits.bytes_max) {
        return fail(Errc::too_large, worded(path, 1, 1, "", "larger than is allowed"));
    }
    const Bytes bytes = file->read_at(0, limits.bytes_max);
    return parse_yaml(text_of(bytes), path, limits);
}

}  // namespace daicho::data
