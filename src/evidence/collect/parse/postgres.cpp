#include <array>

#include "evidence/collect/parse/address.hpp"
#include "evidence/collect/parse/services.hpp"
#include "evidence/collect/parse/text.hpp"

namespace daicho::evidence::collect::parse {
namespace {

using ledger::search::Action;
using ledger::search::Category;
using ledger::search::Fields;
using ledger::search::Outcome;

void set(Fields& out, Category category, Action action, Outcome outcome) {
    out.category = category;
    out.action = action;
    out.outcome = outcome;
}

struct Level {
    std::string_view name;
    std::uint8_t severity;
};
constexpr std::array<Level, 11> levels{{{"LOG:  ", 6},
                                        {"FATAL:  ", 2},
                                        {"ERROR:  ", 3},
                                        {"STATEMENT:  ", 6},
                                        {"DETAIL:  ", 6},
                                        {"WARNING:  ", 4},
                                        {"PANIC:  ", 0},
                                        {"HINT:  ", 6},
                                        {"NOTICE:  ", 5},
                                        {"CONTEXT:  ", 6},
                                        {"INFO:  ", 6}}};

/// The level's place; it stands at the front or after a blank.
const Level* level_of(std::string_view message, std::size_t& at) noexcept {
    constexpr std::size_t prefix_size_max = 512;
    const std::string_view head = message.substr(0, prefix_size_max);
    std::size_t from = 0;
    while (true) {
        const std::size_t colon = find(head.substr(from), ":  ");
        if (colon == std::string_view::npos) return nullptr;
        const std::size_t end = from + colon;
        for (const Level& level : levels) {
            const std::size_t size = level.name.size() - 3;
            if (end >= size && head.substr(end - size, size) == level.name.substr(0, size) &&
                (end == size || head[end - size - 1] == ' ' || head[end - size - 1] == ']')) {
                at = end - size;
                return &level;
            }
        }
        from = end + 3;
    }
}

std::string_view value_of(std::string_view text, std::string_view key,
                          std::string_view stops) noexcept {
    const std::size_t at = find(text, key);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + key.size());
    return rest.substr(0, rest.find_first_of(stops));
}

std::string_view between_quotes(std::string_view text, std::string_view before) noexcept {
    const std::size_t at = find(text, before);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + before.size());
    return rest.substr(0, find(rest, '"'));
}

/// log_line_prefix: "[3-1] " (syslog), "2026-03-02 10:00:00.123 UTC [1234] alice@crm ",
/// "user=alice,db=crm,client=…".
void prefix(std::string_view text, ZoneCache& zone, Fields& out) {
    Cursor cursor(text);
    if (cursor.skip('[')) (void)cursor.until(']');
    cursor.skip_all(' ');
    const auto time = iso_time(cursor, &zone);
    if (time && !out.time_ns) out.time_ns = time;
    if (const auto user = value_of(text, "user=", ", "); !user.empty()) out.user = user;
    for (const std::string_view key : {"client=", "host="}) {
        if (!out.address) out.address = address(value_of(text, key, ",( "));
    }
    const std::size_t at_sign = text.rfind('@');
    if (out.user.empty() && at_sign != std::string_view::npos) {
        const std::size_t space = text.substr(0, at_sign).rfind(' ');
        const std::size_t from = space == std::string_view::npos ? 0 : space + 1;
        out.user = text.substr(from, at_sign - from);
    }
    if (out.user == "[unknown]") out.user = {};
}

bool connection(std::string_view text, Fields& out) {
    Cursor cursor(text);
    if (cursor.skip("connection received: ")) {
        out.address = address(value_of(text, "host=", " "));
        out.port = port_number(value_of(text, "port=", " "));
        set(out, Category::network, Action::connect, Outcome::unknown);
        return true;
    }
    if (cursor.skip("connection authorized: ")) {
        out.user = value_of(text, "user=", " ");
        set(out, Category::authentication, Action::sign_in, Outcome::success);
        return true;
    }
    if (cursor.skip("connection authenticated: ")) {
        if (out.user.empty()) out.user = between_quotes(text, "identity=\"");
        set(out, Category::authentication, Action::other, Outcome::success);
        return true;
    }
    if (cursor.skip("disconnection: ")) {
        out.user = value_of(text, "user=", " ");
        out.address = address(value_of(text, "host=", " "));
        out.port = port_number(value_of(text, "port=", " "));
        set(out, Category::session, Action::sign_out, Outcome::success);
        return true;
    }
    return false;
}

/// Why a server refuses a connection; each is one failed attempt.
bool refused(std::string_view text, Fields& out) {
    const bool failed = contains(text, "authentication failed for user \"");
    const bool no_entry =
        text.starts_with("no pg_hba.conf entry for ") || text.starts_with("pg_hba.conf rejects ");
    const bool no_role = text.starts_with("role \"") && text.ends_with("\" does not exist");
    if (!failed && !no_entry && !no_role && !text.starts_with("too many connections for "))
        return false;
    const std::string_view user =
        no_role ? between_quotes(text, "role \"") : between_quotes(text, "user \"");
    if (!user.empty()) out.user = user;
    if (no_entry) out.address = address(between_quotes(text, "host \""));
    set(out, Category::authentication, Action::sign_in, Outcome::failure);
    return true;
}

bool statement(std::string_view text, Fields& out) {
    if (text.starts_with("duration: ")) {
        const std::size_t after = find(text, " ms");
        if (after == std::string_view::npos) return false;
        text = trim(text.substr(after + 3));
        if (text.empty()) {
            set(out, Category::database, Action::other, Outcome::success);
            return true;
        }
    }
    if (!text.starts_with("statement: ") && !text.starts_with("execute ") &&
        !text.starts_with("parse ") && !text.starts_with("bind ") && !text.starts_with("AUDIT: ")) {
        return false;
    }
    set(out, Category::database, Action::query, Outcome::success);
    return true;
}

}  // namespace

bool postgres(std::string_view message, ZoneCache& zone, Fields& out) {
    std::size_t at = 0;
    const Level* const level = level_of(message, at);
    if (level == nullptr) return false;
    prefix(message.substr(0, at), zone, out);
    if (out.severity == 255) out.severity = level->severity;
    const std::string_view text = trim(message.substr(at + level->name.size()));
    if (level->severity == 6 && (connection(text, out) || statement(text, out))) return true;
    if (level->severity == 2 && refused(text, out)) return true;
    if (level->severity <= 3) {
        set(out, Category::database, Action::error, Outcome::failure);
    } else if (text.starts_with("database system is ready")) {
        set(out, Category::system, Action::start, Outcome::success);
    } else if (text.starts_with("database system is shut down")) {
        set(out, Category::system, Action::stop, Outcome::success);
    } else {
        set(out, Category::database, Action::other, Outcome::unknown);
    }
    return true;
}

}  // namespace daicho::evidence::collect::parse
