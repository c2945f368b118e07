#include "evidence/collect/parse/auth.hpp"

#include "evidence/collect/parse/address.hpp"
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

/// The value after `key` up to a blank; PAM writes "user=" last, and only when the user exists.
std::string_view value_of(std::string_view text, std::string_view key) {
    const std::size_t at = text.rfind(key);
    if (at == std::string_view::npos) return {};
    return Cursor(text.substr(at + key.size())).word();
}

bool pam_failure(std::string_view message, bool is_attempt, Fields& out) {
    set(out, Category::authentication, is_attempt ? Action::sign_in : Action::other,
        Outcome::failure);
    out.user = trim(value_of(message, " user="));
    out.address = address(value_of(message, " rhost="));
    return true;
}

/// "session opened for user NAME[(uid=0)] by …" and "session closed for user NAME".
bool pam_session(Cursor cursor, bool opened, Fields& out) {
    std::string_view name = trim(cursor.word());
    name = name.substr(0, find(name, '('));
    const std::string_view by = cursor.skip("by ") ? cursor.word('(') : std::string_view{};
    if (by.empty() || by == name) {
        out.user = name;
    } else {  // sudo and su: who became whom
        out.user = by;
        out.target_user = name;
    }
    set(out, Category::session, opened ? Action::start : Action::stop, Outcome::success);
    return true;
}

/// "new user: name=NAME, UID=…", "delete user 'NAME'", "password changed for NAME".
bool account_change(std::string_view message, Fields& out) {
    Cursor cursor(message);
    const std::size_t named = find(message, "name=");
    if (named != std::string_view::npos) {
        cursor.advance(named + 5);
        out.target_user = trim(cursor.until(','));
    } else if (const std::size_t quote = find(message, '\''); quote != std::string_view::npos) {
        cursor.advance(quote + 1);
        out.target_user = cursor.until('\'');
    } else if (const std::size_t who = message.rfind(" for "); who != std::string_view::npos) {
        cursor.advance(who + 5);
        out.target_user = trim(cursor.word());
    }
    const bool failed = message.starts_with("failed") || contains(message, "not exist");
    set(out, Category::configuration, Action::change, failed ? Outcome::failure : Outcome::success);
    return true;
}

bool cron(std::string_view message, Fields& out) {
    Cursor cursor(message);
    if (!cursor.skip('(')) return false;
    out.user = cursor.until(')');
    if (!cursor.skip(" CMD ")) return false;
    set(out, Category::system, Action::command, Outcome::success);
    return true;
}

bool logind(std::string_view message, Fields& out) {
    Cursor cursor(message);
    if (cursor.skip("New session ")) {
        (void)cursor.word();
        if (!cursor.skip("of user ")) return false;
        out.user = cursor.rest();
        if (!out.user.empty() && out.user.back() == '.') out.user.remove_suffix(1);
        set(out, Category::session, Action::start, Outcome::success);
        return true;
    }
    if (cursor.skip("Removed session ") || contains(message, "logged out")) {
        set(out, Category::session, Action::stop, Outcome::success);
        return true;
    }
    return false;
}

/// "FAILED LOGIN (1) on '/dev/tty1' FOR 'NAME'", "ROOT LOGIN ON tty1", "LOGIN ON tty1 BY NAME [FROM
/// HOST]".
bool console(std::string_view message, Fields& out) {
    Cursor cursor(message);
    if (cursor.skip("FAILED LOGIN")) {
        set(out, Category::authentication, Action::sign_in, Outcome::failure);
        const std::size_t who = find(message, " FOR ");
        if (who == std::string_view::npos) return true;
        cursor = Cursor(message.substr(who + 5));
        const bool is_quoted = cursor.skip('\'');
        out.user = is_quoted ? cursor.until('\'') : cursor.word(',');
        return true;
    }
    const bool root = cursor.skip("ROOT LOGIN");
    if (!root && !cursor.skip("LOGIN ON ")) return false;
    set(out, Category::authentication, Action::sign_in, Outcome::success);
    if (root) {
        out.user = "root";
        return true;
    }
    (void)cursor.word();
    if (cursor.skip("BY ")) out.user = cursor.word();
    if (cursor.skip("FROM ")) out.address = address(cursor.word());
    return true;
}

