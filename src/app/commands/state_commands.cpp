#include <filesystem>
#include <nlohmann/json.hpp>

#include "access/people.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/key_rights.hpp"
#include "app/commands/output_file.hpp"

namespace daicho::app::commands {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Absent, or a folder with nothing in it: whatever is made there can be taken away again.
bool is_free(const std::string& path) {
    std::error_code trouble;
    const fs::file_status there = fs::symlink_status(path, trouble);
    if (there.type() == fs::file_type::not_found) return true;
    return there.type() == fs::file_type::directory && fs::is_empty(path, trouble) && !trouble;
}

/// The folder itself stays if it was there before.
void clear(const std::string& path, bool existed) {
    std::error_code ignored;
    if (!existed) {
        fs::remove_all(path, ignored);
        return;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(path, ignored))
        fs::remove_all(entry.path(), ignored);
}

void print_made(const Console& console, const cli::InitOptions& options, const node::Places& places,
                const std::string& password) {
    if (options.json) {
        const json out{{"admin", options.admin},
                       {"data", places.data},
                       {"keys", places.keys},
                       {"one_time_password", password}};
        console.out << out.dump(2) << std::endl;
        return;
    }
    console.say("cli.out_init", {{"data", places.data},
                                 {"keys", places.keys},
                                 {"admin", options.admin},
                                 {"password", password}});
}

}  // namespace

int init(Console& console, const cli::InitOptions& options) {
    const node::Places places = node::places_of(options.data, options.keys);
    for (const std::string& path : {places.data, places.keys}) {
        if (!is_free(path))
            return console.refused(
                {Errc::conflict, path + " is in use", "cli.in_use", {{"path", path}}});
    }
    const bool had_data = fs::exists(places.data);
    const bool had_keys = fs::exists(places.keys);
    const auto undo = [&] {
        clear(places.data, had_data);
        clear(places.keys, had_keys);
    };
    try {
        const Result<std::string> password =
            node::initialise(real_files(), system_clock(), places, options.organisation,
                             options.admin, options.host_names);
        if (password) {
            // A folder that was there may have let others in.
            fs::permissions(places.keys, fs::perms::owner_all);
            print_made(console, options, places, *password);
            return cli::exit_done;
        }
        undo();
        return console.refused({password.error().code,
                                password.error().message,
                                "cli.init_undone",
                                {{"reason", cli::words_of(console.language, password.error())}}});
    } catch (const std::exception&) {
        undo();
        throw;
    }
}

int status(Console& console, const cli::StatusOptions& options) {
    return with_node(console, options, options.content, [&](node::Node& node) {
        WallNs as_of = system_clock().wall_ns();
        if (!options.as_of.empty()) {
            const Result<calendar::Zone> zone = node.compliance().zone();
            if (!zone) return console.refused(zone.error());
            const Result<WallNs> asked = moment_until(options.as_of, *zone, as_of);
            if (!asked) return console.refused(asked.error());
            as_of = *asked;
        }
        const Status flushed = node.pump().flush();
        if (!flushed) return console.refused(flushed.error());
        const Result<json> state = node.compliance().status(as_of);
        if (!state) return console.refused(state.error());
        if (options.json) {
            console.out << state->dump(2) << std::endl;
            return cli::exit_done;
        }
        if (!options.as_of.empty())
            console.say("cli.out_as_of", {{"at", (*state)["as_of"].get<std::string>()}});
        for (const auto& [clause, one] : (*state)["clauses"].items())
            console.out << clause << "\t" << console.word(one["state"].get<std::string>()) << "\n";
        return cli::exit_done;
    });
}

int pack(Console& console, const cli::PackOptions& options) {
    const auto from = calendar::parse_date(options.from);
    const auto to = calendar::parse_date(options.to);
    if (!from || !to || *to < *from)
        return console.mistyped({Errc::invalid, "not a period", "cli.bad_period", {}});
    return with_node(console, options, options.content, [&](node::Node& node) {
        Result<OutputFile> output = OutputFile::prepare(console, options.output, options.force);
        if (!output) return console.refused(output.error());
        const Status written = output->write([&](const std::string& path) {
            return node.packs().write({options.clauses, {*from, *to}}, path, console.progress);
        });
        if (!written) return console.refused(written.error());
        const Status kept = output->keep();
        if (!kept) return console.refused(kept.error());
        if (options.json) {
            const json out{{"output", console.absolute(options.output)},
                           {"clauses", options.clauses},
                           {"from", options.from},
                           {"to", options.to}};
            console.out << out.dump(2) << std::endl;
        } else {
            console.out << options.output << std::endl;
        }
        return cli::exit_done;
    });
}

int rescue(Console& console, const cli::RescueOptions& options) {
    return with_node(console, options, "", [&](node::Node& node) {
        access::Room& room = node.access();
        const Result<access::Issued> issued = access::rescue_administrator(
            node.database(), room.hashes, room.sessions, options.login);
        if (!issued) return console.refused(issued.error());
        if (options.json) {
            const json out{{"admin", options.login},
                           {"one_time_password", issued->one_time_password}};
            console.out << out.dump(2) << std::endl;
        } else {
            console.say("cli.out_rescue", {{"password", issued->one_time_password}});
        }
        return cli::exit_done;
    });
}

/// Always in a process of its own: no daicho runs on such a state.
int accept_restored_state(Console& console, const cli::RestoredOptions& options) {
    if (!real_files().exists(options.data + "/state.db"))
        return console.refused({Errc::not_found,
                                "no data at " + options.data,
                                "cli.no_data",
                                {{"path", options.data}}});
    node::NodeOptions wanted;
    wanted.places = node::places_of(options.data, options.keys);
    wanted.places.web.clear();
    wanted.restored_reason = options.reason;
    const Status closed_keys = check_key_rights(wanted.places.keys);
    if (!closed_keys) return console.refused(closed_keys.error());
    const Result<std::unique_ptr<node::Node>> node = node::Node::open(
        real_files(), system_clock(), std::move(wanted), Log::to_stderr(LogLevel::warning));
    if (!node) return console.refused(node.error());
    const Status moved = (*node)->pump().flush();
    if (!moved) return console.refused(moved.error());
    if (options.json) {
        console.out << json{{"data", options.data}, {"accepted", true}}.dump(2) << std::endl;
    } else {
        console.say("cli.out_restored");
    }
    return cli::exit_done;
}

}  // namespace daicho::app::commands
