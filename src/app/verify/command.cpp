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
};

void declare(CLI::App& app, Arguments& arguments) {
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
    app.add_flag("--json", arguments.json, "print JSON");
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
    return arguments.deep || real_files().exists(beside + "/root.key") ? beside : std::string();
}

Result<Report> verify_directory(const Arguments& arguments,
                                const std::optional<ledger::core::VerifierKey>& log_key) {
    Options options;
    options.keys_directory = keys_of(arguments);
    options.deep = !options.keys_directory.empty();
    options.log_key = log_key;
    if (!arguments.since.empty()) options.since = text_file(arguments.since);
    return verify_ledger(real_files(), arguments.path, options);
}

Result<Report> verify_any(const Arguments& arguments) {
    std::optional<ledger::core::VerifierKey> log_key;
    if (!arguments.log_key.empty()) {
        Result<ledger::core::VerifierKey> parsed =
            ledger::core::VerifierKey::parse(arguments.log_key);
        if (!parsed) return fail(Errc::invalid, "--log-key: " + parsed.error().message);
        log_key = std::move(*parsed);
    }
    std::error_code ignored;  // what can't be looked at is opened below, and refused there
    if (fs::is_directory(arguments.path, ignored)) return verify_directory(arguments, log_key);
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

}  // namespace

int run(const std::vector<std::string>& given, std::ostream& out, std::ostream& err) {
    CLI::App app{"", "daicho-verify"};
    Arguments arguments;
    declare(app, arguments);
    try {
        app.parse(std::vector<std::string>(given.rbegin(), given.rend()));
    } catch (const CLI::ParseError& error) {
        return parse_failure(app, error, out, err);
    }
    try {
        const Result<Report> report = verify_any(arguments);
        if (!report) {
            err << "daicho-verify: " << report.error().message << "\n";
            return exit_unusable;
        }
        if (arguments.json) {
            out << to_json(*report, arguments.path).dump(2) << "\n";
        } else {
            out << to_text(*report, arguments.path, language_of(arguments));
        }
        return report->passed() ? exit_proven : exit_failed;
    } catch (const Fault& fault) {
        err << "daicho-verify: " << fault.what() << "\n";
        return exit_unusable;
    }
}

}  // namespace daicho::app::verify
