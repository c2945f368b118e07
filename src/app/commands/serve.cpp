#include <unistd.h>

#include "app/cli/signals.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/key_rights.hpp"
#include "app/control/client.hpp"
#include "app/control/server.hpp"

namespace daicho::app::commands {
namespace {

namespace listen = evidence::collect::listen;

Result<std::optional<listen::Endpoint>> endpoint(const std::vector<std::string>& given) {
    if (given.empty() || given.front() == "off") return std::optional<listen::Endpoint>{};
    if (given.size() > 1)
        return refuse(Errc::invalid, "cli.one_address", "one address for each way of receiving");
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

/// The node of DATA, or why not: another daicho has it.
Result<std::unique_ptr<node::Node>> open_to_serve(const cli::ServeOptions& options,
                                                  node::NodeOptions wanted,
                                                  const std::shared_ptr<Log>& log) {
    const std::vector<std::pair<std::string, std::string>> where{{"path", options.data}};
    if (!real_files().exists(options.data + "/state.db"))
        return refuse(Errc::not_found, "cli.no_data", "no data at " + options.data, where);
    if (!real_files().exists(wanted.places.web + "/index.html"))
        return refuse(Errc::not_found, "cli.no_web", "no pages in " + wanted.places.web,
                      {{"path", wanted.places.web}});
    const Status closed_keys = check_key_rights(wanted.places.keys);
    if (!closed_keys) return fail(closed_keys.error());
    auto node = node::Node::open(real_files(), system_clock(), std::move(wanted), log);
    if (node || node.error().code != Errc::locked) return node;
    const auto call = control::Call::open(options.data);
    return refuse(Errc::locked, call && *call ? "cli.serving" : "cli.locked",
                  "another daicho has " + options.data, where);
}

/// Commands that are typed while this daicho runs (docs/decisions/0050).
Result<std::unique_ptr<control::Server>> take_commands(node::Node& node, const node::Places& places,
                                                       const std::shared_ptr<Log>& log) {
    return control::Server::start(
        {places.data, ::geteuid()},
        [&node, &places](const control::Request& request, const control::Descriptors& descriptors,
                         Progress& progress) {
            return run_handed_over(node, places, request, descriptors, progress);
        },
        log);
}

}  // namespace

int serve(Console& console, const cli::ServeOptions& options) {
    const std::shared_ptr<Log> log = Log::to_stderr();
    Result<node::NodeOptions> wanted = node_options(options);
    if (!wanted) return console.refused(wanted.error());
    const node::Places places = wanted->places;
    http::Server* serving = nullptr;
    Mutex mutex;
    bool stopped = false;
    // Before any thread is made: signals belong to one thread of their own.
    cli::StopSignals signals([&] {
        const MutexLock lock(mutex);
        stopped = true;
        if (serving != nullptr) serving->stop();
    });
    Result<std::unique_ptr<node::Node>> node = open_to_serve(options, std::move(*wanted), log);
    if (!node) return console.refused(node.error());
    const Status collecting = (*node)->start_collecting();
    if (!collecting) return console.refused(collecting.error());
    const Result<http::Application*> application = (*node)->application();
    if (!application) return console.refused(application.error());
    Result<http::ServerSettings> settings = server_settings(options, **node);
    if (!settings) return console.refused(settings.error());
    Result<std::unique_ptr<http::Server>> server =
        http::Server::create(std::move(*settings), **application, system_clock(), log);
    if (!server)
        return console.refused({server.error().code,
                                server.error().message,
                                "cli.cannot_listen",
                                {{"address", options.https}}});
    // Ends before the node that it works on.
    const auto control = take_commands(**node, places, log);
    if (!control) return console.refused(control.error());
    {
        const MutexLock lock(mutex);
        serving = server->get();
        if (stopped) return cli::exit_done;
    }
    console.out << "https://localhost:" << (*server)->port() << std::endl;
    (*server)->run();
    const MutexLock lock(mutex);
    serving = nullptr;
    return cli::exit_done;
}

}  // namespace daicho::app::commands
