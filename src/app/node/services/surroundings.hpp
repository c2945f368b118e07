#pragma once
// What the settings page shows besides what people set: posts, retention, where to send logs, and
// the lines to copy.
#include <string>
#include <vector>

#include "app/api/settings/handlers.hpp"
#include "app/node/retention/rules.hpp"
#include "register/content/content.hpp"

namespace daicho::app::node {

struct Collector {
    std::string transport;  // tcp, tls, udp
    std::string address;    // as bound
    std::uint16_t port = 0;
};

/// The line (or lines) that makes a sender send here. `host` is the name under which the sender
/// reaches this machine.
[[nodiscard]] std::string rsyslog_lines(const std::string& transport, const std::string& host,
                                        std::uint16_t port);
[[nodiscard]] std::string syslog_ng_lines(const std::string& transport, const std::string& host,
                                          std::uint16_t port);

/// Thread-safe: set once before serving.
class Surroundings final : public api::SurroundingsService {
public:
    Surroundings(const register_::Content& content, RetentionRules& rules, std::string host,
                 std::string ca_certificate)
        : content_(content),
          rules_(rules),
          host_(std::move(host)),
          ca_certificate_(std::move(ca_certificate)) {}
    void set_collectors(std::vector<Collector> collectors) { collectors_ = std::move(collectors); }
    [[nodiscard]] Result<nlohmann::json> surroundings() override;

private:
    const register_::Content& content_;
    RetentionRules& rules_;
    std::string host_;
    std::string ca_certificate_;
    std::vector<Collector> collectors_;
};

}  // namespace daicho::app::node