bool network_service(std::string_view message, Fields& out) {
    Cursor cursor(message);
    if (cursor.skip("connection from ")) {
        out.address = address(cursor.word());
        set(out, Category::network, Action::connect, Outcome::unknown);
        return true;
    }
    if (cursor.skip("Authentication failed from ")) {
        out.address = address(cursor.word());
        set(out, Category::authentication, Action::sign_in, Outcome::failure);
        return true;
    }
    return false;
}

}  // namespace

bool pam(std::string_view app, std::string_view message, Fields& out) {
    const bool old_form = app.ends_with("(pam_unix)");
    Cursor cursor(message);
    std::string_view service = app;
    if (!old_form) {
        if (!cursor.skip("pam_")) {
            // "PAM 5 more authentication failures; … rhost=… user=…" sums up attempts that have
            // lines of their own.
            if (!cursor.skip("PAM ") || !contains(message, "more authentication failure"))
                return false;
            return pam_failure(message, false, out);
        }
        const std::string_view module = cursor.until('(');
        service = cursor.until(')');
        if (module.size() > 32 || !cursor.skip(": ")) return false;
    }
    if (cursor.skip("authentication failure;")) {
        const bool sshd_reports_it = !old_form && service.starts_with("sshd");
        return pam_failure(cursor.rest(), !sshd_reports_it, out);
    }
    if (cursor.skip("session opened for user ")) return pam_session(cursor, true, out);
    if (cursor.skip("session closed for user ")) return pam_session(cursor, false, out);
    if (cursor.skip("check pass; user unknown")) {
        set(out, Category::authentication, Action::other, Outcome::failure);
        return true;
    }
    if (contains(service, "chauthtok")) return account_change(cursor.rest(), out);
    return false;
}

bool sudo(std::string_view message, Fields& out) {
    Cursor cursor(message);
    cursor.skip_all(' ');
    const std::size_t split = find(cursor.rest(), " : ");
    if (split == std::string_view::npos) return false;
    const std::string_view user = cursor.rest().substr(0, split);
    cursor.advance(split + 3);
    const std::string_view details = cursor.rest();
    const std::size_t target = find(details, "USER=");
    // Without TTY= first there is a reason why it was refused: "3 incorrect password attempts ;
    // TTY=…".
    const bool refused = !details.starts_with("TTY=") && !details.starts_with("PWD=");
    if (target == std::string_view::npos && !refused) return false;
    out.user = user;
    if (target != std::string_view::npos)
        out.target_user = Cursor(details.substr(target + 5)).word();
    set(out, Category::privilege, Action::command, refused ? Outcome::failure : Outcome::success);
    return true;
}

bool su(std::string_view message, Fields& out) {
    Cursor cursor(message);
    const bool failed = cursor.skip("FAILED SU ") || cursor.skip("FAILED su for ");
    if (cursor.skip("(to ")) {  // "(to root) alice on pts/0"
        out.target_user = cursor.until(')');
        (void)cursor.skip(' ');
        out.user = cursor.word();
    } else if (failed || cursor.skip("Successful su for ")) {  // "… root by alice"
        out.target_user = cursor.word();
        if (!cursor.skip("by ")) return false;
        out.user = cursor.word();
    } else if (cursor.peek() == '+' || cursor.peek() == '-') {  // "+ /dev/pts/0 alice:root"
        const bool ok = cursor.skip('+');
        if (!ok) cursor.advance(1);
        if (!cursor.skip(' ')) return false;
        (void)cursor.word();
        out.user = cursor.until(':');
        out.target_user = cursor.word();
        set(out, Category::privilege, Action::sign_in, ok ? Outcome::success : Outcome::failure);
        return !out.target_user.empty();
    } else {
        return false;
    }
    set(out, Category::privilege, Action::sign_in, failed ? Outcome::failure : Outcome::success);
    return true;
}

bool session(std::string_view app, std::string_view message, Fields& out) {
    if (app == "systemd-logind") return logind(message, out);
    if (app == "login") return console(message, out);
    if (app == "CRON" || app == "cron" || app == "crond") return cron(message, out);
    if (app == "ftpd" || app == "klogind" || app == "telnetd" || app == "rlogind")
        return network_service(message, out);
    if (app == "useradd" || app == "userdel" || app == "usermod" || app == "groupadd" ||
        app == "groupdel" || app == "groupmod" || app == "passwd" || app == "chpasswd" ||
        app == "chage" || app == "gpasswd") {
        return account_change(message, out);
    }
    return false;
}

}  // namespace daicho::evidence::collect::parse
