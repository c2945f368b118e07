#include "app/cli/command_line.hpp"

#include <charconv>
#include <exception>
#include <ostream>

#include "app/cli/help.hpp"
#include "app/cli/help_form.hpp"

namespace daicho::app::cli {
namespace {

constexpr std::int64_t search_limit_max = 10'000;

/// Declares commands and remembers which one was chosen.
class Table {
public:
    Table(CLI::App& app, const Commands& commands, Language language)
        : app_(app), commands_(commands), language_(language) {}

    void declare() {
        declare_start();
        declare_ledger();
        declare_evidence();
    }
    [[nodiscard]] int run_chosen() const { return chosen_(); }

private:
    [[nodiscard]] std::string t(const char* key) const { return sentence(language_, key); }

    /// What CLI11 would otherwise say of a subcommand in words of its own.
    void finish(CLI::App& command) const {
        command.group(t("help.subcommands"));
        command.set_help_flag("-h,--help", t("help.help"));
    }

    /// A subcommand with DATA and the common options; its function runs when it was chosen.
    template <typename Options>
    CLI::App* add(CLI::App& parent, const char* name, const char* help, Options& options,
                  const std::function<int(const Options&)>& function) {
        if (!function) return nullptr;
        CLI::App* command = parent.add_subcommand(name, t(help));
        finish(*command);
        command->add_option("DATA", options.data, t("help.data"))->required();
        command->add_option("--keys", options.keys, t("help.keys"));
        command->add_flag("--json", options.json, t("help.json"));
        command->add_flag("--quiet", options.quiet, t("help.quiet"));
        command->add_option("--lang", options.lang, t("help.lang"))
            ->check(is_one_of(language_, {"ja", "en"}));
        command->footer(examples_of(
            (parent.get_name() == "daicho" ? "" : parent.get_name() + " ") + std::string(name),
            language_));
        command->callback([this, &options, &function] {
            while (options.data.size() > 1 && options.data.ends_with('/')) options.data.pop_back();
            if (options.keys.empty()) options.keys = options.data + ".keys";
            chosen_ = [&options, &function] { return function(options); };
        });
        return command;
    }

    void declare_start() {
        if (CLI::App* c = add(app_, "init", "help.init", init_, commands_.init)) {
            c->add_option("--organisation", init_.organisation, t("help.init_organisation"))
                ->required();
            c->add_option("--admin", init_.admin, t("help.init_admin"))->required();
            c->add_option("--host", init_.host_names, t("help.init_host"));
        }
        if (CLI::App* c = add(app_, "serve", "help.serve", serve_, commands_.serve)) {
            c->add_option("--https", serve_.https, t("help.serve_https"))
                ->check(is_host_port(language_))
                ->capture_default_str();
            c->add_option("--syslog-tcp", serve_.syslog_tcp, t("help.serve_syslog_tcp"))
                ->check(is_host_port(language_, "off"));
            c->add_option("--syslog-tls", serve_.syslog_tls, t("help.serve_syslog_tls"))
                ->check(is_host_port(language_, "off"));
            c->add_option("--syslog-udp", serve_.syslog_udp, t("help.serve_syslog_udp"))
                ->check(is_host_port(language_, "off"));
            c->add_option("--host", serve_.host_names, t("help.serve_host"));
            c->add_option("--web", serve_.web, t("help.serve_web"));
            c->add_option("--content", serve_.content, t("help.content"));
        }
        if (CLI::App* c = add(app_, "rescue", "help.rescue", rescue_, commands_.rescue)) {
            c->add_option("--admin", rescue_.login, t("help.rescue_admin"))->required();
        }
        if (CLI::App* c = add(app_, "accept-restored-state", "help.restored", restored_,
                              commands_.accept_restored_state)) {
            c->add_option("--reason", restored_.reason, t("help.restored_reason"))->required();
        }
    }

    void declare_ledger() {
        CLI::App& ledger = *app_.add_subcommand("ledger", t("help.ledger"));
        ledger.require_subcommand(1);
        ledger.footer(examples_of("ledger", language_));
        finish(ledger);
        if (CLI::App* c = add(ledger, "import", "help.import", import_, commands_.ledger_import)) {
            c->add_option("--source", import_.source, t("help.import_source"))->required();
            c->add_option("FILE", import_.files, t("help.import_file"))->required();
        }
        if (CLI::App* c = add(ledger, "search", "help.search", search_, commands_.ledger_search)) {
            declare_search(*c);
        }
        if (CLI::App* c = add(ledger, "prove", "help.prove", prove_, commands_.ledger_prove)) {
            c->add_option("SEQ", prove_.seq, t("help.prove_seq"))->required();
            c->add_option("-o,--output", prove_.output, t("help.prove_output"))
                ->check(is_filled(language_));
            c->add_flag("--force", prove_.force, t("help.force"));
        }
        if (CLI::App* c = add(ledger, "export", "help.export", export_, commands_.ledger_export)) {
            c->add_option("--target", export_.target, t("help.export_target"));
        }
        add(ledger, "status", "help.ledger_status", ledger_status_, commands_.ledger_status);
        add(ledger, "reindex", "help.reindex", reindex_, commands_.ledger_reindex);
        add(ledger, "retire", "help.retire", retire_, commands_.ledger_retire);
        declare_holds(ledger);
    }

