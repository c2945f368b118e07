#include <algorithm>

#include "evidence/collect/parse/address.hpp"
#include "evidence/collect/parse/services.hpp"
#include "evidence/collect/parse/text.hpp"

namespace daicho::evidence::collect::parse {
namespace {

using ledger::search::Action;
using ledger::search::Category;
using ledger::search::Fields;
using ledger::search::Outcome;

/// The first word of the rule's own prefix that says what was done: "nft-input-drop", "[UFW
/// BLOCK]", "FINAL_REJECT:".
Action verdict(std::string_view text) noexcept {
    constexpr std::size_t prefix_size_max = 160;  // nftables allows 127 characters
    text = text.substr(0, prefix_size_max);
    std::size_t at = 0;
    while (at < text.size()) {
        if (!is_alpha(text[at])) {
            ++at;
            continue;
        }
        const std::size_t from = at;
        while (at < text.size() && is_alpha(text[at])) ++at;
        const std::string_view word = text.substr(from, at - from);
        switch (lower(word.front())) {
            case 'd':
                if (word.size() >= 4 && (equal_ignoring_case(word.substr(0, 4), "drop") ||
                                         equal_ignoring_case(word.substr(0, 4), "deny"))) {
                    return Action::deny;
                }
                if (equal_ignoring_case(word, "denied")) return Action::deny;
                break;
            case 'b':
                if (word.size() >= 5 && equal_ignoring_case(word.substr(0, 5), "block"))
                    return Action::deny;
                break;
            case 'r':
                if (word.size() >= 6 && equal_ignoring_case(word.substr(0, 6), "reject"))
                    return Action::deny;
                break;
            case 'a':
                if (word.size() >= 5 && (equal_ignoring_case(word.substr(0, 5), "allow") ||
                                         equal_ignoring_case(word.substr(0, 5), "accep"))) {
                    return Action::allow;
                }
                break;
            case 'p':
                if (equal_ignoring_case(word, "pass")) return Action::allow;
                break;
            default:
                break;
        }
    }
    return Action::none;
}

void use(std::string_view token, Fields& out) {
    if (token.size() < 5) return;
    const std::string_view key = token.substr(0, 4);
    switch (token[0]) {
        case 'S':
            if (key == "SRC=") out.address = address(token.substr(4));
            if (key == "SPT=") out.port = port_number(token.substr(4));
            break;
        case 'D':
            if (key == "DST=") out.destination = address(token.substr(4));
            if (key == "DPT=") out.destination_port = port_number(token.substr(4));
            break;
        case 'L':
            // Twice for UDP: the packet's length first, then the datagram's.
            if (key == "LEN=" && out.volume_bytes == 0)
                out.volume_bytes = whole_number(token.substr(4)).value_or(0);
            break;
        case 'A':
            if (token.starts_with("ACTION=")) out.action = verdict(token.substr(7));
            break;
        default:
            break;
    }
}

}  // namespace

bool packet_filter(std::string_view message, Fields& out) {
    const std::size_t start = find(message, "IN=");
    if (start == std::string_view::npos || !contains(message.substr(start), " SRC=")) return false;
    std::string_view prefix = message.substr(0, start);
    if (prefix.starts_with('[') && prefix.size() > 1 && (prefix[1] == ' ' || is_digit(prefix[1]))) {
        prefix.remove_prefix(std::min(find(prefix, ']'), prefix.size()));  // the uptime
    }
    constexpr std::size_t size_max = 2048;  // the kernel's own limit of a line is about 1 KiB
    Cursor cursor(message.substr(start, size_max));
    while (!cursor.empty()) use(cursor.until(' '), out);
    if (out.action == Action::none) out.action = verdict(prefix);
    out.category = Category::network;
    if (out.action == Action::none) out.action = Action::other;
    out.outcome = out.action == Action::deny    ? Outcome::failure
                  : out.action == Action::allow ? Outcome::success
                                                : Outcome::unknown;
    return true;
}

}  // namespace daicho::evidence::collect::parse
