#include "evidence/collect/parse/header.hpp"

namespace daicho::evidence::collect::parse {
namespace {

/// "<" 1-3 digits ">" with a value in range. Leading zeros are let pass: devices write them.
bool priority(Cursor& cursor, Header& out) noexcept {
    Cursor ahead = cursor;
    unsigned value = 0;
    if (!ahead.skip('<') || !ahead.number(3, value) || !ahead.skip('>') || value > priority_max)
        return false;
    out.facility = static_cast<std::uint8_t>(value >> 3);
    out.severity = static_cast<std::uint8_t>(value & 7);
    cursor = ahead;
    return true;
}

std::string_view nil_to_empty(std::string_view field) noexcept {
    return field == "-" ? std::string_view{} : field;
}

/// The value of a parameter up to its closing quote; false if there is none.
bool quoted(Cursor& cursor, SdParam& out) noexcept {
    const std::string_view rest = cursor.rest();
    std::size_t at = 0;
    while (at < rest.size() && rest[at] != '"') {
        if (rest[at] == '\\') {
            out.escaped = true;
            ++at;
        }
        ++at;
    }
    if (at >= rest.size()) return false;
    out.value = rest.substr(0, at);
    cursor.advance(at + 1);
    return true;
}

/// [id name="value" …] repeated. On a mistake the cursor stays and `params` is emptied.
bool structured_data(Cursor& cursor, SdParams& params) noexcept {
    Cursor ahead = cursor;
    while (ahead.skip('[')) {
        std::string_view rest = ahead.rest();
        std::size_t size = 0;
        while (size < rest.size() && rest[size] != ' ' && rest[size] != ']' && rest[size] != '"' &&
               rest[size] != '=') {
            ++size;
        }
        const std::string_view id = rest.substr(0, size);
        ahead.advance(size);
        while (!id.empty() && ahead.skip(' ')) {
            ahead.skip_all(' ');
            if (ahead.peek() == ']') break;
            SdParam param;
            param.element = id;
            param.name = ahead.word('=');
            if (!ahead.skip('"') || !quoted(ahead, param)) {
                params.count = 0;
                return false;
            }
            if (params.count < sd_params_max) params.items[params.count++] = param;
        }
        if (id.empty() || !ahead.skip(']')) {
            params.count = 0;
            return false;
        }
    }
    cursor = ahead;
    return true;
}

/// TAG: up to a colon, "[pid]" or a blank. Old PAM and systemd write brackets and parentheses into
/// it.
void tag(Cursor& cursor, Header& out) noexcept {
    constexpr std::size_t tag_max = 64;  // RFC 3164 says 32; container names are longer
    const std::string_view rest = cursor.rest();
    std::size_t at = 0;
    while (at < rest.size() && at < tag_max && rest[at] != ':' && rest[at] != '[' &&
           rest[at] != ' ')
        ++at;
    if (at == 0 || at == tag_max || at == rest.size()) return;
    if (rest[at] == '[') {
        const std::size_t close = find(rest.substr(at, tag_max), ']');
        if (close == std::string_view::npos) return;
        const std::size_t after = at + close + 1;
        out.app = rest.substr(0, at);
        out.pid = rest.substr(at + 1, close - 1);
        cursor.advance(after);
        (void)cursor.skip(':');
    } else if (rest[at] == ':') {
        out.app = rest.substr(0, at);
        cursor.advance(at + 1);
    } else {
        return;  // a blank: no tag, unless the next rule of the caller makes it a host
    }
    (void)cursor.skip(' ');
}

/// What ends the tag of "name[pid]:" or "name:"? Then it is no host name.
bool looks_like_tag(std::string_view word) noexcept {
    return !word.empty() && (word.back() == ':' || (word.back() == ']' && contains(word, "[")));
}

bool any_time(Cursor& cursor, WallNs received_ns, ZoneCache& zone, Header& out) {
    const char first = cursor.peek();
    if (is_digit(first)) {
        out.time_ns = iso_time(cursor, &zone);
    } else {
        out.time_ns = bsd_time(cursor, received_ns, zone);
    }
    return out.time_ns.has_value();
}

/// Network devices: "123: ", "000123: " and "host: " may stand before the time.
void sequence_number(Cursor& cursor) noexcept {
    Cursor ahead = cursor;
    unsigned number = 0;
    if (ahead.number(9, number) && ahead.skip(": ")) {
        ahead.skip_all(' ');
        cursor = ahead;
    }
}

}  // namespace

bool syslog_5424(std::string_view line, Header& out, SdParams& params) {
    params.count = 0;
    Cursor cursor(line);
    if (!priority(cursor, out) || !cursor.skip("1 ")) return false;
    if (!cursor.skip("- ")) {
        out.time_ns = iso_time(cursor, nullptr);
        if (!out.time_ns) {
            // Six fields must follow or it is not this format; a time of another form is only a
            // time not understood.
            (void)cursor.word();
        } else if (!cursor.skip(' ')) {
            return false;
        }
    }
    out.host = nil_to_empty(cursor.word());
    out.app = nil_to_empty(cursor.word());
    out.pid = nil_to_empty(cursor.word());
    if (cursor.empty()) return false;
    out.message_id = nil_to_empty(cursor.word());
    out.structured = {};
    if (cursor.skip('-')) {
        // NILVALUE
    } else if (cursor.peek() == '[') {
        const char* const from = cursor.at();
        if (structured_data(cursor, params)) {
            out.structured = {from, static_cast<std::size_t>(cursor.at() - from)};
        }
    }
    (void)cursor.skip(' ');
    (void)cursor.skip("\xEF\xBB\xBF");  // section 6.4: a BOM says that the message is UTF-8
    // rsyslog's own RFC 5424 template keeps the blank that stood between tag and text.
    cursor.skip_all(' ');
    out.message = cursor.rest();
    return true;
}

bool syslog_3164(std::string_view line, WallNs received_ns, ZoneCache& zone, Header& out) {
    Cursor cursor(line);
    const bool has_priority = priority(cursor, out);
    if (has_priority) {
        cursor.skip_all(' ');
        sequence_number(cursor);
    }
    bool has_time = any_time(cursor, received_ns, zone, out);
    if (!has_time && has_priority) {  // "host: *Mar  1 …" or "host Mar 1 …"
        Cursor ahead = cursor;
        std::string_view word = ahead.word();
        if (!word.empty() && word.back() == ':') word.remove_suffix(1);
        if (any_time(ahead, received_ns, zone, out)) {
            has_time = true;
            out.host = word;
            cursor = ahead;
        }
    }
    if (!has_time && !has_priority) return false;
    if (has_time &&
        cursor.skip(": ")) {  // a network device: no host, the facility mnemonic is the tag
        cursor.skip_all(' ');
    } else if (has_time) {
        cursor.skip_all(' ');
        Cursor ahead = cursor;
        const std::string_view word = ahead.word();
        if (out.host.empty() && !looks_like_tag(word) && !word.empty()) {
            out.host = word;
            cursor = ahead;
            cursor.skip_all(' ');
        }
    }
    tag(cursor, out);
    out.message = cursor.rest();
    return true;
}

std::optional<WallNs> quick_time(std::string_view line, WallNs received_ns, ZoneCache& zone) {
    Cursor cursor(line);
    Header ignored;
    if (priority(cursor, ignored) && cursor.skip("1 ")) return iso_time(cursor, nullptr);
    sequence_number(cursor);
    (void)any_time(cursor, received_ns, zone, ignored);
    return ignored.time_ns;
}

std::string_view unescape_sd(std::string_view value, std::span<char> out) noexcept {
    std::size_t size = 0;
    for (std::size_t i = 0; i < value.size() && size < out.size(); ++i) {
        // Section 6.3.3: before another character the backslash is itself.
        if (value[i] == '\\' && i + 1 < value.size() &&
            (value[i + 1] == '"' || value[i + 1] == '\\' || value[i + 1] == ']')) {
            ++i;
        }
        out[size++] = value[i];
    }
    return {out.data(), size};
}

}  // namespace daicho::evidence::collect::parse
