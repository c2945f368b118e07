#include "app/cli/command_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "app/cli/progress.hpp"
#include "base/fault.hpp"

namespace daicho::app::cli {
namespace {

struct Outcome {
    int code = -1;
    std::string out;
    std::string err;
};
Outcome type(const Commands& commands, const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = run(arguments, commands, Language::english, out, err);
    return {code, out.str(), err.str()};
}

TEST(CommandLine, GivesEachCommandItsOptions) {
    Commands commands;
    InitOptions init;
    ServeOptions serve;
    ImportOptions import;
    SearchOptions search;
    PackOptions pack;
    commands.init = [&](const InitOptions& o) { return init = o, 0; };
    commands.serve = [&](const ServeOptions& o) { return serve = o, 0; };
    commands.ledger_import = [&](const ImportOptions& o) { return import = o, 0; };
    commands.ledger_search = [&](const SearchOptions& o) { return search = o, 0; };
    commands.pack = [&](const PackOptions& o) { return pack = o, 0; };
    EXPECT_EQ(
        type(commands, {"init", "/d/", "--organisation", "株式会社みほん", "--admin", "kanri"})
            .code,
        0);
    EXPECT_EQ(init.data, "/d");
    EXPECT_EQ(init.keys, "/d.keys");
    EXPECT_EQ(init.organisation, "株式会社みほん");
    EXPECT_EQ(type(commands, {"serve", "/d", "--https", "[::1]:8443", "--syslog-tcp", ":6601",
                              "--syslog-tcp", "127.0.0.1:6602"})
                  .code,
              0);
    EXPECT_EQ(serve.https, "[::1]:8443");
    EXPECT_EQ(serve.syslog_tcp.size(), 2U);
    EXPECT_EQ(type(commands, {"ledger", "import", "/d", "--source", "mail", "a.log", "-"}).code, 0);
    EXPECT_EQ(import.files, (std::vector<std::string>{"a.log", "-"}));
    EXPECT_EQ(
        type(commands, {"ledger", "search", "/d", "--outcome", "failure", "--json", "root"}).code,
        0);
    EXPECT_TRUE(search.json);
    EXPECT_EQ(search.text, "root");
    EXPECT_EQ(type(commands, {"pack", "/d", "--clause", "002-4-2a", "--clause", "002-2-15",
                              "--from", "2026-11-01", "--to", "2026-11-22", "-o", "pack.zip"})
                  .code,
              0);
    EXPECT_EQ(pack.clauses.size(), 2U);
}

TEST(CommandLine, SaysWhatIsWrongAndGivesTwo) {
    Commands commands;
    commands.serve = [](const ServeOptions&) { return 0; };
    for (const std::vector<std::string>& wrong :
         std::vector<std::vector<std::string>>{{},
                                               {"serve"},
                                               {"serve", "/d", "--https", "localhost"},
                                               {"serve", "/d", "--surprise"},
                                               {"init", "/d"}}) {
        const Outcome outcome = type(commands, wrong);
        EXPECT_EQ(outcome.code, exit_usage);
        EXPECT_FALSE(outcome.err.empty());
    }
}

TEST(CommandLine, SaysInTheLanguageOfTheCallerThatNothingWasChanged) {
    Commands commands;
    commands.serve = [](const ServeOptions&) { return 0; };
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(run({"serve"}, commands, Language::japanese, out, err), exit_usage);
    EXPECT_NE(err.str().find("何も変えていません"), std::string::npos) << err.str();
    EXPECT_NE(err.str().find("daicho serve --help"), std::string::npos) << err.str();
    EXPECT_NE(type(commands, {"serve"}).err.find("Nothing was changed"), std::string::npos);
}

TEST(CommandLine, TakesOffInsteadOfAnAddressForSyslogOnly) {
    Commands commands;
    ServeOptions serve;
    commands.serve = [&](const ServeOptions& o) { return serve = o, 0; };
    EXPECT_EQ(type(commands, {"serve", "/d", "--syslog-tcp", "off", "--syslog-tls", "off",
                              "--syslog-udp", "off"})
                  .code,
              0);
    EXPECT_EQ(serve.syslog_udp, std::vector<std::string>{"off"});
    EXPECT_EQ(type(commands, {"serve", "/d", "--https", "off"}).code, exit_usage);
    EXPECT_EQ(type(commands, {"serve", "/d", "--syslog-tcp", "none"}).code, exit_usage);
}

/// Every command, with functions that nobody calls.
Commands all_commands() {
    Commands out;
    out.init = [](const InitOptions&) { return 1; };
    out.serve = [](const ServeOptions&) { return 1; };
    out.ledger_import = [](const ImportOptions&) { return 1; };
    out.ledger_search = [](const SearchOptions&) { return 1; };
    out.ledger_prove = [](const ProveOptions&) { return 1; };
    out.ledger_export = [](const ExportOptions&) { return 1; };
    out.ledger_status = out.ledger_reindex = out.ledger_retire = [](const Common&) { return 1; };
    out.ledger_hold = [](const HoldOptions&) { return 1; };
    out.ledger_release = [](const ReleaseOptions&) { return 1; };
    out.ledger_holds = [](const Common&) { return 1; };
    out.status = [](const StatusOptions&) { return 1; };
    out.pack = [](const PackOptions&) { return 1; };
    out.verify = [](const std::vector<std::string>&) { return 1; };
    out.rescue = [](const RescueOptions&) { return 1; };
    out.accept_restored_state = [](const RestoredOptions&) { return 1; };
    return out;
}

bool is_japanese(const std::string& text) {
    return std::ranges::any_of(text, [](char c) { return (c & 0x80) != 0; });
}

std::string help_of(const std::vector<std::string>& command, Language language) {
    std::vector<std::string> arguments = command;
    arguments.emplace_back("--help");
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(run(arguments, all_commands(), language, out, err), exit_done) << err.str();
    return out.str();
}

/// The commands that a help lists, in either language.
std::vector<std::string> listed(const std::string& help, const std::string& title) {
    std::vector<std::string> out;
    std::istringstream lines(help.substr(std::min(help.size(), help.find("\n" + title + ":\n"))));
    std::string line;
    std::getline(lines, line);
    std::getline(lines, line);
    while (std::getline(lines, line) && line.starts_with("  "))
        out.push_back(line.substr(2, line.find(' ', 2) - 2));
    return out;
}

/// Every line before the examples, which are typed and not read.
void expect_words(const std::string& help, const std::string& command) {
    std::istringstream lines(help);
    std::string line;
    while (std::getline(lines, line) && !line.starts_with("例:")) {
        if (line.empty()) continue;
        EXPECT_TRUE(is_japanese(line)) << command << ": " << line;
        // The name of an option or command stays as it is typed.
        const bool is_row = line.starts_with("  ");
        const std::string rest = line.substr(is_row ? line.find(' ', 2) : 0, line.find(" DATA"));
        for (const char* word :
             {"Usage", "Options", "OPTIONS", "SUBCOMMAND", "REQUIRED", "TEXT", "Print", "INT"})
            EXPECT_EQ(rest.find(word), std::string::npos) << command << ": " << line;
    }
}

TEST(CommandLine, HelpsEverywhereInTheLanguageOfTheCaller) {
    std::vector<std::vector<std::string>> commands{{}, {"ledger"}};
    for (const std::string& name : listed(help_of({}, Language::english), "Subcommands"))
        commands.push_back({name});
    for (const std::string& name : listed(help_of({"ledger"}, Language::english), "Subcommands"))
        commands.push_back({"ledger", name});
    ASSERT_GE(commands.size(), 14U);
    EXPECT_EQ(listed(help_of({"ledger"}, Language::japanese), "コマンド"),
              listed(help_of({"ledger"}, Language::english), "Subcommands"));
    for (const std::vector<std::string>& command : commands) {
        if (!command.empty() && command.front() == "verify") continue;  // has a help of its own
        const std::string typed = command.empty() ? "daicho" : command.back();
        const std::string japanese = help_of(command, Language::japanese);
        const std::string english = help_of(command, Language::english);
        EXPECT_NE(japanese.find("終了コード"), std::string::npos) << typed;
        EXPECT_NE(english.find("Exit codes:"), std::string::npos) << typed;
        EXPECT_FALSE(is_japanese(english.substr(0, english.find("Examples:")))) << english;
        expect_words(japanese, typed);
    }
}

TEST(CommandLine, SaysWhatIsNotUnderstoodInTheLanguageOfTheCaller) {
    for (const std::vector<std::string>& wrong :
         std::vector<std::vector<std::string>>{{},
                                               {"surprise"},
                                               {"ledger"},
                                               {"status"},
                                               {"status", "d", "--surprise"},
                                               {"status", "d", "--lang", "fr"},
                                               {"status", "d", "--as-of"},
                                               {"init", "d"},
                                               {"serve", "d", "--https", "localhost"},
                                               {"ledger", "search", "d", "--outcome", "maybe"},
                                               {"ledger", "search", "d", "--limit", "0"},
                                               {"ledger", "prove", "d", "minus"},
                                               {"pack", "d", "--clause", "c"}}) {
        std::ostringstream out;
        std::ostringstream japanese;
        std::ostringstream english;
        EXPECT_EQ(run(wrong, all_commands(), Language::japanese, out, japanese), exit_usage);
        EXPECT_EQ(run(wrong, all_commands(), Language::english, out, english), exit_usage);
        EXPECT_FALSE(is_japanese(english.str())) << english.str();
        EXPECT_NE(japanese.str().find("何も変えていません"), std::string::npos) << japanese.str();
        for (const char* word :
             {" is ", "not ", "expected", "argument", "Could", "value", "{", "}"})
            EXPECT_EQ(japanese.str().find(word), std::string::npos) << japanese.str();
        EXPECT_EQ(japanese.str().find("読み取れません"), std::string::npos)
            << "a kind of mistake that has no sentence: " << english.str();
        EXPECT_NE(english.str().find("Nothing was changed"), std::string::npos);
    }
}

TEST(CommandLine, PassesResultsAndFaultsOn) {
    Commands commands;
    commands.ledger_status = [](const Common&) { return exit_refused; };
    commands.ledger_reindex = [](const Common&) -> int { throw Fault("the disk is gone"); };
    std::vector<std::string> passed;
    commands.verify = [&](const std::vector<std::string>& arguments) {
        return passed = arguments, 0;
    };
    EXPECT_EQ(type(commands, {"ledger", "status", "/d"}).code, exit_refused);
    const Outcome fault = type(commands, {"ledger", "reindex", "/d"});
    EXPECT_EQ(fault.code, exit_fault);
    EXPECT_EQ(fault.err, "daicho: the machine failed: the disk is gone\n");
    EXPECT_EQ(type(commands, {"verify", "pack.zip", "--json", "--help"}).code, 0);
    EXPECT_EQ(passed, (std::vector<std::string>{"pack.zip", "--json", "--help"}));
}

TEST(HostPort, NeedsAPortAndBracketsAroundIpv6) {
    EXPECT_EQ(parse_host_port("127.0.0.1:8443")->port, 8443);
    EXPECT_EQ(parse_host_port("[::1]:8443")->host, "::1");
    EXPECT_EQ(parse_host_port(":6514")->host, "::");
    for (const char* wrong : {"", "localhost", "127.0.0.1:", "127.0.0.1:x", "::1:80", "a:65536",
                              "[::1:80", "a:-1", "a: 1"}) {
        EXPECT_FALSE(parse_host_port(wrong)) << wrong;
    }
}

TEST(Progress, DrawsOnlyWhereItIsSeenAndNotTooOften) {
    ManualClock clock(0);
    std::ostringstream hidden;
    {
        Progress progress(hidden, false, clock, "events", 10);
        progress.at(5);
    }
    EXPECT_EQ(hidden.str(), "");
    std::ostringstream seen;
    {
        Progress progress(seen, true, clock, "events", 2'000'000);
        for (std::uint64_t i = 1; i <= 1'000'000; ++i) progress.at(i);
        clock.advance(2 * second_ns);
        progress.at(1'000'000);
    }
    EXPECT_LT(seen.str().size(), 400U);
    EXPECT_NE(seen.str().find("[###############...............] 50% 1,000,000 events, 500,000/s"),
              std::string::npos)
        << seen.str();
}

}  // namespace
}  // namespace daicho::app::cli
