#include "app/node/services/surroundings.hpp"

#include "app/node/services/compliance.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

constexpr std::int64_t seconds_per_day = 86'400;

}  // namespace

std::string rsyslog_lines(const std::string& transport, const std::string& host,
                          std::uint16_t port) {
    const std::string where = "target=\"" + host + "\" port=\"" + std::to_string(port) + "\"";
    const std::string form = " template=\"RSYSLOG_SyslogProtocol23Format\"";
    if (transport == "udp") return "action(type=\"omfwd\" protocol=\"udp\" " + where + form + ")";
    // The disk queue keeps what was logged while daicho is away; octet counting keeps every message
    // whole.
    const std::string queue =
        " TCP_Framing=\"octet-counted\" queue.type=\"LinkedList\" queue.filename=\"daicho\""
        " queue.saveOnShutdown=\"on\" action.resumeRetryCount=\"-1\"";
    if (transport == "tcp")
        return "action(type=\"omfwd\" protocol=\"tcp\" " + where + form + queue + ")";
    return "global(DefaultNetstreamDriverCAFile=\"/etc/rsyslog.d/daicho-ca.pem\")\n"
           "action(type=\"omfwd\" protocol=\"tcp\" " +
           where + form + queue +
           " StreamDriver=\"ossl\" StreamDriverMode=\"1\" StreamDriverAuthMode=\"x509/name\""
           " StreamDriverPermittedPeers=\"" +
           host + "\")";
}

std::string syslog_ng_lines(const std::string& transport, const std::string& host,
                            std::uint16_t port) {
    std::string options = " port(" + std::to_string(port) + ")";
    if (transport == "tls")
        options +=
            " transport(\"tls\") tls(ca-file(\"/etc/syslog-ng/daicho-ca.pem\") "
            "peer-verify(required-trusted))";
    if (transport == "udp") options += " transport(\"udp\")";
    if (transport == "tcp") options += " transport(\"tcp\")";
    return "destination d_daicho { syslog(\"" + host + "\"" + options +
           "); };\n"
           "log { source(s_src); destination(d_daicho); };";
}

Result<json> Surroundings::surroundings() {
    json posts = json::array();
    for (const auto& [id, post] : content_.posts)
        posts.push_back({{"id", id}, {"title", text_view(post.title)}});
    json retention = json::array();
    const auto rules = rules_.all();
    if (!rules) return fail(rules.error());
    for (const RetentionRule& rule : *rules) {
        retention.push_back({{"class", rule.id},
                             {"title", text_view(rule.title)},
                             {"days", rule.period.mean_seconds() / seconds_per_day},
                             {"clause_id", rule.clause ? json(*rule.clause) : json(nullptr)}});
    }
    json collectors = json::array();
    json lines = json::array();
    for (const Collector& one : collectors_) {
        const bool is_v6 = one.address.find(':') != std::string::npos;
        const std::string shown = is_v6 ? "[" + one.address + "]" : one.address;
        collectors.push_back(
            {{"transport", one.transport}, {"address", shown + ":" + std::to_string(one.port)}});
        lines.push_back({{"program", "rsyslog"},
                         {"transport", one.transport},
                         {"text", rsyslog_lines(one.transport, host_, one.port)}});
        lines.push_back({{"program", "syslog-ng"},
                         {"transport", one.transport},
                         {"text", syslog_ng_lines(one.transport, host_, one.port)}});
    }
    return json{
        {"posts", posts},
        {"retention", retention},
        {"collectors", collectors},
        {"syslog_lines", lines},
        {"ca_certificate", ca_certificate_.empty() ? json(nullptr) : json(ca_certificate_)}};
}

}  // namespace daicho::app::node
