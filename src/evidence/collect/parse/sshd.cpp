#include "evidence/collect/parse/address.hpp"
#include "evidence/collect/parse/auth.hpp"
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

/// "ADDRESS port N …" or "ADDRESS…" at the front. The name of a host is no address.
void peer(std::string_view text, Fields& out) {
    Cursor cursor(text);
    std::string_view word = cursor.word();
    while (!word.empty() && (word.back() == ':' || word.back() == ',') && !address(word))
        word.remove_suffix(1);
    out.address = address(word);
    if (cursor.skip("port ")) {
        const std::string_view rest = cursor.rest();
        std::size_t width = 0;
        while (width < rest.size() && width < 6 && is_digit(rest[width])) ++width;
        out.port = port_number(rest.substr(0, width));
    }
}

/// "NAME from ADDRESS port N": split at the last " from ".
void name_and_peer(std::string_view text, Fields& out) {
    const std::size_t split = text.rfind(" from ");
    if (split == std::string_view::npos) {
        out.user = text;
        return;
    }
    out.user = text.substr(0, split);
    peer(text.substr(split + 6), out);
}

/// "METHOD for [invalid user ]NAME from …" after Accepted or Failed.
bool attempt(std::string_view text, Outcome outcome, Fields& out) {
    Cursor cursor(text);
    (void)cursor.word();  // password, publickey, keyboard-interactive/pam, none …
    if (!cursor.skip("for ")) return false;
    if (cursor.skip("invalid user ") || cursor.skip("illegal user ")) outcome = Outcome::failure;
    set(out, Category::authentication, Action::sign_in, outcome);
    if (outcome == Outcome::success) {
        // A name that exists, so without blanks; what follows the address may be a certificate's
        // free text.
        out.user = cursor.word();
        if (cursor.skip("from ")) peer(cursor.rest(), out);
    } else {
        name_and_peer(cursor.rest(), out);
    }
    return true;
}

/// "[authenticating user |invalid user |user ]NAME ADDRESS port N": true if a name stood there.
bool named_peer(std::string_view text, Fields& out) {
    Cursor cursor(text);
    const bool named =
        cursor.skip("authenticating user ") || cursor.skip("invalid user ") || cursor.skip("user ");
    if (!named) {
        peer(cursor.rest(), out);
        return false;
    }
    std::string_view rest = cursor.rest();
    const std::size_t port = rest.rfind(" port ");
    if (port == std::string_view::npos) return true;
    const std::size_t space = rest.substr(0, port).rfind(' ');
    if (space == std::string_view::npos) return true;
    out.user = rest.substr(0, space);
    peer(rest.substr(space + 1), out);
    return true;
}

bool disconnect(Cursor cursor, Fields& out) {
    if (cursor.skip("Disconnected from ")) {
        const bool signed_in = cursor.rest().substr(0, 5) == "user ";
        (void)named_peer(cursor.rest(), out);
        set(out, Category::session, signed_in ? Action::sign_out : Action::disconnect,
            Outcome::success);
        return true;
    }
    if (cursor.skip("Connection closed by ") || cursor.skip("Connection reset by ") ||
        cursor.skip("Received disconnect from ") ||
        cursor.skip("Timeout, client not responding from ")) {
        (void)named_peer(cursor.rest(), out);
        set(out, Category::session, Action::disconnect, Outcome::unknown);
        return true;
    }
    if (cursor.skip("Disconnecting")) {
        if (cursor.skip(' ')) (void)named_peer(cursor.rest(), out);
        set(out, Category::session, Action::disconnect, Outcome::failure);
        return true;
    }
    return false;
}