    void declare_holds(CLI::App& ledger) {
        if (CLI::App* c = add(ledger, "hold", "help.hold", hold_, commands_.ledger_hold)) {
            c->add_option("--from", hold_.from, t("help.hold_from"))
                ->required()
                ->check(is_day(language_));
            c->add_option("--to", hold_.to, t("help.hold_to"))
                ->required()
                ->check(is_day(language_));
            c->add_option("--reason", hold_.reason, t("help.hold_reason"))->required();
        }
        if (CLI::App* c =
                add(ledger, "release", "help.release", release_, commands_.ledger_release)) {
            c->add_option("ID", release_.id, t("help.release_id"))->required();
            c->add_option("--reason", release_.reason, t("help.release_reason"))->required();
        }
        add(ledger, "holds", "help.holds", holds_, commands_.ledger_holds);
    }

    void declare_search(CLI::App& command) {
        command.add_option("--from", search_.from, t("help.search_from"))
            ->check(is_moment(language_));
        command.add_option("--to", search_.to, t("help.search_to"))->check(is_moment(language_));
        command.add_option("--source", search_.source, t("help.search_source"));
        command.add_option("--host", search_.host, t("help.search_host"));
        command.add_option("--app", search_.app, t("help.search_app"));
        command.add_option("--user", search_.user, t("help.search_user"));
        command.add_option("--address", search_.address, t("help.search_address"));
        command.add_option("--outcome", search_.outcome, t("help.search_outcome"))
            ->check(is_one_of(language_, {"success", "failure", "unknown"}));
        command.add_option("--limit", search_.limit, t("help.search_limit"))
            ->check(is_between(language_, 1, search_limit_max))
            ->capture_default_str();
        command.add_option("TEXT", search_.text, t("help.search_text"));
    }

    void declare_evidence() {
        if (CLI::App* c = add(app_, "status", "help.status", status_, commands_.status)) {
            c->add_option("--as-of", status_.as_of, t("help.status_as_of"))
                ->check(is_moment(language_));
            c->add_option("--content", status_.content, t("help.content"));
        }
        if (CLI::App* c = add(app_, "pack", "help.pack", pack_, commands_.pack)) {
            c->add_option("--clause", pack_.clauses, t("help.pack_clause"))->required();
            c->add_option("--from", pack_.from, t("help.pack_from"))
                ->required()
                ->check(is_day(language_));
            c->add_option("--to", pack_.to, t("help.pack_to"))
                ->required()
                ->check(is_day(language_));
            c->add_option("-o,--output", pack_.output, t("help.pack_output"))
                ->required()
                ->check(is_filled(language_));
            c->add_flag("--force", pack_.force, t("help.force"));
            c->add_option("--content", pack_.content, t("help.content"));
        }
        if (commands_.verify) {
            CLI::App* c = app_.add_subcommand("verify", t("help.verify"));
            c->group(t("help.subcommands"));
            c->prefix_command();
            c->set_help_flag();
            c->callback(
                [this, c] { chosen_ = [this, c] { return commands_.verify(c->remaining()); }; });
        }
    }

    CLI::App& app_;
    const Commands& commands_;
    const Language language_;
    std::function<int()> chosen_;
    InitOptions init_;
    ServeOptions serve_;
    RescueOptions rescue_;
    RestoredOptions restored_;
    ImportOptions import_;
    SearchOptions search_;
    ProveOptions prove_;
    ExportOptions export_;
    Common ledger_status_;
    Common reindex_;
    Common retire_;
    HoldOptions hold_;
    ReleaseOptions release_;
    Common holds_;
    StatusOptions status_;
    PackOptions pack_;
};

}  // namespace

int run(const std::vector<std::string>& arguments, const Commands& commands, Language language,
        std::ostream& out, std::ostream& err) {
    CLI::App app(sentence(language, "help.daicho"), "daicho");
    app.formatter(std::make_shared<HelpForm>(language));
    app.set_help_flag("-h,--help", sentence(language, "help.help"));
    app.require_subcommand(1);
    app.footer(examples_of("", language));
    Table table(app, commands, language);
    table.declare();
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error, out, err);
        err << not_understood(app, error, language) << std::flush;
        return exit_usage;
    }
    try {
        return table.run_chosen();
    } catch (const std::exception& error) {
        err << "daicho: " << sentence(language, "cli.machine_failed", {{"reason", error.what()}})
            << std::endl;
        return exit_fault;
    }
}

std::optional<HostPort> parse_host_port(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    HostPort out;
    out.host = text.substr(0, colon);
    if (out.host.starts_with('[')) {
        if (!out.host.ends_with(']') || out.host.size() < 4) return std::nullopt;
        out.host = out.host.substr(1, out.host.size() - 2);
    } else if (out.host.find(':') != std::string::npos) {
        return std::nullopt;  // an IPv6 address needs brackets, or its last group would be the port
    }
    if (out.host.empty()) out.host = "::";
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data() + colon + 1, end, out.port);
    if (error != std::errc() || at != end || text.size() == colon + 1) return std::nullopt;
    return out;
}

}  // namespace daicho::app::cli
