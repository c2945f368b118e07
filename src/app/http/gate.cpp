#include "app/http/gate.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/http/limits.hpp"
#include "base/text.hpp"

namespace daicho::app::http {
namespace {

using Refusal = tl::unexpected<Refused>;

Refusal no(int status, std::string_view why) {
    return Refusal(Refused{status, why});
}

bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// RFC 9110, 5.6.2.
bool is_token_char(char c) {
    return is_alpha(c) || is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_char);
}

/// VCHAR, SP and HTAB (RFC 9110, 5.5); obs-text is refused: no client of ours has a need for it.
bool is_value_char(char c) {
    return (c >= 0x20 && c <= 0x7e) || c == '\t';
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// pchar without "%" (RFC 3986, 3.3).
bool is_path_char(char c) {
    return is_alpha(c) || is_digit(c) ||
           std::string_view("-._~!$&'()*+,;=:@").find(c) != std::string_view::npos;
}

struct DecodeRules {
    bool plus_is_space = false;
    bool slash_allowed = false;
};

/// Percent-decodes; nullopt on a broken escape or a decoded control character, slash or backslash.
std::optional<std::string> decode(std::string_view text, DecodeRules rules) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '+' && rules.plus_is_space) {
            c = ' ';
        } else if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_value(text[i + 1]);
            const int low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 0x20 || byte == 0x7f) return std::nullopt;
            if (!rules.slash_allowed && (c == '/' || c == '\\')) return std::nullopt;
        }
        out.push_back(c);
    }
    if (!is_utf8(out)) return std::nullopt;
    return out;
}

tl::expected<std::string, Refused> check_path(std::string_view raw) {
    std::string path;
    std::string_view rest = raw.substr(1);
    while (true) {
        const std::size_t slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        for (const char c : segment) {
            if (c != '%' && !is_path_char(c)) return no(400, "character not allowed in the path");
        }
        const std::optional<std::string> plain = decode(segment, {});
        if (!plain) return no(400, "bad escape in the path");
        if (*plain == "." || *plain == "..") return no(400, "dot segment in the path");
        const bool last = slash == std::string_view::npos;
        if (plain->empty() && !last) return no(400, "empty segment in the path");
        path += '/';
        path += *plain;
        if (last) return path;
        rest.remove_prefix(slash + 1);
    }
}

tl::expected<std::vector<Pair>, Refused> check_query(std::string_view raw) {
    std::vector<Pair> pairs;
    if (raw.empty()) return pairs;
    for (const char c : raw) {
        if (c != '%' && c != '/' && c != '?' && !is_path_char(c)) {
            return no(400, "character not allowed in the query");
        }
    }
    for (const std::string_view part : split(raw, '&')) {
        if (pairs.size() == query_pairs_max) return no(414, "too many query parameters");
        const std::size_t equals = part.find('=');
        const DecodeRules rules{.plus_is_space = true, .slash_allowed = true};
        std::optional<std::string> name = decode(part.substr(0, equals), rules);
        std::optional<std::string> value = decode(
            equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1), rules);
        if (!name || !value) return no(400, "bad escape in the query");
        const bool repeated =
            std::ranges::any_of(pairs, [&](const Pair& pair) { return pair.first == *name; });
        if (repeated) return no(400, "query parameter given twice");
        pairs.emplace_back(std::move(*name), std::move(*value));
    }
    return pairs;
}

struct RequestLine {
    Method method = Method::get;
    std::string_view target;
    bool version_11 = true;
};

tl::expected<RequestLine, Refused> check_request_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    if (first == std::string_view::npos) return no(400, "malformed request line");
    const std::size_t second = line.find(' ', first + 1);
    if (second == std::string_view::npos || line.find(' ', second + 1) != std::string_view::npos) {
        return no(400, "malformed request line");
    }
    RequestLine out;
    const std::string_view method = line.substr(0, first);
    if (!is_token(method)) return no(400, "malformed method");
    static constexpr std::array known{Method::get,   Method::head, Method::post,   Method::put,
                                      Method::patch, Method::del,  Method::options};
    const auto found = std::ranges::find(known, method, [](Method m) { return name_of(m); });
    if (found == known.end()) return no(501, "method not known");
    out.method = *found;
    out.target = line.substr(first + 1, second - first - 1);
    if (out.target.size() > target_size_max) return no(414, "target too long");
    const std::string_view version = line.substr(second + 1);
    if (version == "HTTP/1.0") {
        out.version_11 = false;
    } else if (version != "HTTP/1.1") {
        return no(version.starts_with("HTTP/") ? 505 : 400, "version not supported");
    }
    return out;
}

