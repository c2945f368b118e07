#include "app/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <exception>
#include <ostream>

#include "app/cli/help.hpp"

namespace daicho::app::cli {
namespace {

/// Text that a person typed for an address must be one.
std::string check_host_port(const std::string& text) {
    return parse_host_port(text) ? "" : "not ADDRESS:PORT: " + text;
}

/// The same, or the word that says "none".
std::string check_syslog(const std::string& text) {
    return text == "off" ? "" : check_host_port(text);
}

/// What CLI11 found, where to read on, and that nothing has happened.
std::string not_understood(const CLI::App& app, const std::string& what, Language language) {
    const CLI::App* chosen = &app;
    std::string command = app.get_name();
    while (!chosen->get_subcommands().empty()) {
        chosen = chosen->get_subcommands().front();
        command += " " + chosen->get_name();
    }
    if (language == Language::japanese)
        return "daicho: 指定に誤りがあります（" + what +
               "）。何も変えていません。\n使い方: " + command + " --help\n";
    return "daicho: " + what + ". Nothing was changed.\nHow to use it: " + command + " --help\n";
}

/// Declares commands and remembers which one was chosen.
class Table {
public:
    Table(CLI::App& app, const Commands& commands) : app_(app), commands_(commands) {}

    void declare() {
        declare_start();
        declare_ledger();
        declare_evidence();
    }
    [[nodiscard]] int run_chosen() const { return chosen_(); }

private:
    /// A subcommand with DATA and the common options; its function runs when it was chosen.
    template <typename Options>
    CLI::App* add(CLI::App& parent, const char* name, const char* help, Options& options,
                  const std::function<int(const Options&)>& function) {
        if (!function) return nullptr;
        CLI::App* command = parent.add_subcommand(name, help);
        command->add_option("DATA", options.data, "data directory / データディレクトリ")
            ->required();
        command->add_option("--keys", options.keys,
                            "folder of keys (default: DATA.keys) / 鍵の置き場所");
        command->add_flag("--json", options.json, "print JSON / JSON で出力");
        command->add_flag("--quiet", options.quiet, "no progress bar / 進捗を表示しない");
        command->add_option("--lang", options.lang, "ja, en (default: LANG) / 表示の言語")
            ->check(CLI::IsMember({"ja", "en"}));
        command->footer(examples_of((parent.get_name() == "daicho" ? "" : parent.get_name() + " ") +
                                    std::string(name)));
        command->callback([this, &options, &function] {
            while (options.data.size() > 1 && options.data.ends_with('/')) options.data.pop_back();
            if (options.keys.empty()) options.keys = options.data + ".keys";
            chosen_ = [&options, &function] { return function(options); };
        });
        return command;
    }

    void declare_start() {
        if (CLI::App* c = add(app_, "init",
                              "Make a data directory and its keys / データディレクトリと鍵を作る",
                              init_, commands_.init)) {
            c->add_option("--organisation", init_.organisation, "name / 組織名")->required();
            c->add_option("--admin", init_.admin, "login of the first administrator / 最初の管理者")
                ->required();
            c->add_option("--host", init_.host_names,
                          "further name for the certificate / 証明書に入れる名前");
        }
        if (CLI::App* c =
                add(app_, "serve", "Collect, serve and remind until stopped / 収集と提供を始める",
                    serve_, commands_.serve)) {
            c->add_option("--https", serve_.https, "ADDRESS:PORT of the screen / 画面の待受")
                ->check(check_host_port)
                ->capture_default_str();
            c->add_option("--syslog-tcp", serve_.syslog_tcp, "ADDRESS:PORT (RFC 6587) or off")
                ->check(check_syslog);
            c->add_option("--syslog-tls", serve_.syslog_tls, "ADDRESS:PORT (RFC 5425) or off")
                ->check(check_syslog);
            c->add_option("--syslog-udp", serve_.syslog_udp, "ADDRESS:PORT (RFC 5426) or off")
                ->check(check_syslog);
            c->add_option("--host", serve_.host_names,
                          "further name of this server / このサーバの別名");
            c->add_option("--web", serve_.web, "folder of the front end / 画面のファイル");
            c->add_option("--content", serve_.content, "folder of the content / 規程などの内容");
        }
        if (CLI::App* c =
                add(app_, "rescue",
                    "New one-time password for an administrator / 管理者の仮パスワードを出し直す",
                    rescue_, commands_.rescue)) {
            c->add_option("--admin", rescue_.login, "login / ログイン名")->required();
        }
    }

