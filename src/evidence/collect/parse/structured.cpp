#include "evidence/collect/parse/structured.hpp"

#include <array>

#include "evidence/collect/parse/roles.hpp"

namespace daicho::evidence::collect::parse {
namespace {

using ledger::search::Category;
using ledger::search::Fields;
using ledger::search::Outcome;

constexpr bool is_name(char c) noexcept {
    return is_alpha(c) || is_digit(c) || c == '_' || c == '.' || c == '-' || c == '@';
}

}  // namespace

bool KeyValues::next(std::string_view& key, std::string_view& value) noexcept {
    while (!cursor_.empty() && seen_ < pairs_max) {
        const std::string_view rest = cursor_.rest();
        const std::size_t equals = find(rest, '=');
        if (equals == std::string_view::npos) return false;
        std::size_t from = equals;
        while (from > 0 && is_name(rest[from - 1])) --from;
        key = rest.substr(from, equals - from);
        cursor_.advance(equals + 1);
        if (key.empty()) continue;
        ++seen_;
        const char quote = cursor_.peek();
        if (quote == '"' || quote == '\'') {
            cursor_.advance(1);
            const std::string_view text = cursor_.rest();
            std::size_t at = 0;
            while (at < text.size() && text[at] != quote)
                at += text[at] == '\\' && at + 1 < text.size() ? 2U : 1U;
            if (at > text.size()) at = text.size();
            value = text.substr(0, at);
            cursor_.advance(at + 1);
            return true;
        }
        const std::string_view text = cursor_.rest();
        std::size_t at = 0;
        while (at < text.size() && text[at] != ' ' && text[at] != ',' && text[at] != ';' &&
               text[at] != '\t' && text[at] != ')' && text[at] != ']') {
            ++at;
        }
        value = text.substr(0, at);
        cursor_.advance(at);
        return true;
    }
    return false;
}

bool structured_data(const SdParams& params, std::string_view message_id, Scratch& scratch,
                     Fields& out) {
    bool known = false;
    std::string_view event_id = message_id;
    for (const SdParam& param : params.all()) {
        if (param.element == "timeQuality" || param.element == "origin" ||
            param.element == "meta") {
            continue;  // RFC 5424 section 7: about the sender's clock and software, not about the
                       // event
        }
        const Role role = role_of(param.name);
        if (role == Role::none) continue;
        std::string_view value = param.value;
        if (param.escaped) {
            const std::span<char> room = scratch.room(value.size());
            if (!room.empty()) {
                value = unescape_sd(value, room);
                scratch.keep(value.size());
            }
        }
        if (role == Role::event_id) event_id = value;
        apply(role, value, out);
        known = true;
    }
    if (windows_event(event_id, out)) return true;
    return known;
}

bool key_values(std::string_view message, Fields& out) {
    KeyValues pairs(message);
    std::string_view key;
    std::string_view value;
    bool known = false;
    while (pairs.next(key, value)) {
        const Role role = role_of(key);
        if (role == Role::none) continue;
        apply(role, value, out);
        known = true;
    }
    return known;
}

namespace {

/// A forward-only reader of JSON that keeps the names of the objects it is in. Lenient where
/// strictness buys nothing: it derives fields, it doesn't validate.
class JsonWalk {
public:
    JsonWalk(std::string_view text, ZoneCache& zone, Scratch& scratch, Fields& out)
        : cursor_(text), zone_(zone), scratch_(scratch), out_(out) {}

    bool run() {
        if (!cursor_.skip('{')) return false;
        parents_[0] = {};
        depth_ = 1;
        is_object_[0] = true;
        while (depth_ > 0 && seen_ < pairs_max && step()) {
        }
        return known_;
    }

private:
    void skip_space() {
        while (cursor_.peek() == ' ' || cursor_.peek() == '\t' || cursor_.peek() == '\n' ||
               cursor_.peek() == '\r') {
            cursor_.advance(1);
        }
    }

    bool string(std::string_view& out, bool& escaped) {
        if (!cursor_.skip('"')) return false;
        const std::string_view rest = cursor_.rest();
        std::size_t at = 0;
        escaped = false;
        while (at < rest.size() && rest[at] != '"') {
            if (rest[at] == '\\') {
                escaped = true;
                ++at;
            }
            ++at;
        }
        if (at >= rest.size()) return false;
        out = rest.substr(0, at);
        cursor_.advance(at + 1);
        return true;
    }

    /// One member, or the end of an object or array. False: no JSON any more.
    bool step() {
        skip_space();
        if (cursor_.skip('}') || cursor_.skip(']')) {
            --depth_;
            return true;
        }
        if (cursor_.skip(',')) return true;
        std::string_view name;
        bool escaped = false;
        if (is_object_[depth_ - 1]) {
            if (!string(name, escaped)) return false;
            skip_space();
            if (!cursor_.skip(':')) return false;
            skip_space();
        }
        ++seen_;
        return value(name);
    }

