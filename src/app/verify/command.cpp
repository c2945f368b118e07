#include "app/verify/command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <ostream>

#include "app/cli/help_form.hpp"
#include "app/verify/words.hpp"
#include "base/fault.hpp"
#include "ledger/core/tlog/tlog_proof.hpp"
#include "ledger/core/verify/file_proof.hpp"
#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/pack/pack.hpp"
#include "ledger/core/verify/render.hpp"

namespace daicho::app::verify {
namespace {

using namespace ledger::core::verify;
namespace fs = std::filesystem;

struct Arguments {
    std::string path;
    std::string keys;
    std::string log_key;
    std::string since;
    std::string raw;
    std::string language;
    bool keyless = false;
    bool deep = false;
    bool json = false;
    bool state = false;
};

std::string help_footer(bool with_state, cli::Language language) {
    std::string out = cli::sentence(language, "help.examples") +
                      ":\n"
                      "  daicho-verify data --deep\n"
                      "  daicho-verify pack.zip --json\n"
                      "  daicho-verify /media/worm/bundle-0001 --keyless --log-key VKEY\n"
                      "  daicho-verify event.tlog-proof\n";
    if (with_state) out += "  daicho verify data --state\n";
    return out + cli::sentence(language, "help.verify_exit");
}

void declare(CLI::App& app, Arguments& arguments, bool with_state, cli::Language language) {
    const auto t = [language](const char* key) { return cli::sentence(language, key); };
    app.formatter(std::make_shared<cli::HelpForm>(language));
    app.set_help_flag("-h,--help", t("help.help"));
    app.description(t("help.verify_about"));
    app.add_option("PATH", arguments.path, t("help.verify_path"))->required();
    auto* keyless = app.add_flag("--keyless", arguments.keyless, t("help.verify_keyless"));
    app.add_flag("--deep", arguments.deep, t("help.verify_deep"))->excludes(keyless);
    app.add_option("--keys", arguments.keys, t("help.verify_keys"))->excludes(keyless);
    app.add_option("--log-key", arguments.log_key, t("help.verify_log_key"));
    app.add_option("--since", arguments.since, t("help.verify_since"));
    app.add_option("--raw", arguments.raw, t("help.verify_raw"));
    if (with_state)
        app.add_flag("--state", arguments.state, t("help.verify_state"))->excludes(keyless);
    app.footer(help_footer(with_state, language));
    app.add_flag("--json", arguments.json, t("help.json"));
    app.add_option("--lang", arguments.language, t("help.lang"))
        ->check(cli::is_one_of(language, {"ja", "en"}));
}

Language own(cli::Language language) {
    return language == cli::Language::japanese ? Language::ja : Language::en;
}

std::string text_file(const std::string& path) {
    return std::string(text_of(read_file(real_files(), path, ledger::core::tlog_proof_size_max)));
}

/// PATH.keys beside a data directory; empty if there are none.
std::string keys_of(const Arguments& arguments) {
    if (arguments.keyless) return {};
    if (!arguments.keys.empty()) return arguments.keys;
    std::string path = arguments.path;
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    const std::string beside = path + ".keys";
    return arguments.deep || arguments.state || real_files().exists(beside + "/root.key")
               ? beside
               : std::string();
}

Result<Report> verify_directory(const Arguments& arguments,
                                const std::optional<ledger::core::VerifierKey>& log_key,
                                StateCheck* state) {
    Options options;
    options.keys_directory = keys_of(arguments);
    options.deep = !options.keys_directory.empty();
    options.keys_lie_beside = options.deep && arguments.keys.empty();
    options.log_key = log_key;
    options.observer = state;
    if (!arguments.since.empty()) {
        options.since = text_file(arguments.since);
        const auto note = ledger::core::parse_note(*options.since);
        if (!note)
            return fail(
                Error{Errc::invalid, "--since: " + note.error().message, "cli.bad_since", {}});
    }
    return verify_ledger(real_files(), arguments.path, options);
}

Result<Report> verify_any(const Arguments& arguments, StateCheck* state) {
    std::optional<ledger::core::VerifierKey> log_key;
    if (!arguments.log_key.empty()) {
        Result<ledger::core::VerifierKey> parsed =
            ledger::core::VerifierKey::parse(arguments.log_key);
        if (!parsed)
            return fail(Error{
                Errc::invalid, "--log-key: " + parsed.error().message, "cli.bad_log_key", {}});
        log_key = std::move(*parsed);
    }
    std::error_code ignored;  // what can't be looked at is opened below, and refused there
    if (fs::is_directory(arguments.path, ignored))
        return verify_directory(arguments, log_key, state);
    if (!fs::exists(arguments.path, ignored))
        return fail(Error{Errc::not_found,
                          "there is nothing at " + arguments.path,
                          "cli.nothing_at",
                          {{"path", arguments.path}}});
    const bool for_ledger = arguments.deep || !arguments.keys.empty() || !arguments.since.empty();
    if (for_ledger)
        return fail(Error{Errc::invalid,
                          "--deep, --keys and --since are for ledgers and bundles",
                          "cli.only_for_ledgers",
                          {}});
    const auto file = real_files().open(arguments.path, Files::Mode::read);
    if (text_of(file->read_at(0, 2)) == "PK") return verify_pack(*file, log_key);
    std::optional<Bytes> raw;
    if (!arguments.raw.empty()) raw = read_file(real_files(), arguments.raw);
    return verify_proof_file(text_file(arguments.path),
                             raw ? std::optional<ByteView>(*raw) : std::nullopt, log_key);
}

int parse_failure(CLI::App& app, const CLI::ParseError& error, cli::Language language,
                  std::ostream& out, std::ostream& err) {
    if (error.get_exit_code() == 0) {
        app.exit(error, out, err);
        return exit_proven;
    }
    err << cli::not_understood(app, error, language) << std::flush;
    return exit_unusable;
}

/// Prints what was found and gives the exit code.
int tell(const Arguments& arguments, const Report& report, const std::optional<StateReport>& state,
         cli::Language language, std::ostream& out) {
    const bool passed = report.passed() && (!state || state->passed());
    if (arguments.json) {
        nlohmann::json all = to_json(report, arguments.path);
        if (state) {
            all["state"] = to_json(*state);
            if (!passed) all["verdict"] = "FAIL";
        }
        out << all.dump(2) << std::endl;
    } else {
        Report shown = report;
        shown.extra = worded(report.extra, language);
        out << to_text(shown, arguments.path, own(language));
        if (state) out << to_text(*state, own(language));
        out << std::flush;
    }
    return passed ? exit_proven : exit_failed;
}

int not_tried(const Error& error, cli::Language language, std::ostream& err) {
    err << "daicho-verify: " << cli::words_of(language, error) << std::endl;
    return exit_unusable;
}

}  // namespace

int run(const std::vector<std::string>& given, std::ostream& out, std::ostream& err,
        StateCheck* state) {
    CLI::App app{"", state == nullptr ? "daicho-verify" : "daicho verify"};
    Arguments arguments;
    const cli::Language language = cli::language_of(given, cli::language_of_environment());
    declare(app, arguments, state != nullptr, language);
    try {
        app.parse(std::vector<std::string>(given.rbegin(), given.rend()));
    } catch (const CLI::ParseError& error) {
        return parse_failure(app, error, language, out, err);
    }
    if (!arguments.state) state = nullptr;
    try {
        if (state != nullptr) {
            const Status begun = state->begin(arguments.path);
            if (!begun) return not_tried(begun.error(), language, err);
        }
        const Result<Report> report = verify_any(arguments, state);
        if (!report) return not_tried(report.error(), language, err);
        std::optional<StateReport> state_report;
        if (state != nullptr) {
            Result<StateReport> compared = state->finish();
            if (!compared) return not_tried(compared.error(), language, err);
            state_report = std::move(*compared);
        }
        return tell(arguments, *report, state_report, language, out);
    } catch (const Fault& fault) {
        return not_tried(
            {Errc::unavailable, fault.what(), "cli.verify_failed", {{"reason", fault.what()}}},
            language, err);
    }
}

}  // namespace daicho::app::verify