/// Headers that mean one thing; a second one could be read differently by whoever stands between.
bool is_singular(std::string_view name) {
    static constexpr std::array<std::string_view, 14> names{
        "host",          "content-length", "transfer-encoding", "content-type",  "content-encoding",
        "cookie",        "origin",         "referer",           "authorization", "x-daicho-csrf",
        "x-daicho-poll", "sec-fetch-site", "sec-fetch-mode",    "expect"};
    return std::ranges::find(names, name) != names.end();
}

tl::expected<Field, Refused> check_field(std::string_view line) {
    if (line.front() == ' ' || line.front() == '\t') return no(400, "folded header line");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return no(400, "header line without colon");
    const std::string_view name = line.substr(0, colon);
    if (!is_token(name)) return no(400, "malformed header name");
    if (name.size() > field_name_size_max) return no(431, "header name too long");
    const std::string_view value = trim(line.substr(colon + 1));
    return Field{ascii_lower(name), std::string(value)};
}

/// Name without port, lower case; nullopt when it is no authority.
std::optional<std::string> host_name(std::string_view authority) {
    std::size_t end = authority.size();
    if (authority.starts_with('[')) {
        end = authority.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        ++end;
    } else {
        end = std::min(authority.find(':'), authority.size());
    }
    const std::string_view port = authority.substr(end);
    const bool port_ok = port.empty() || (port.size() >= 2 && port.size() <= 6 && port[0] == ':' &&
                                          std::ranges::all_of(port.substr(1), is_digit));
    if (!port_ok || end == 0) return std::nullopt;
    return ascii_lower(authority.substr(0, end));
}

tl::expected<std::uint64_t, Refused> check_length(std::string_view text) {
    std::uint64_t length = 0;
    const bool digits = !text.empty() && std::ranges::all_of(text, is_digit);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (!digits || error != std::errc()) return no(400, "malformed Content-Length");
    if (length > body_size_max) return no(413, "body too large");
    return length;
}

tl::expected<void, Refused> check_framing(Head& head) {
    for (const Field& field : head.fields) {
        if (field.name == "content-length") {
            const tl::expected<std::uint64_t, Refused> length = check_length(field.value);
            if (!length) return Refusal(length.error());
            head.content_length = *length;
        } else if (field.name == "transfer-encoding") {
            if (field.value != "chunked") return no(400, "transfer coding other than chunked");
            if (!head.version_11) return no(400, "chunked on HTTP/1.0");
            head.chunked = true;
        } else if (field.name == "expect") {
            if (!equal_ignoring_case(field.value, "100-continue"))
                return no(417, "unknown expectation");
            head.expects_continue = head.version_11;
        } else if (field.name == "connection") {
            for (const std::string_view token : split(field.value, ',')) {
                if (equal_ignoring_case(trim(token), "close")) head.keep_alive = false;
            }
        }
    }
    if (head.chunked && head.content_length)
        return no(400, "Content-Length with Transfer-Encoding");
    const bool body = head.chunked || head.content_length.value_or(0) > 0;
    const bool bodiless = is_safe(head.method) || head.method == Method::del;
    if (body && bodiless) return no(400, "method does not take a body");
    return {};
}

/// Origin-form from whatever form the target has; the absolute form must name the same host (RFC
/// 9112, 3.2.2).
tl::expected<std::string_view, Refused> origin_form(std::string_view target,
                                                    std::string_view host) {
    if (target.starts_with('/')) return target;
    static constexpr std::string_view scheme = "https://";
    if (!target.starts_with(scheme)) return no(400, "target form not supported");
    target.remove_prefix(scheme.size());
    const std::size_t slash = target.find('/');
    if (slash == std::string_view::npos) return no(400, "target without path");
    if (!equal_ignoring_case(target.substr(0, slash), host))
        return no(400, "target names another host");
    return target.substr(slash);
}

