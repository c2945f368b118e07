#include "evidence/collect/parse/roles.hpp"

#include <algorithm>
#include <array>

#include "evidence/collect/parse/address.hpp"
#include "evidence/collect/parse/text.hpp"

namespace daicho::evidence::collect::parse {
namespace {

using ledger::search::Action;
using ledger::search::Category;
using ledger::search::Fields;
using ledger::search::Outcome;

constexpr std::size_t name_size_max = 20;  // of the names below

struct Named {
    std::string_view name;
    Role role;
};

constexpr std::array unsorted{
    Named{"user", Role::user},
    Named{"username", Role::user},
    Named{"user_name", Role::user},
    Named{"usr", Role::user},
    Named{"suser", Role::user},
    Named{"acct", Role::user},
    Named{"account", Role::user},
    Named{"login", Role::user},
    Named{"who", Role::user},
    Named{"actor", Role::user},
    Named{"principal", Role::user},
    Named{"remote_user", Role::user},
    Named{"targetusername", Role::user},
    Named{"subjectusername", Role::user},
    Named{"duser", Role::target_user},
    Named{"target_user", Role::target_user},
    Named{"effective_user", Role::target_user},
    Named{"src", Role::address},
    Named{"srcip", Role::address},
    Named{"src_ip", Role::address},
    Named{"source_ip", Role::address},
    Named{"sourceip", Role::address},
    Named{"client", Role::address},
    Named{"client_ip", Role::address},
    Named{"clientip", Role::address},
    Named{"client_addr", Role::address},
    Named{"remote_addr", Role::address},
    Named{"remote_ip", Role::address},
    Named{"remoteip", Role::address},
    Named{"rhost", Role::address},
    Named{"rip", Role::address},
    Named{"ip", Role::address},
    Named{"addr", Role::address},
    Named{"address", Role::address},
    Named{"ipaddress", Role::address},
    Named{"ip_address", Role::address},
    Named{"peer", Role::address},
    Named{"spt", Role::port},
    Named{"sport", Role::port},
    Named{"src_port", Role::port},
    Named{"srcport", Role::port},
    Named{"ipport", Role::port},
    Named{"client_port", Role::port},
    Named{"source_port", Role::port},
    Named{"dst", Role::destination},
    Named{"dstip", Role::destination},
    Named{"dst_ip", Role::destination},
    Named{"dest_ip", Role::destination},
    Named{"destination_ip", Role::destination},
    Named{"lip", Role::destination},
    Named{"dpt", Role::destination_port},
    Named{"dport", Role::destination_port},
    Named{"dst_port", Role::destination_port},
    Named{"dstport", Role::destination_port},
    Named{"dest_port", Role::destination_port},
    Named{"destination_port", Role::destination_port},
    Named{"outcome", Role::outcome},
    Named{"result", Role::outcome},
    Named{"res", Role::outcome},
    Named{"success", Role::outcome},
    Named{"act", Role::action},
    Named{"action", Role::action},
    Named{"op", Role::action},
    Named{"status", Role::status},
    Named{"status_code", Role::status},
    Named{"bytes", Role::bytes},
    Named{"body_bytes_sent", Role::bytes},
    Named{"bytes_sent", Role::bytes},
    Named{"sentbyte", Role::bytes},
    Named{"len", Role::bytes},
    Named{"time", Role::time},
    Named{"timestamp", Role::time},
    Named{"@timestamp", Role::time},
    Named{"ts", Role::time},
    Named{"when", Role::time},
    Named{"time_iso8601", Role::time},
    Named{"host", Role::host},
    Named{"hostname", Role::host},
    Named{"_hostname", Role::host},
    Named{"app", Role::app},
    Named{"program", Role::app},
    Named{"service", Role::app},
    Named{"syslog_identifier", Role::app},
    Named{"pid", Role::pid},
    Named{"_pid", Role::pid},
    Named{"severity", Role::severity},
    Named{"priority", Role::severity},
    Named{"level", Role::severity},
    Named{"message", Role::message},
    Named{"msg", Role::message},
    Named{"eventid", Role::event_id},
    Named{"event_id", Role::event_id},
};

// Sorted by length, so that one look-up compares only names of its own length.
constexpr auto names = [] {
    auto table = unsorted;
    std::sort(table.begin(), table.end(),
              [](const Named& a, const Named& b) { return a.name.size() < b.name.size(); });
    return table;
}();

constexpr auto first_of_length = [] {
    std::array<std::uint8_t, name_size_max + 2> first{};
    for (std::size_t length = 0; length < first.size(); ++length) {
        std::size_t i = 0;
        while (i < names.size() && names[i].name.size() < length) ++i;
        first[length] = static_cast<std::uint8_t>(i);
    }
    return first;
}();

Role of_object(std::string_view parent, std::string_view leaf) noexcept {
    const bool is_ip = leaf == "ip" || leaf == "address";
    if (parent == "user" || parent == "account" || parent == "actor") {
        return leaf == "name" || leaf == "id" || leaf == "login" ? Role::user : Role::none;
    }
    if (parent == "source" || parent == "client" || parent == "src" || parent == "remote") {
        return is_ip             ? Role::address
               : leaf == "port"  ? Role::port
               : leaf == "bytes" ? Role::bytes
                                 : Role::none;
    }
    if (parent == "destination" || parent == "server" || parent == "dst") {
        return is_ip ? Role::destination : leaf == "port" ? Role::destination_port : Role::none;
    }
    if (parent == "process")
        return leaf == "name" ? Role::app : leaf == "pid" ? Role::pid : Role::none;
    if (parent == "host") return leaf == "name" || leaf == "hostname" ? Role::host : Role::none;
    if (parent == "event")
        return leaf == "outcome" ? Role::outcome : leaf == "action" ? Role::action : Role::none;
    return Role::none;
}

bool starts(std::string_view word, std::string_view with) noexcept {
    return word.size() >= with.size() && equal_ignoring_case(word.substr(0, with.size()), with);
}

bool has(std::string_view word, std::string_view part) noexcept {
    for (std::size_t i = 0; i + part.size() <= word.size(); ++i) {
        if (equal_ignoring_case(word.substr(i, part.size()), part)) return true;
    }
    return false;
}

void apply_severity(std::string_view value, Fields& out) {
    static constexpr std::array<std::string_view, 8> words{"emerg", "alert",  "crit", "err",
                                                           "warn",  "notice", "info", "debug"};
    if (value.size() == 1 && value[0] >= '0' && value[0] <= '7') {
        out.severity = static_cast<std::uint8_t>(value[0] - '0');
        return;
    }
    for (std::uint8_t i = 0; i < words.size(); ++i) {
        if (starts(value, words[i])) out.severity = i;
    }
}

}  // namespace

Role role_of(std::string_view parent, std::string_view leaf) noexcept {
    if (leaf.empty() || leaf.size() > name_size_max) return Role::none;
    std::array<char, name_size_max> low;
    for (std::size_t i = 0; i < leaf.size(); ++i) low[i] = lower(leaf[i]);
    const std::string_view wanted{low.data(), leaf.size()};
    if (!parent.empty() && parent.size() <= name_size_max) {
        std::array<char, name_size_max> low_parent;
        for (std::size_t i = 0; i < parent.size(); ++i) low_parent[i] = lower(parent[i]);
        const Role nested = of_object({low_parent.data(), parent.size()}, wanted);
        if (nested != Role::none) return nested;
    }
    for (std::size_t i = first_of_length[wanted.size()]; i < first_of_length[wanted.size() + 1];
         ++i) {
        if (names[i].name == wanted) return names[i].role;
    }
    return Role::none;
}

Role role_of(std::string_view name) noexcept {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return role_of({}, name);
    const std::string_view before = name.substr(0, dot);
    const std::size_t previous = before.rfind('.');
    return role_of(previous == std::string_view::npos ? before : before.substr(previous + 1),
                   name.substr(dot + 1));
}

Outcome outcome_of(std::string_view word) noexcept {
    static constexpr std::array<std::string_view, 10> good{
        "success", "succe", "ok", "allow", "accept", "pass", "yes", "true", "0x0", "granted"};
    static constexpr std::array<std::string_view, 11> bad{
        "fail", "den", "err", "block", "reject", "drop", "no", "false", "refus", "0xc", "invalid"};
    for (const std::string_view sign : good) {
        if (starts(word, sign)) return Outcome::success;
    }
    for (const std::string_view sign : bad) {
        if (starts(word, sign)) return Outcome::failure;
    }
    return Outcome::unknown;
}

void apply_action(std::string_view word, Fields& out) {
    struct Meaning {
        std::string_view part;
        Action action;
        Category category;
    };
    static constexpr std::array<Meaning, 23> meanings{{
        {"sign_in", Action::sign_in, Category::authentication},
        {"signin", Action::sign_in, Category::authentication},
        {"login", Action::sign_in, Category::authentication},
        {"logon", Action::sign_in, Category::authentication},
        {"sign_out", Action::sign_out, Category::session},
        {"logout", Action::sign_out, Category::session},
        {"logoff", Action::sign_out, Category::session},
        {"export", Action::export_, Category::evidence},
        {"select", Action::query, Category::database},
        {"query", Action::query, Category::database},
        {"deny", Action::deny, Category::network},
        {"drop", Action::deny, Category::network},
        {"block", Action::deny, Category::network},
        {"allow", Action::allow, Category::network},
        {"accept", Action::allow, Category::network},
        {"read", Action::read, Category::audit},
        {"create", Action::change, Category::configuration},
        {"update", Action::change, Category::configuration},
        {"delete", Action::change, Category::configuration},
        {"change", Action::change, Category::configuration},
        {"start", Action::start, Category::system},
        {"stop", Action::stop, Category::system},
        {"connect", Action::connect, Category::network},
    }};
    constexpr std::size_t word_size_max = 64;  // an action is a word; a sentence is a message
    if (word.empty() || word.size() > word_size_max || out.action != Action::none) return;
    for (const Meaning& meaning : meanings) {
        if (!has(word, meaning.part)) continue;
        out.action = meaning.action;
        if (out.category == Category::none) out.category = meaning.category;
        break;
    }
    if (out.outcome == Outcome::unknown &&
        (has(word, "refus") || has(word, "denied") || has(word, "fail"))) {
        out.outcome = Outcome::failure;
    }
    if (out.outcome == Outcome::unknown && out.action == Action::deny)
        out.outcome = Outcome::failure;
    if (out.outcome == Outcome::unknown && out.action == Action::allow)
        out.outcome = Outcome::success;
}

void apply(Role role, std::string_view value, Fields& out) {
    if (value.empty() || value == "-" || value == "?") return;
    switch (role) {
        case Role::user:
            if (out.user.empty()) out.user = value;
            break;
        case Role::target_user:
            if (out.target_user.empty()) out.target_user = value;
            break;
        case Role::address:
            if (!out.address) out.address = address(value);
            break;
        case Role::port:
            if (out.port == 0) out.port = port_number(value);
            break;
        case Role::destination:
            if (!out.destination) out.destination = address(value);
            break;
        case Role::destination_port:
            if (out.destination_port == 0) out.destination_port = port_number(value);
            break;
        case Role::outcome:
            if (out.outcome == Outcome::unknown) out.outcome = outcome_of(value);
            break;
        case Role::action:
            apply_action(value, out);
            break;
        case Role::status: {
            const auto number = whole_number(value);
            if (number && *number >= 100 && *number <= 599) {
                out.status = static_cast<std::uint16_t>(*number);
            } else if (!number && out.outcome == Outcome::unknown) {
                out.outcome = outcome_of(value);
            }
            break;
        }
        case Role::bytes:
            if (out.volume_bytes == 0) out.volume_bytes = whole_number(value).value_or(0);
            break;
        case Role::host:
            if (out.host.empty()) out.host = value;
            break;
        case Role::app:
            if (out.app.empty()) out.app = value;
            break;
        case Role::pid:
            if (out.pid.empty()) out.pid = value;
            break;
        case Role::severity:
            if (out.severity == 255) apply_severity(value, out);
            break;
        case Role::time:
        case Role::message:
        case Role::event_id:
        case Role::none:
            break;
    }
}

bool windows_event(std::string_view id, Fields& out) {
    const auto number = id.size() == 4 ? whole_number(id) : std::nullopt;
    if (!number) return false;
    const auto set = [&out](Category category, Action action, Outcome outcome) {
        out.category = category;
        out.action = action;
        out.outcome = outcome;
        return true;
    };
    switch (*number) {
        case 4624:
            return set(Category::authentication, Action::sign_in, Outcome::success);
        case 4625:
            return set(Category::authentication, Action::sign_in, Outcome::failure);
        case 4634:
        case 4647:
            return set(Category::session, Action::sign_out, Outcome::success);
        case 4648:
            return set(Category::authentication, Action::other, Outcome::unknown);
        case 4672:
            return set(Category::privilege, Action::other, Outcome::success);
        case 4688:
            return set(Category::audit, Action::command, Outcome::success);
        case 4719:
        case 4720:
        case 4722:
        case 4723:
        case 4724:
        case 4725:
        case 4726:
        case 4728:
        case 4732:
        case 4738:
            return set(Category::configuration, Action::change, Outcome::success);
        case 4740:
            return set(Category::authentication, Action::other, Outcome::failure);
        case 4776:
            return set(Category::authentication, Action::other, Outcome::unknown);
        case 1102:
            return set(Category::audit, Action::change, Outcome::success);
        default:
            return false;
    }
}

}  // namespace daicho::evidence::collect::parse
