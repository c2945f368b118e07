#include "base/log.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace daicho {
namespace {

TEST(LogLine, IsAnEventAndItsFields) {
    EXPECT_EQ(log_line("started", {}), "started");
    EXPECT_EQ(log_line("listening", {{"port", 8443}, {"tls", true}, {"source", "udp:192.0.2.7"}}),
              "listening port=8443 tls=true source=udp:192.0.2.7");
}

TEST(LogLine, QuotesWhatCouldBeTakenForAnotherField) {
    EXPECT_EQ(log_line("e", {{"k", "a b=c"}}), R"(e k="a b=c")");
    EXPECT_EQ(log_line("e", {{"k", R"(say "x\")"}}), R"(e k="say \"x\\\"")");
    EXPECT_EQ(log_line("e", {{"k", ""}}), R"(e k="")");
}

TEST(LogLine, CantBeForgedByControlCharacters) {
    const std::string line = log_line("e", {{"k", "a\nlogin ok\x1b[0m\u202E"}});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_EQ(line, "e k=\"a␊login ok␛[0m⟦U+202E⟧\"");
}

TEST(LogLine, CutsALongValueAndSaysSo) {
    const std::string line = log_line("e", {{"k", std::string(100'000, 'x')}});
    EXPECT_LT(line.size(), 600U);
    EXPECT_TRUE(line.ends_with("…"));
}

TEST(Log, GivesItsSinkTheLevelsItWants) {
    std::vector<std::pair<LogLevel, std::string>> lines;
    const auto log = Log::to_sink(
        [&](LogLevel level, std::string_view line) { lines.emplace_back(level, line); },
        LogLevel::info);
    log->debug("unseen");
    log->info("a", {{"n", 1}});
    log->warning("{} %s");
    log->error("c");
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0], (std::pair<LogLevel, std::string>{LogLevel::info, "a n=1"}));
    EXPECT_EQ(lines[1], (std::pair<LogLevel, std::string>{LogLevel::warning, "{} %s"}));
    EXPECT_EQ(lines[2].first, LogLevel::error);
}

TEST(Log, SurvivesASinkThatThrows) {
    int calls = 0;
    const auto log = Log::to_sink([&](LogLevel, std::string_view) {
        ++calls;
        throw std::runtime_error("disk full");
    });
    log->error("a");
    log->error("b");
    EXPECT_EQ(calls, 2);
}

TEST(Log, TakesLinesFromSeveralThreads) {
    std::vector<std::string> lines;
    const auto log =
        Log::to_sink([&](LogLevel, std::string_view line) { lines.emplace_back(line); });
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&log] {
            for (int i = 0; i < 250; ++i) log->info("tick", {{"i", i}});
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(lines.size(), 1000U);
}

TEST(Log, DropsEverythingWhenThereIsNone) {
    Log::none()->error("nothing");
}

}  // namespace
}  // namespace daicho