    void declare_ledger() {
        CLI::App& ledger = *app_.add_subcommand("ledger", "The evidence ledger / 証跡台帳");
        ledger.require_subcommand(1);
        ledger.footer(examples_of("ledger"));
        if (CLI::App* c =
                add(ledger, "import", "Take in files, one event per line / ファイルを取り込む",
                    import_, commands_.ledger_import)) {
            c->add_option("--source", import_.source, "name of the source / 収集元の名前")
                ->required();
            c->add_option("FILE", import_.files,
                          "files, - is standard input / ファイル（- は標準入力）")
                ->required();
        }
        if (CLI::App* c = add(ledger, "search", "Find events, newest first / 新しい順に検索",
                              search_, commands_.ledger_search)) {
            declare_search(*c);
        }
        if (CLI::App* c =
                add(ledger, "prove", "Write the proof of one event / 一件の証明を書き出す", prove_,
                    commands_.ledger_prove)) {
            c->add_option("SEQ", prove_.seq, "sequence number / 通番")->required();
            c->add_option("-o,--output", prove_.output, "file (default: standard output) / 出力先");
        }
        if (CLI::App* c =
                add(ledger, "export",
                    "Write what is sealed to a write-once medium / 書き換えできない媒体へ書き出す",
                    export_, commands_.ledger_export)) {
            c->add_option("--target", export_.target,
                          "directory (default: the one set) / 書出し先");
        }
        add(ledger, "status", "Size, checkpoint, alarms / 状態", ledger_status_,
            commands_.ledger_status);
        add(ledger, "reindex", "Make the search index anew / 索引を作り直す", reindex_,
            commands_.ledger_reindex);
        add(ledger, "retire", "List what is past its retention / 保存期間を過ぎた記録の一覧",
            retire_, commands_.ledger_retire);
    }

    void declare_search(CLI::App& command) {
        command.add_option("--from", search_.from, "first moment, RFC 3339 / 開始");
        command.add_option("--to", search_.to, "first moment after / 終了（含まない）");
        command.add_option("--source", search_.source, "source id / 収集元");
        command.add_option("--host", search_.host, "host");
        command.add_option("--app", search_.app, "program");
        command.add_option("--user", search_.user, "user / 利用者");
        command.add_option("--address", search_.address, "address or range / アドレス");
        command.add_option("--outcome", search_.outcome, "success, failure, unknown")
            ->check(CLI::IsMember({"success", "failure", "unknown"}));
        command.add_option("--limit", search_.limit, "how many at most / 最大件数")
            ->check(CLI::Range(1, 10'000))
            ->capture_default_str();
        command.add_option("TEXT", search_.text,
                           "words that must occur, \"phrase\", word* / 含む語");
    }

    void declare_evidence() {
        if (CLI::App* c = add(app_, "status", "Compliance, clause by clause / 条項ごとの遵守状況",
                              status_, commands_.status)) {
            c->add_option("--as-of", status_.as_of, "day or moment (default: now) / 時点");
            c->add_option("--content", status_.content, "folder of the content / 規程などの内容");
        }
        if (CLI::App* c =
                add(app_, "pack", "Make an evidence pack for outsiders / 証跡パックを作る", pack_,
                    commands_.pack)) {
            c->add_option("--clause", pack_.clauses, "clause id, repeatable / 条項")->required();
            c->add_option("--from", pack_.from, "first day / 最初の日")->required();
            c->add_option("--to", pack_.to, "last day / 最後の日")->required();
            c->add_option("-o,--output", pack_.output, "file to write / 出力先")->required();
            c->add_option("--content", pack_.content, "folder of the content / 規程などの内容");
        }
        if (commands_.verify) {
            CLI::App* c = app_.add_subcommand(
                "verify", "The same as daicho-verify / 検証（daicho-verify と同じ）");
            c->prefix_command();
            c->set_help_flag();
            c->callback(
                [this, c] { chosen_ = [this, c] { return commands_.verify(c->remaining()); }; });
        }
    }

    CLI::App& app_;
    const Commands& commands_;
    std::function<int()> chosen_;
    InitOptions init_;
    ServeOptions serve_;
    RescueOptions rescue_;
    ImportOptions import_;
    SearchOptions search_;
    ProveOptions prove_;
    ExportOptions export_;
    Common ledger_status_;
    Common reindex_;
    Common retire_;
    StatusOptions status_;
    PackOptions pack_;
};

}  // namespace

int run(const std::vector<std::string>& arguments, const Commands& commands, Language language,
        std::ostream& out, std::ostream& err) {
    CLI::App app(
        "daicho runs and proves information-security measures.\n"
        "情報セキュリティ対策を実施し、その証跡を残し、証明します。",
        "daicho");
    app.require_subcommand(1);
    app.footer(examples_of(""));
    Table table(app, commands);
    table.declare();
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error, out, err);
        err << not_understood(app, error.what(), language) << std::flush;
        return exit_usage;
    }
    try {
        return table.run_chosen();
    } catch (const std::exception& error) {
        err << "daicho: "
            << (language == Language::japanese ? "機器の障害で続けられません: "
                                               : "the machine failed: ")
            << error.what() << std::endl;
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
