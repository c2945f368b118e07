#include "evidence/collect/parse/address.hpp"
#include "evidence/collect/parse/services.hpp"
#include "evidence/collect/parse/text.hpp"

namespace daicho::evidence::collect::parse {
namespace {

using ledger::search::Action;
using ledger::search::Category;
using ledger::search::Fields;
using ledger::search::Outcome;

/// The request up to the closing quote; Apache escapes a quote inside as \".
bool skip_quoted(Cursor& cursor) noexcept {
    if (!cursor.skip('"')) return false;
    std::string_view rest = cursor.rest();
    std::size_t at = 0;
    while (true) {
        const std::size_t quote = find(rest.substr(at), '"');
        if (quote == std::string_view::npos) return false;
        at += quote;
        std::size_t slashes = 0;
        while (slashes < at && rest[at - 1 - slashes] == '\\') ++slashes;
        ++at;
        if (slashes % 2 == 0) break;
    }
    cursor.advance(at);
    return true;
}

}  // namespace

bool web_access(std::string_view message, Fields& out) {
    Cursor cursor(message);
    const std::string_view first = cursor.word();
    auto from = address(first);
    std::string_view client_name = first;
    if (!from) {  // "www.example.jp:443 192.0.2.7 - - […", or a client by name
        Cursor ahead = cursor;
        const std::string_view second = ahead.word();
        from = address(second);
        if (from) {
            client_name = second;
            cursor = ahead;
        }
    }
    (void)cursor.word();  // RFC 1413 identity: nobody fills it
    const std::size_t bracket = find(cursor.rest(), '[');
    // A user name may hold blanks, but not without end.
    constexpr std::size_t user_size_max = 256;
    if (client_name.empty() || bracket == std::string_view::npos || bracket > user_size_max)
        return false;
    const std::string_view user = trim(cursor.rest().substr(0, bracket));
    cursor.advance(bracket + 1);
    const auto time = clf_time(cursor);
    if (!time || !cursor.skip("] ") || !skip_quoted(cursor) || !cursor.skip(' ')) return false;
    const auto status = whole_number(cursor.word());
    const auto bytes = whole_number(cursor.word());
    if (!out.time_ns) out.time_ns = *time;
    out.address = from;
    if (user != "-") out.user = user;
    out.category = Category::web;
    out.action = Action::request;
    if (status && *status >= 100 && *status <= 599) {
        out.status = static_cast<std::uint16_t>(*status);
        out.outcome = *status < 400 ? Outcome::success : Outcome::failure;
    }
    out.volume_bytes = bytes.value_or(0);
    return true;
}

bool web_error(std::string_view message, ZoneCache& zone, Fields& out) {
    Cursor cursor(message);
    if (!cursor.skip('[')) return false;
    const auto time = ctime_time(cursor, zone);
    if (!time || !cursor.skip("] [")) return false;
    if (!out.time_ns) out.time_ns = *time;
    std::string_view level = cursor.until(']');
    if (const std::size_t module = level.find(':'); module != std::string_view::npos)
        level = level.substr(module + 1);
    static constexpr std::string_view levels[] = {"emerg", "alert",  "crit", "error",
                                                  "warn",  "notice", "info", "debug"};
    for (std::uint8_t i = 0; i < 8; ++i) {
        if (level == levels[i]) out.severity = i;
    }
    out.category = Category::web;
    out.action = out.severity <= 3 ? Action::error : Action::other;
    if (out.severity <= 3) out.outcome = Outcome::failure;
    for (int i = 0; i < 2; ++i) {  // [pid 12:tid 34] [client 192.0.2.7:5555]
        if (!cursor.skip(" [")) break;
        const std::string_view part = cursor.until(']');
        if (!part.starts_with("client ")) continue;
        const std::string_view who = part.substr(7);
        out.address = address(who);
        if (const std::size_t colon = who.rfind(':');
            !out.address && colon != std::string_view::npos) {
            out.address = address(who.substr(0, colon));
            if (out.address) out.port = port_number(who.substr(colon + 1));
        }
    }
    out.message = trim(cursor.rest());
    return true;
}

}  // namespace daicho::evidence::collect::parse
