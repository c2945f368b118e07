#include "evidence/collect/extractor.hpp"

#include "evidence/collect/parse/auditd.hpp"
#include "evidence/collect/parse/auth.hpp"
#include "evidence/collect/parse/roles.hpp"
#include "evidence/collect/parse/services.hpp"
#include "evidence/collect/parse/structured.hpp"
#include "evidence/collect/parse/text.hpp"

namespace daicho::evidence::collect {
namespace {

using ledger::search::Category;
using ledger::search::Fields;

enum class Program { unknown, sshd, sudo, su, kernel, web, postgres, auditd, session };

/// The path and the version some systems add are no part of a program's name: /usr/sbin/cron,
/// sshd-session.
Program program_of(std::string_view app) noexcept {
    if (const std::size_t slash = app.rfind('/'); slash != std::string_view::npos)
        app = app.substr(slash + 1);
    if (app.empty()) return Program::unknown;
    switch (app.front()) {
        case 's':
            if (app == "sshd" || app == "sshd-session" || app == "sshd-auth") return Program::sshd;
            if (app == "sudo") return Program::sudo;
            if (app == "su") return Program::su;
            return app == "systemd-logind" ? Program::session : Program::unknown;
        case 'k':
            return app == "kernel"    ? Program::kernel
                   : app == "klogind" ? Program::session
                                      : Program::unknown;
        case 'n':
            return app == "nginx" ? Program::web : Program::unknown;
        case 'h':
            return app == "httpd" ? Program::web : Program::unknown;
        case 'p':
            if (app == "postgres" || app == "postgresql") return Program::postgres;
            return app == "passwd" ? Program::session : Program::unknown;
        case 'a':
            if (app == "auditd" || app == "audispd" || app == "audisp-syslog" || app == "audit")
                return Program::auditd;
            return app == "apache2" || app == "apache" ? Program::web : Program::unknown;
        case 'l':
        case 'u':
        case 'g':
        case 'c':
        case 'C':
        case 'f':
        case 't':
        case 'r':
            return Program::session;
        default:
            return Program::unknown;
    }
}

}  // namespace

FieldExtractor::FieldExtractor(parse::ZoneRule zone) : zone_(std::move(zone)) {}

void FieldExtractor::extract(ByteView raw, WallNs received_ns, Fields& out) {
    out = Fields{};
    scratch_.clear();
    const std::string_view line = text_of(raw);
    parse::Header header;
    if (!parse::syslog_5424(line, header, params_)) {
        header = parse::Header{};
        params_.count = 0;
        if (!parse::syslog_3164(line, received_ns, zone_, header)) return from_bare_line(line, out);
    }
    out.time_ns = header.time_ns;
    out.host = header.host;
    out.app = header.app;
    out.pid = header.pid;
    out.severity = header.severity;
    out.facility = header.facility;
    out.message = header.message;
    from_message(header.message_id, out);
}

void FieldExtractor::from_message(std::string_view message_id, Fields& out) {
    const std::string_view message = out.message;
    bool known = false;
    switch (program_of(out.app)) {
        case Program::sshd:
            known = parse::sshd(message, out) || parse::pam(out.app, message, out);
            break;
        case Program::sudo:
            known = parse::sudo(message, out) || parse::pam(out.app, message, out);
            break;
        case Program::su:
            known = parse::su(message, out) || parse::pam(out.app, message, out);
            break;
        case Program::kernel:
            known = parse::packet_filter(message, out) || parse::auditd(message, scratch_, out);
            if (!known) out.category = Category::system;
            break;
        case Program::web:
            known = parse::web_access(message, out) || parse::web_error(message, zone_, out);
            break;
        case Program::postgres:
            known = parse::postgres(message, zone_, out);
            break;
        case Program::auditd:
            known = parse::auditd(message, scratch_, out);
            break;
        case Program::session:
            known = parse::session(out.app, message, out) || parse::pam(out.app, message, out);
            break;
        case Program::unknown:
            known = out.app.ends_with("(pam_unix)") && parse::pam(out.app, message, out);
            break;
    }
    if (known) return;
    if (params_.count > 0) {
        const bool from_data = parse::structured_data(params_, message_id, scratch_, out);
        // An access record of a database proxy: who read what from where.
        if (from_data && out.category == Category::none && message_id == "ACCESS") {
            out.category = Category::database;
            out.action = ledger::search::Action::query;
        }
        if (from_data && (!out.user.empty() || out.address || out.category != Category::none)) {
            if (out.category == Category::database &&
                out.outcome == ledger::search::Outcome::unknown) {
                out.outcome =
                    ledger::search::Outcome::success;  // only what was answered has a volume
            }
            return;
        }
    }
    from_any_text(out);
}

/// A line of a file without any syslog header: web logs, audit.log, PostgreSQL's own log, JSON.
void FieldExtractor::from_bare_line(std::string_view line, Fields& out) {
    out.message = line;
    if (line.empty()) return;
    if (line.front() == '[' && parse::web_error(line, zone_, out)) return;
    if (parse::web_access(line, out)) return;
    from_any_text(out);
}

/// Tells by what the text looks like.
void FieldExtractor::from_any_text(Fields& out) {
    const std::string_view message = out.message;
    if (message.empty()) return;
    const std::string_view trimmed = parse::trim(message.substr(0, 8));
    if (trimmed.starts_with('{')) {
        (void)parse::json_object(message, zone_, scratch_, out);
        return;
    }
    if (message.starts_with("@cee:")) {
        (void)parse::json_object(message.substr(5), zone_, scratch_, out);
        return;
    }
    if (message.starts_with("pam_") && parse::pam(out.app, message, out)) return;
    if ((message.starts_with("type=") || message.starts_with("node=") ||
         message.starts_with("audit(")) &&
        parse::auditd(message, scratch_, out)) {
        return;
    }
    if (parse::contains(message.substr(0, 64), " - ") && parse::web_access(message, out)) return;
    if (parse::contains(message.substr(0, 256), "IN=") && parse::packet_filter(message, out))
        return;
    if (out.app.empty() && parse::contains(message.substr(0, 512), ":  ") &&
        parse::postgres(message, zone_, out)) {
        return;
    }
    (void)parse::key_values(message, out);
}

}  // namespace daicho::evidence::collect
