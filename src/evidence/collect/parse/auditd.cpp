#include "evidence/collect/parse/auditd.hpp"

#include <array>

#include "evidence/collect/parse/address.hpp"
#include "evidence/collect/parse/roles.hpp"
#include "evidence/collect/parse/text.hpp"

namespace daicho::evidence::collect::parse {
namespace {

using ledger::search::Action;
using ledger::search::Category;
using ledger::search::Fields;
using ledger::search::Outcome;

constexpr std::string_view unset_id =
    "4294967295";  // (uid_t)-1: nobody has signed in in this session

struct TypeMeaning {
    std::string_view type;
    Category category;
    Action action;
};
constexpr std::array<TypeMeaning, 30> meanings{{
    {"SYSCALL", Category::audit, Action::command},
    {"EXECVE", Category::audit, Action::command},
    {"USER_LOGIN", Category::authentication, Action::sign_in},
    {"USER_AUTH", Category::authentication, Action::other},
    {"USER_ACCT", Category::authentication, Action::other},
    {"USER_ERR", Category::authentication, Action::other},
    {"USER_LOGOUT", Category::session, Action::sign_out},
    {"USER_START", Category::session, Action::start},
    {"USER_END", Category::session, Action::stop},
    {"LOGIN", Category::session, Action::start},
    {"CRED_ACQ", Category::session, Action::other},
    {"CRED_REFR", Category::session, Action::other},
    {"CRED_DISP", Category::session, Action::other},
    {"USER_CMD", Category::privilege, Action::command},
    {"USER_ROLE_CHANGE", Category::privilege, Action::change},
    {"ADD_USER", Category::configuration, Action::change},
    {"DEL_USER", Category::configuration, Action::change},
    {"ADD_GROUP", Category::configuration, Action::change},
    {"DEL_GROUP", Category::configuration, Action::change},
    {"USER_MGMT", Category::configuration, Action::change},
    {"USER_CHAUTHTOK", Category::configuration, Action::change},
    {"GRP_MGMT", Category::configuration, Action::change},
    {"CONFIG_CHANGE", Category::configuration, Action::change},
    {"NETFILTER_CFG", Category::configuration, Action::change},
    {"MAC_CONFIG_CHANGE", Category::configuration, Action::change},
    {"DAEMON_START", Category::audit, Action::start},
    {"DAEMON_END", Category::audit, Action::stop},
    {"SERVICE_START", Category::system, Action::start},
    {"SERVICE_STOP", Category::system, Action::stop},
    {"AVC", Category::audit, Action::deny},
}};

struct Ids {
    std::string_view account;   // acct=
    std::string_view audit_id;  // auid=: who signed in, whatever he became since
    std::string_view user_id;   // uid=
};

std::string_view without_quotes(std::string_view value) noexcept {
    if (value.size() >= 2 && value.front() == '"')
        return value.substr(1, find(value.substr(1), '"'));
    while (!value.empty() && (value.back() == '\'' || value.back() == '\x1d'))
        value.remove_suffix(1);
    return value;
}

void outcome(std::string_view value, Fields& out) {
    if (out.outcome == Outcome::unknown) out.outcome = outcome_of(value);
}

void use(std::string_view key, std::string_view value, Ids& ids, Scratch& scratch, Fields& out) {
    switch (key.size()) {
        case 3:
            if (key == "res") outcome(without_quotes(value), out);
            if (key == "uid") ids.user_id = value;
            break;
        case 4:
            if (key == "acct")
                ids.account =
                    audit_string(without_quotes(value).size() < value.size() && value.front() == '"'
                                     ? value
                                     : without_quotes(value),
                                 scratch);
            if (key == "auid") ids.audit_id = value;
            if (key == "AUID") ids.account = audit_string(value, scratch);
            if (key == "addr" && !out.address) out.address = address(without_quotes(value));
            break;
        case 5:
            if (key == "rport" && out.port == 0) out.port = port_number(value);
            break;
        case 6:
            if (key == "result") outcome(without_quotes(value), out);
            break;
        case 7:
            if (key == "success") outcome(value, out);
            break;
        case 8:
            if (key == "hostname" && !out.address) out.address = address(without_quotes(value));
            break;
        default:
            break;
    }
}

/// Tokens at blanks; 0x1D begins what an ENRICHED log format adds.
void pairs(std::string_view body, Ids& ids, Scratch& scratch, Fields& out) {
    constexpr std::size_t body_size_max =
        std::size_t{16} << 10;  // an EXECVE may be longer: its arguments are not fields
    constexpr unsigned tokens_max = 256;
    Cursor cursor(body.substr(0, body_size_max));
    for (unsigned i = 0; i < tokens_max && !cursor.empty(); ++i) {
        std::string_view token = cursor.until(' ');
        const std::size_t enriched = token.find('\x1d');
        if (enriched != std::string_view::npos) {
            const std::string_view added = token.substr(enriched + 1);
            const std::size_t equals = added.find('=');
            if (equals != std::string_view::npos)
                use(added.substr(0, equals), added.substr(equals + 1), ids, scratch, out);
            token = token.substr(0, enriched);
        }
        if (token.starts_with("msg='")) token.remove_prefix(5);
        std::size_t equals = 0;
        while (equals < token.size() && equals < 12 && token[equals] != '=') ++equals;
        if (equals == 0 || equals == token.size() || token[equals] != '=') continue;
        use(token.substr(0, equals), token.substr(equals + 1), ids, scratch, out);
    }
}

}  // namespace

std::optional<AuditHead> audit_head(std::string_view message) noexcept {
    AuditHead head;
    Cursor cursor(message);
    if (cursor.skip("node=")) head.node = cursor.word();
    if (cursor.skip("type=")) {
        head.type = cursor.word();
        if (!cursor.skip("msg=")) return std::nullopt;
    }
    if (!cursor.skip("audit(")) return std::nullopt;
    std::uint64_t seconds = 0;
    unsigned digits = 0;
    for (; is_digit(cursor.peek()) && digits < 11; ++digits, cursor.advance(1)) {
        seconds = seconds * 10 + static_cast<std::uint64_t>(cursor.peek() - '0');
    }
    constexpr std::uint64_t seconds_max = 7'258'118'400;  // the year 2200
    unsigned milliseconds = 0;
    if (digits == 0 || seconds > seconds_max || !cursor.skip('.') ||
        !cursor.digits(3, milliseconds) || !cursor.skip(':'))
        return std::nullopt;
    const auto serial = whole_number(cursor.until(')'));
    if (!serial) return std::nullopt;
    (void)cursor.skip(':');
    cursor.skip_all(' ');
    head.time_ns = static_cast<WallNs>(seconds) * second_ns + WallNs{milliseconds} * 1'000'000;
    head.serial = *serial;
    head.body = cursor.rest();
    return head;
}

std::string_view audit_string(std::string_view value, Scratch& scratch) noexcept {
    if (value.empty() || value.front() == '"') return without_quotes(value);
    if (value.size() % 2 != 0) return value;
    for (const char c : value) {
        if (!is_digit(c) && (c < 'A' || c > 'F')) return value;
    }
    const std::span<char> room = scratch.room(value.size() / 2);
    if (room.empty()) return value;
    for (std::size_t i = 0; i < room.size(); ++i) {
        room[i] = static_cast<char>(hex_value(value[2 * i]) * 16 + hex_value(value[2 * i + 1]));
    }
    scratch.keep(room.size());
    return {room.data(), room.size()};
}

bool auditd(std::string_view message, Scratch& scratch, Fields& out) {
    const auto head = audit_head(message);
    if (!head) return false;
    if (!out.time_ns) out.time_ns = head->time_ns;
    if (!head->node.empty()) out.host = head->node;
    out.category = Category::audit;
    out.action = Action::other;
    for (const TypeMeaning& meaning : meanings) {
        if (meaning.type == head->type) {
            out.category = meaning.category;
            out.action = meaning.action;
            break;
        }
    }
    Ids ids;
    pairs(head->body, ids, scratch, out);
    const auto set = [](std::string_view id) {
        return !id.empty() && id != unset_id && id != "-1" && id != "?";
    };
    if (set(ids.account) && ids.account != "unset") {
        out.user = ids.account;
    } else if (set(ids.audit_id)) {
        out.user = ids.audit_id;
    } else if (set(ids.user_id)) {
        out.user = ids.user_id;
    }
    return true;
}

}  // namespace daicho::evidence::collect::parse