    bool value(std::string_view name) {
        const bool opens_object = cursor_.peek() == '{';
        if (opens_object || cursor_.peek() == '[') {
            if (depth_ == json_depth_max) return false;
            cursor_.advance(1);
            parents_[depth_] = opens_object && !name.empty() ? name : parents_[depth_ - 1];
            is_object_[depth_] = opens_object;
            ++depth_;
            return true;
        }
        std::string_view text;
        bool escaped = false;
        if (cursor_.peek() == '"') {
            if (!string(text, escaped)) return false;
        } else {
            const std::string_view rest = cursor_.rest();
            std::size_t size = 0;
            while (size < rest.size() && rest[size] != ',' && rest[size] != '}' &&
                   rest[size] != ']' && rest[size] != ' ' && rest[size] != '\n' &&
                   rest[size] != '\r') {
                ++size;
            }
            if (size == 0) return false;
            text = rest.substr(0, size);
            cursor_.advance(size);
            if (text == "null") return true;
        }
        if (!name.empty()) use(name, text, escaped);
        return true;
    }

    void use(std::string_view name, std::string_view text, bool escaped) {
        const std::string_view parent = parents_[depth_ - 1];
        const Role role = parent.empty() ? role_of(name) : role_of(parent, name);
        if (role == Role::none) return;
        known_ = true;
        if (escaped) text = unescaped(text);
        if (role == Role::time) {
            Cursor time(text);
            if (!out_.time_ns) out_.time_ns = iso_time(time, &zone_);
        } else if (role == Role::message) {
            if (parent.empty() && !scratch_.owns(text)) out_.message = text;
        } else if (role == Role::event_id) {
            (void)windows_event(text, out_);
        } else {
            apply(role, text, out_);
        }
    }

    static unsigned utf16(std::string_view text, std::size_t at) {
        unsigned unit = 0;
        for (std::size_t i = at; i < at + 4; ++i) {
            const int digit = i < text.size() ? hex_value(text[i]) : -1;
            if (digit < 0) return 0xFFFD;
            unit = unit * 16 + static_cast<unsigned>(digit);
        }
        return unit;
    }

    static std::size_t put_utf8(unsigned point, std::span<char> out, std::size_t at) {
        const auto byte = [&](unsigned value) { out[at++] = static_cast<char>(value); };
        if (point < 0x80) {
            byte(point);
        } else if (point < 0x800) {
            byte(0xC0 | (point >> 6));
            byte(0x80 | (point & 0x3F));
        } else if (point < 0x10000) {
            byte(0xE0 | (point >> 12));
            byte(0x80 | ((point >> 6) & 0x3F));
            byte(0x80 | (point & 0x3F));
        } else {
            byte(0xF0 | (point >> 18));
            byte(0x80 | ((point >> 12) & 0x3F));
            byte(0x80 | ((point >> 6) & 0x3F));
            byte(0x80 | (point & 0x3F));
        }
        return at;
    }

    /// RFC 8259 section 7. Each escape is at least as long as what it stands for, so the text's
    /// length is room enough.
    std::string_view unescaped(std::string_view text) {
        const std::span<char> room = scratch_.room(text.size());
        if (room.empty()) return text;
        std::size_t size = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\' || i + 1 == text.size()) {
                room[size++] = text[i];
                continue;
            }
            const char kind = text[++i];
            static constexpr std::string_view from = "bfnrt";
            static constexpr std::string_view to = "\b\f\n\r\t";
            const std::size_t index = find(from, kind);
            if (index != std::string_view::npos) {
                room[size++] = to[index];
            } else if (kind != 'u' || i + 4 >= text.size()) {
                room[size++] = kind;
            } else {
                unsigned point = utf16(text, i + 1);
                i += 4;
                if (point >= 0xD800 && point < 0xDC00 && i + 6 < text.size() &&
                    text[i + 1] == '\\' && text[i + 2] == 'u') {
                    const unsigned low = utf16(text, i + 3);
                    if (low >= 0xDC00 && low < 0xE000) {
                        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
                        i += 6;
                    }
                }
                if (point >= 0xD800 && point < 0xE000) point = 0xFFFD;
                size = put_utf8(point, room, size);
            }
        }
        scratch_.keep(size);
        return {room.data(), size};
    }

    Cursor cursor_;
    ZoneCache& zone_;
    Scratch& scratch_;
    Fields& out_;
    std::array<std::string_view, json_depth_max> parents_{};
    std::array<bool, json_depth_max> is_object_{};
    unsigned depth_ = 0;
    std::size_t seen_ = 0;
    bool known_ = false;
};

}  // namespace

bool json_object(std::string_view message, ZoneCache& zone, Scratch& scratch, Fields& out) {
    Cursor cursor(message);
    cursor.skip_all(' ');
    return JsonWalk(cursor.rest(), zone, scratch, out).run();
}

}  // namespace daicho::evidence::collect::parse
