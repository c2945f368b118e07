#include <iostream>
#include <nlohmann/json.hpp>

#include "app/commands/commands.hpp"

namespace daicho::app::commands {

int init(const cli::InitOptions& options) {
    const node::Places places = node::places_of(options.data, options.keys);
    const Result<std::string> password =
        node::initialise(real_files(), system_clock(), places, options.organisation, options.admin,
                         options.host_names);
    if (!password) return refused(password.error());
    if (options.json) {
        const nlohmann::json out{{"admin", options.admin},
                                 {"data", places.data},
                                 {"keys", places.keys},
                                 {"one_time_password", *password}};
        std::cout << out.dump(2) << "\n";
        return cli::exit_done;
    }
    std::cout << "data                " << places.data << "\nkeys                " << places.keys
              << "   (keep a copy elsewhere; without it nothing can be read)\nadministrator       "
              << options.admin << "\none-time password   " << *password
              << "   (dies after 72 hours; the first sign-in asks for a new one)\n";
    return cli::exit_done;
}

int status(const cli::StatusOptions& options) {
    const Result<std::unique_ptr<node::Node>> node = open_node(options, options.content);
    if (!node) return refused(node.error());
    const Status flushed = (*node)->pump().flush();
    if (!flushed) return refused(flushed.error());
    WallNs as_of = system_clock().wall_ns();
    if (!options.as_of.empty()) {
        const Result<WallNs> asked = moment(options.as_of, true);
        if (!asked) return refused(asked.error());
        as_of = std::min(as_of, *asked);
    }
    const Result<nlohmann::json> state = (*node)->compliance().status(as_of);
    if (!state) return refused(state.error());
    if (options.json) {
        std::cout << state->dump(2) << "\n";
        return cli::exit_done;
    }
    for (const auto& [clause, one] : (*state)["clauses"].items()) {
        std::cout << clause << "\t" << one["state"].get<std::string>() << "\n";
    }
    return cli::exit_done;
}

int pack(const cli::PackOptions& options) {
    const Result<std::unique_ptr<node::Node>> node = open_node(options, options.content);
    if (!node) return refused(node.error());
    const auto from = calendar::parse_date(options.from);
    const auto to = calendar::parse_date(options.to);
    if (!from || !to || *to < *from) {
        return refused({Errc::invalid,
                        "--from and --to are days (2026-11-01), the first not after the last",
                        {},
                        {}});
    }
    Progress progress;
    const Status written =
        (*node)->packs().write({options.clauses, {*from, *to}}, options.output, progress);
    if (!written) return refused(written.error());
    std::cout << options.output << "\n";
    return cli::exit_done;
}

int rescue(const cli::RescueOptions& options) {
    const Result<std::unique_ptr<node::Node>> node = open_node(options);
    if (!node) return refused(node.error());
    access::Room& room = (*node)->access();
    const Result<access::Issued> issued = access::rescue_administrator(
        (*node)->database(), room.hashes, room.sessions, options.login);
    if (!issued) return refused(issued.error());
    std::cout << "one-time password   " << issued->one_time_password << "\n";
    return cli::exit_done;
}

}  // namespace daicho::app::commands
