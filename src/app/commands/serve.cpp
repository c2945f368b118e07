#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/signals.hpp"
#include "app/commands/commands.hpp"

namespace daicho::app::commands {
namespace {

namespace listen = evidence::collect::listen;

Result<std::optional<listen::Endpoint>> endpoint(const std::vector<std::string>& given) {
    if (given.empty() || given.front() == "off") return std::optional<listen::Endpoint>{};
    if (given.size() > 1) return fail(Errc::invalid, "one address for each way of sending");
    const auto parsed = cli::parse_host_port(given.front());
    if (!parsed) return fail(Errc::invalid, "not an address with a port: " + given.front());
    return std::optional(listen::Endpoint{parsed->host, parsed->port});
}

Result<node::NodeOptions> node_options(const cli::ServeOptions& options) {
    node::NodeOptions out;
    out.places = node::places_of(options.data, options.keys);
    if (!options.content.empty()) out.places.content = options.content;
    if (!options.web.empty()) out.places.web = options.web;
    auto tcp = endpoint(options.syslog_tcp);
    auto tls = endpoint(options.syslog_tls);
    auto udp = endpoint(options.syslog_udp);
    for (const auto* one : {&tcp, &tls, &udp}) {
        if (!*one) return fail(one->error());
    }
    out.syslog_tcp = *tcp;
    out.syslog_tls = *tls;
    out.syslog_udp = *udp;
    return out;
}

Result<http::ServerSettings> server_settings(const cli::ServeOptions& options,
                                             const node::Node& node) {
    const auto address = cli::parse_host_port(options.https);
    if (!address) return fail(Errc::invalid, "not an address with a port: " + options.https);
    http::ServerSettings out;
    out.address = address->host;
    out.port = address->port;
    Result<crypto::tls::Identity> identity = node.identity();
    if (!identity) return fail(identity.error());
    out.identity = std::move(*identity);
    out.hosts = {"localhost", "127.0.0.1", "[::1]", address->host};
    for (const std::string& name : options.host_names) out.hosts.push_back(name);
    return out;
}

}  // namespace

int serve(const cli::ServeOptions& options) {
    const std::shared_ptr<Log> log = Log::to_stderr();
    Result<node::NodeOptions> wanted = node_options(options);
    if (!wanted) return refused(wanted.error());
    http::Server* serving = nullptr;
    Mutex mutex;
    bool stopped = false;
    // Before any thread is made: signals belong to one thread of their own.
    cli::StopSignals signals([&] {
        const MutexLock lock(mutex);
        stopped = true;
        if (serving != nullptr) serving->stop();
    });
    Result<std::unique_ptr<node::Node>> node =
        node::Node::open(real_files(), system_clock(), std::move(*wanted), log);
    if (!node) return refused(node.error());
    const Status collecting = (*node)->start_collecting();
    if (!collecting) return refused(collecting.error());
    const Result<http::Application*> application = (*node)->application();
    if (!application) return refused(application.error());
    Result<http::ServerSettings> settings = server_settings(options, **node);
    if (!settings) return refused(settings.error());
    Result<std::unique_ptr<http::Server>> server =
        http::Server::create(std::move(*settings), **application, system_clock(), log);
    if (!server) return refused(server.error());
    {
        const MutexLock lock(mutex);
        serving = server->get();
        if (stopped) return cli::exit_done;
    }
    std::cout << "https://localhost:" << (*server)->port() << std::endl;
    (*server)->run();
    const MutexLock lock(mutex);
    serving = nullptr;
    return cli::exit_done;
}

}  // namespace daicho::app::commands
