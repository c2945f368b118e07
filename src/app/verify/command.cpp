#include "app/verify/command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <ostream>

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

std::string help_footer(bool with_state) {
    std::string out =
        "Examples / 例:\n"
        "  daicho-verify data --deep\n"
        "  daicho-verify pack.zip --json\n"
        "  daicho-verify /media/worm/bundle-0001 --keyless --log-key VKEY\n"
        "  daicho-verify event.tlog-proof\n";
    if (with_state) out += "  daicho verify data --state\n";
    return out +
           "Exit codes: 0 all that was asked is proven; 1 it is not; 2 it could not be tried.\n"
           "終了コード: 0 すべて証明、1 証明できないものがある、2 検証できなかった。";
}

void declare(CLI::App& app, Arguments& arguments, bool with_state) {
    app.description(
        "Verifies a daicho ledger, an export bundle, an evidence pack or an event proof.\n"
        "台帳・書出し媒体・証跡パック・イベント証明を検証します。読み取るだけで、何も書き換えません"
        "。");
    app.add_option("path", arguments.path, "data directory, bundle, pack (.zip) or .tlog-proof")
        ->required();
    auto* keyless = app.add_flag("--keyless", arguments.keyless, "do not use keys / 鍵を使わない");
    app.add_flag("--deep", arguments.deep, "decrypt and hash every event / 全件を復号して再計算")
        ->excludes(keyless);
    app.add_option("--keys", arguments.keys, "folder of keys (default: PATH.keys, if it is there)")
        ->excludes(keyless);
    app.add_option("--log-key", arguments.log_key,
                   "the log key (vkey) that you know / 既知のログ鍵");
    app.add_option("--since", arguments.since,
                   "file of a remembered checkpoint / 控えのチェックポイント");
    app.add_option("--raw", arguments.raw, "the event's bytes, for a proof without them");
    if (with_state) {
        app.add_flag("--state", arguments.state,
                     "also compare accounts, settings and facts with the ledger / "
                     "アカウント・設定・事実も台帳と照合（--deep を含む）")
            ->excludes(keyless);
    }
    app.footer(help_footer(with_state));
    app.add_flag("--json", arguments.json, "print JSON / JSON で出力");
    app.add_option("--lang", arguments.language, "ja or en (default: LANG)")
        ->check(CLI::IsMember({"ja", "en"}));
}

Language language_of(const Arguments& arguments) {
    if (!arguments.language.empty())
        return arguments.language == "ja" ? Language::ja : Language::en;
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == 0) continue;
        return std::string_view(value).starts_with("ja") ? Language::ja : Language::en;
    }
    return Language::ja;
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
        if (!note) return fail(Errc::invalid, "--since: " + note.error().message);
    }
    return verify_ledger(real_files(), arguments.path, options);
}

Result<Report> verify_any(const Arguments& arguments, StateCheck* state) {
    std::optional<ledger::core::VerifierKey> log_key;
    if (!arguments.log_key.empty()) {
        Result<ledger::core::VerifierKey> parsed =
            ledger::core::VerifierKey::parse(arguments.log_key);
        if (!parsed) return fail(Errc::invalid, "--log-key: " + parsed.error().message);
        log_key = std::move(*parsed);
    }
    std::error_code ignored;  // what can't be looked at is opened below, and refused there
    if (fs::is_directory(arguments.path, ignored))
        return verify_directory(arguments, log_key, state);
    if (!fs::exists(arguments.path, ignored))
        return fail(Errc::not_found, "there is nothing at " + arguments.path);
    const bool for_ledger = arguments.deep || !arguments.keys.empty() || !arguments.since.empty();
    if (for_ledger)
        return fail(Errc::invalid, "--deep, --keys and --since are for ledgers and bundles");
    const auto file = real_files().open(arguments.path, Files::Mode::read);
    if (text_of(file->read_at(0, 2)) == "PK") return verify_pack(*file, log_key);
    std::optional<Bytes> raw;
    if (!arguments.raw.empty()) raw = read_file(real_files(), arguments.raw);
    return verify_proof_file(text_file(arguments.path),
                             raw ? std::optional<ByteView>(*raw) : std::nullopt, log_key);
}

int parse_failure(CLI::App& app, const CLI::ParseError& error, std::ostream& out,
                  std::ostream& err) {
    const int code = app.exit(error, out, err);
    return code == 0 ? exit_proven : exit_unusable;
}

/// Prints what was found and gives the exit code.
int tell(const Arguments& arguments, const Report& report, const std::optional<StateReport>& state,
         std::ostream& out) {
    const bool passed = report.passed() && (!state || state->passed());
    if (arguments.json) {
        nlohmann::json all = to_json(report, arguments.path);
        if (state) {
            all["state"] = to_json(*state);
            if (!passed) all["verdict"] = "FAIL";
        }
        out << all.dump(2) << std::endl;
    } else {
        out << to_text(report, arguments.path, language_of(arguments));
        if (state) out << to_text(*state, language_of(arguments));
        out << std::flush;
    }
    return passed ? exit_proven : exit_failed;
}

int not_tried(const Error& error, std::ostream& err) {
    err << "daicho-verify: " << error.message << std::endl;
    return exit_unusable;
}

}  // namespace

int run(const std::vector<std::string>& given, std::ostream& out, std::ostream& err,
        StateCheck* state) {
    CLI::App app{"", state == nullptr ? "daicho-verify" : "daicho verify"};
    Arguments arguments;
    declare(app, arguments, state != nullptr);
    try {
        app.parse(std::vector<std::string>(given.rbegin(), given.rend()));
    } catch (const CLI::ParseError& error) {
        return parse_failure(app, error, out, err);
    }
    if (!arguments.state) state = nullptr;
    try {
        if (state != nullptr) {
            const Status begun = state->begin(arguments.path);
            if (!begun) return not_tried(begun.error(), err);
        }
        const Result<Report> report = verify_any(arguments, state);
        if (!report) return not_tried(report.error(), err);
        std::optional<StateReport> state_report;
        if (state != nullptr) {
            Result<StateReport> compared = state->finish();
            if (!compared) return not_tried(compared.error(), err);
            state_report = std::move(*compared);
        }
        return tell(arguments, *report, state_report, out);
    } catch (const Fault& fault) {
        return not_tried({Errc::unavailable, fault.what(), {}, {}}, err);
    }
}

}  // namespace daicho::app::verify