tl::expected<void, Refused> read_fields(std::string_view rest, Head& head) {
    while (!rest.empty()) {
        const std::size_t end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, end);
        if (line.empty()) {
            if (end + 2 != rest.size()) return no(400, "bytes after the head");
            return {};
        }
        if (line.size() > line_size_max) return no(431, "header line too long");
        if (head.fields.size() == field_count_max) return no(431, "too many headers");
        tl::expected<Field, Refused> field = check_field(line);
        if (!field) return Refusal(field.error());
        const auto same = [&](const Field& other) { return other.name == field->name; };
        if (is_singular(field->name) && std::ranges::any_of(head.fields, same)) {
            return no(400, "header given twice");
        }
        head.fields.push_back(std::move(*field));
        rest.remove_prefix(end + 2);
    }
    return no(400, "head not ended");
}

tl::expected<void, Refused> check_host(Head& head, const HostNames& hosts) {
    const auto found = std::ranges::find(head.fields, "host", &Field::name);
    if (found == head.fields.end()) return no(400, "no Host");
    head.host = found->value;
    const std::optional<std::string> name = host_name(head.host);
    if (!name) return no(400, "malformed Host");
    if (std::ranges::find(hosts, *name) == hosts.end()) return no(421, "not a name of this server");
    return {};
}

}  // namespace

tl::expected<std::size_t, Refused> find_head_end(std::string_view bytes, std::size_t seen) {
    const std::size_t start = seen > 3 ? seen - 3 : 0;
    const std::size_t end = bytes.find("\r\n\r\n", start);
    const std::size_t until = end == std::string_view::npos ? bytes.size() : end + 4;
    if (until > head_size_max) return no(431, "head too large");
    for (std::size_t i = seen; i < until; ++i) {
        const char c = bytes[i];
        if (c == '\n' ? (i == 0 || bytes[i - 1] != '\r') : (c != '\r' && !is_value_char(c))) {
            return no(400, "byte not allowed in the head");
        }
        if (i > 0 && bytes[i - 1] == '\r' && c != '\n') return no(400, "CR without LF");
    }
    return end == std::string_view::npos ? 0 : until;
}

tl::expected<Target, Refused> check_target(std::string_view target) {
    if (target.size() > target_size_max) return no(414, "target too long");
    if (!target.starts_with('/')) return no(400, "target form not supported");
    const std::size_t mark = target.find('?');
    tl::expected<std::string, Refused> path = check_path(target.substr(0, mark));
    if (!path) return Refusal(path.error());
    tl::expected<std::vector<Pair>, Refused> query =
        check_query(mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1));
    if (!query) return Refusal(query.error());
    return Target{std::move(*path), std::move(*query)};
}

tl::expected<Head, Refused> check_head(std::string_view bytes, const HostNames& hosts) {
    const tl::expected<std::size_t, Refused> end = find_head_end(bytes, 0);
    if (!end) return Refusal(end.error());
    if (*end == 0 || *end != bytes.size()) return no(400, "head not ended");
    const std::size_t first = bytes.find("\r\n");
    if (first > line_size_max) return no(414, "request line too long");
    const tl::expected<RequestLine, Refused> line = check_request_line(bytes.substr(0, first));
    if (!line) return Refusal(line.error());

    Head head;
    head.method = line->method;
    head.target = line->target;
    head.version_11 = line->version_11;
    head.keep_alive = line->version_11;
    const tl::expected<void, Refused> fields = read_fields(bytes.substr(first + 2), head);
    if (!fields) return Refusal(fields.error());
    const tl::expected<void, Refused> host = check_host(head, hosts);
    if (!host) return Refusal(host.error());
    const tl::expected<void, Refused> framing = check_framing(head);
    if (!framing) return Refusal(framing.error());
    const tl::expected<std::string_view, Refused> origin = origin_form(line->target, head.host);
    if (!origin) return Refusal(origin.error());
    tl::expected<Target, Refused> target = check_target(*origin);
    if (!target) return Refusal(target.error());
    head.path = std::move(target->path);
    head.query = std::move(target->query);
    return head;
}

}  // namespace daicho::app::http
