#include "app/node/services/display.hpp"

#include <algorithm>

#include "app/api/reply.hpp"
#include "base/text.hpp"
#include "ledger/intake.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

struct Range {
    std::size_t from = 0;
    std::size_t to = 0;
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Where the words lie; overlapping ranges are joined.
std::vector<Range> matches_in(std::string_view text, const std::vector<ledger::search::Term>& terms,
                              bool ignore_case) {
    std::vector<Range> found;
    for (const ledger::search::Term& term : terms) {
        if (term.bytes.empty()) continue;
        const auto same = [ignore_case](char a, char b) {
            return ignore_case ? lower(a) == lower(b) : a == b;
        };
        auto at = text.begin();
        while (true) {
            at = std::search(at, text.end(), term.bytes.begin(), term.bytes.end(), same);
            if (at == text.end()) break;
            const auto from = static_cast<std::size_t>(at - text.begin());
            found.push_back({from, from + term.bytes.size()});
            at += static_cast<std::ptrdiff_t>(term.bytes.size());
        }
    }
    std::sort(found.begin(), found.end(),
              [](const Range& a, const Range& b) { return a.from < b.from; });
    std::vector<Range> joined;
    for (const Range& range : found) {
        if (!joined.empty() && range.from <= joined.back().to) {
            joined.back().to = std::max(joined.back().to, range.to);
        } else {
            joined.push_back(range);
        }
    }
    return joined;
}

/// Splits where safe_display changes something: most lines are one run.
void add_parts(json& out, std::string_view text, const char* kind) {
    std::size_t plain_from = 0;
    std::size_t at = 0;
    const auto flush = [&](std::size_t to) {
        if (to > plain_from) {
            out.push_back(
                {{"kind", kind}, {"text", std::string(text.substr(plain_from, to - plain_from))}});
        }
    };
    while (at < text.size()) {
        std::size_t length = 1;
        while (at + length < text.size() &&
               (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80 && length < 4)
            ++length;
        const std::string_view one = text.substr(at, length);
        const std::string shown = safe_display(one);
        if (shown != one) {
            flush(at);
            out.push_back({{"kind", "escaped"}, {"text", shown}});
            plain_from = at + length;
        }
        at += length;
    }
    flush(text.size());
}

std::string printed(std::string_view text) {
    return safe_display(text);
}

}  // namespace

json display_of(ByteView raw, const std::vector<ledger::search::Term>& terms, bool ignore_case,
                std::size_t bytes_max) {
    std::string_view text = text_of(raw);
    if (text.size() > bytes_max) text = utf8_prefix(text, bytes_max);
    json out = json::array();
    std::size_t at = 0;
    for (const Range& range : matches_in(text, terms, ignore_case)) {
        add_parts(out, text.substr(at, range.from - at), "plain");
        add_parts(out, text.substr(range.from, range.to - range.from), "match");
        at = range.to;
    }
    add_parts(out, text.substr(at), "plain");
    return out;
}

json hex_lines(ByteView raw, std::size_t bytes_max) {
    constexpr std::size_t width = 16;
    json out = json::array();
    const ByteView shown = raw.first(std::min(raw.size(), bytes_max));
    for (std::size_t at = 0; at < shown.size(); at += width) {
        const ByteView line = shown.subspan(at, std::min(width, shown.size() - at));
        std::string text;
        for (const std::uint8_t byte : line)
            text.push_back(byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.');
        out.push_back({{"offset", at}, {"hex", to_hex(line)}, {"text", text}});
    }
    return out;
}

json fields_view(const ledger::search::Fields& fields) {
    namespace search = ledger::search;
    constexpr const char* categories[] = {
        "none",     "authentication", "session", "privilege",     "network", "web",
        "database", "audit",          "system",  "configuration", "evidence"};
    constexpr const char* actions[] = {"none",       "sign_in", "sign_out", "command", "connect",
                                       "disconnect", "request", "query",    "allow",   "deny",
                                       "start",      "stop",    "change",   "read",    "export",
                                       "error",      "other"};
    constexpr const char* outcomes[] = {"unknown", "success", "failure"};
    json out = json::object();
    if (fields.time_ns) out["time"] = api::time_text(*fields.time_ns);
    if (!fields.host.empty()) out["host"] = printed(fields.host);
    if (!fields.app.empty()) out["app"] = printed(fields.app);
    if (!fields.pid.empty()) out["pid"] = printed(fields.pid);
    if (fields.severity <= 7) out["severity"] = fields.severity;
    if (fields.category != search::Category::none)
        out["category"] = categories[static_cast<std::size_t>(fields.category)];
    if (fields.action != search::Action::none)
        out["action"] = actions[static_cast<std::size_t>(fields.action)];
    out["outcome"] = outcomes[static_cast<std::size_t>(fields.outcome)];
    if (!fields.user.empty()) out["user"] = printed(fields.user);
    if (fields.address) out["address"] = search::print_address(*fields.address);
    if (!fields.target_user.empty()) {
        out["target"] = printed(fields.target_user);
    } else if (fields.destination) {
        out["target"] = search::print_address(*fields.destination);
    }
    return out;
}

json flags_view(std::uint16_t flags) {
    namespace bit = ledger::event_flag;
    json out = json::array();
    const std::pair<std::uint16_t, const char*> names[] = {
        {bit::truncated, "truncated"},
        {bit::oversize, "oversize"},
        {bit::invalid_utf8, "invalid_utf8"},
        {bit::clock_skew, "clock_skew"},
        {bit::unregistered, "unregistered_source"},
        {bit::unauthenticated, "unauthenticated_source"}};
    for (const auto& [flag, name] : names) {
        if ((flags & flag) != 0) out.push_back(name);
    }
    return out;
}

}  // namespace daicho::app::node
