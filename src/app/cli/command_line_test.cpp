#include "app/cli/command_line.hpp"

#include <gtest/gtest.h>

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

TEST(CommandLine, HelpsEverywhereInBothLanguages) {
    Commands commands;
    commands.serve = [](const ServeOptions&) { return 1; };
    for (const std::vector<std::string>& asked :
         std::vector<std::vector<std::string>>{{"--help"}, {"serve", "--help"}}) {
        const Outcome outcome = type(commands, asked);
        EXPECT_EQ(outcome.code, exit_done);
        EXPECT_NE(outcome.out.find("Exit codes:"), std::string::npos) << outcome.out;
        EXPECT_NE(outcome.out.find("終了コード"), std::string::npos);
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