bool connection(Cursor cursor, Fields& out) {
    if (cursor.skip("Connection from ")) {
        peer(cursor.rest(), out);
        set(out, Category::network, Action::connect, Outcome::unknown);
        return true;
    }
    if (cursor.skip("Did not receive identification string from ")) {
        peer(cursor.rest(), out);
        set(out, Category::network, Action::connect, Outcome::failure);
        return true;
    }
    if (cursor.skip("reverse mapping checking getaddrinfo for ")) {
        (void)cursor.until('[');
        out.address = address(cursor.until(']'));
        set(out, Category::network, Action::other, Outcome::failure);
        return true;
    }
    if (cursor.skip("Address ")) {  // "Address A maps to NAME, but this does not map back"
        out.address = address(cursor.word());
        set(out, Category::network, Action::other, Outcome::failure);
        return out.address.has_value();
    }
    if (cursor.skip("Server listening on ") || cursor.skip("Received signal ")) {
        set(out, Category::system,
            cursor.rest().find("terminating") == std::string_view::npos ? Action::start
                                                                        : Action::stop,
            Outcome::success);
        return true;
    }
    return false;
}

bool accompanying(Cursor cursor, Fields& out) {
    (void)cursor.skip("error: ");
    if (cursor.skip("Invalid user ") || cursor.skip("Illegal user ")) {
        name_and_peer(cursor.rest(), out);
    } else if (cursor.skip("maximum authentication attempts exceeded for ")) {
        (void)cursor.skip("invalid user ");
        name_and_peer(cursor.rest(), out);
    } else if (cursor.skip("input_userauth_request: invalid user ")) {
        std::string_view name = cursor.rest();
        constexpr std::string_view tail = " [preauth]";
        if (name.ends_with(tail)) name.remove_suffix(tail.size());
        out.user = name;
    } else if (cursor.skip("User ")) {  // "User NAME from HOST not allowed because …"
        const std::string_view rest = cursor.rest();
        const std::size_t why = rest.rfind(" not allowed because ");
        if (why == std::string_view::npos) return false;
        name_and_peer(rest.substr(0, why), out);
    } else {
        return disconnect(cursor, out);
    }
    set(out, Category::authentication, Action::other, Outcome::failure);
    return true;
}

bool session_of_sshd(Cursor cursor, Fields& out) {
    const bool starting = cursor.skip("Starting session: ");
    if (!starting && !cursor.skip("Close session: user ")) return false;
    if (starting) {
        const std::size_t name = cursor.rest().rfind(" for ");
        if (name == std::string_view::npos) return false;
        cursor.advance(name + 5);
    }
    name_and_peer(cursor.rest(), out);
    set(out, Category::session, starting ? Action::start : Action::stop, Outcome::success);
    return true;
}

}  // namespace

bool sshd(std::string_view message, Fields& out) {
    Cursor cursor(message);
    if (cursor.skip("message repeated ")) {  // "message repeated 2 times: [ … ]"
        (void)cursor.until('[');
        (void)cursor.skip(' ');
        std::string_view inner = cursor.rest();
        if (!inner.empty() && inner.back() == ']') inner.remove_suffix(1);
        cursor = Cursor(inner);
    }
    switch (cursor.peek()) {
        case 'A':
            if (cursor.skip("Accepted ")) return attempt(cursor.rest(), Outcome::success, out);
            return connection(cursor, out);
        case 'F':
            return cursor.skip("Failed ") && attempt(cursor.rest(), Outcome::failure, out);
        case 'P':
            if (!cursor.skip("Postponed ")) return false;
            if (!attempt(cursor.rest(), Outcome::unknown, out)) return false;
            out.action = Action::other;
            return true;
        case 'D':
            return disconnect(cursor, out) || connection(cursor, out);
        case 'C':
        case 'R':
        case 'T':
            return disconnect(cursor, out) || connection(cursor, out) ||
                   session_of_sshd(cursor, out);
        case 'r':
            return connection(cursor, out);
        case 'S':
            return session_of_sshd(cursor, out) || connection(cursor, out);
        default:
            return accompanying(cursor, out);
    }
}

}  // namespace daicho::evidence::collect::parse
