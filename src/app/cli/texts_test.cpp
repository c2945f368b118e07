#include "app/cli/texts.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <set>
#include <thread>

#include "app/cli/fd_stream.hpp"
#include "app/cli/text_table.hpp"
#include "base/fd.hpp"

namespace daicho::app::cli {
namespace {

TEST(Texts, FillInWhatIsKnownInBothLanguages) {
    const Error error{Errc::not_found, "technical", "cli.no_data", {{"path", "/srv/data"}}};
    EXPECT_TRUE(words_of(Language::english, error)
                    .starts_with("there is no data of daicho at "
                                 "/srv/data. Nothing was changed."));
    EXPECT_TRUE(words_of(Language::japanese, error).starts_with("/srv/data に daicho のデータが"));
    EXPECT_EQ(sentence(Language::english, "nobody.wrote.this"), "");
}

/// "{path}{events}…", sorted.
std::vector<std::string> blanks_of(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1))
        out.emplace_back(text.substr(at, text.find('}', at) - at + 1));
    std::ranges::sort(out);
    return out;
}

TEST(Texts, AreThereInBothLanguagesOnceWithTheSameBlanks) {
    std::set<std::string_view> keys;
    for (const std::span<const Text> table :
         {spoken_texts(), case_texts(), verify_texts(), help_texts()}) {
        ASSERT_FALSE(table.empty());
        for (const Text& text : table) {
            EXPECT_TRUE(keys.insert(text.key).second) << text.key << " is there twice";
            EXPECT_TRUE(std::ranges::any_of(text.japanese, [](char c) { return (c & 0x80) != 0; }))
                << text.key;
            EXPECT_FALSE(text.english.empty()) << text.key;
            EXPECT_TRUE(std::ranges::none_of(text.english, [](char c) { return (c & 0x80) != 0; }))
                << text.key;
            EXPECT_EQ(blanks_of(text.japanese), blanks_of(text.english)) << text.key;
        }
    }
}

TEST(Texts, AParameterThatNobodyGaveLeavesNoBraces) {
    const std::string text = sentence(Language::japanese, "import.cancelled", {{"events", "3"}});
    EXPECT_EQ(text.find('{'), std::string::npos);
    EXPECT_NE(text.find("3件"), std::string::npos);
    // What is filled in is not looked at again.
    EXPECT_NE(sentence(Language::english, "cli.no_data", {{"path", "{path}"}}).find("{path}"),
              std::string::npos);
}

TEST(Texts, AnErrorWithoutASentenceSaysItsCodeAndTheTechnicalMessage) {
    const Error error{Errc::tampered, "leaf 7 is another", {}, {}};
    EXPECT_EQ(words_of(Language::english, error), "leaf 7 is another");
    const std::string japanese = words_of(Language::japanese, error);
    EXPECT_NE(japanese.find("記録されたとおりではありません"), std::string::npos);
    EXPECT_NE(japanese.find("leaf 7 is another"), std::string::npos);
}

TEST(Texts, TheLanguageIsTheOneGivenElseThatOfTheEnvironment) {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) ::unsetenv(name);
    EXPECT_EQ(language_of_environment(), Language::japanese);
    ::setenv("LANG", "de_DE.UTF-8", 1);
    EXPECT_EQ(language_of_environment(), Language::english);
    ::setenv("LC_ALL", "ja_JP.UTF-8", 1);
    EXPECT_EQ(language_of_environment(), Language::japanese);
    ::unsetenv("LC_ALL");
    EXPECT_EQ(language_of({"status", "d", "--lang", "en"}, Language::japanese), Language::english);
    EXPECT_EQ(language_of({"status", "--lang=ja"}, Language::english), Language::japanese);
    EXPECT_EQ(language_of({"status", "--lang"}, Language::english), Language::english);
    EXPECT_EQ(language_of({"search", "--", "--lang", "ja"}, Language::english), Language::english);
}

class Pipe {
public:
    Pipe() {
        int ends[2];
        EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        reading = Fd(ends[0]);
        writing = Fd(ends[1]);
        (void)std::signal(SIGPIPE, SIG_IGN);
    }
    Fd reading;
    Fd writing;
};

TEST(FdStream, WritesEverythingInOrder) {
    Pipe pipe;
    std::atomic<bool> cancel{false};
    std::string expected;
    for (int i = 0; i < 20'000; ++i) expected += std::to_string(i) + "\n";
    std::thread writer([&] {
        FdStream out(pipe.writing.get(), cancel);
        for (int i = 0; i < 20'000; ++i) out << i << '\n';
        out.flush();
        pipe.writing.reset();
    });
    std::string got;
    std::array<char, 4096> part{};
    ssize_t size = 0;
    while ((size = ::read(pipe.reading.get(), part.data(), part.size())) > 0)
        got.append(part.data(), static_cast<std::size_t>(size));
    writer.join();
    EXPECT_EQ(got, expected);
    EXPECT_FALSE(cancel);
}

TEST(FdStream, AReaderThatHasGoneCancels) {
    Pipe pipe;
    pipe.reading.reset();
    std::atomic<bool> cancel{false};
    FdStream out(pipe.writing.get(), cancel);
    out << "to nobody" << std::flush;
    EXPECT_TRUE(cancel);
    EXPECT_FALSE(out.good());
}

TEST(FdStream, ACancelEndsWaitingForAReaderWhoDoesNotRead) {
    Pipe pipe;
    std::atomic<bool> cancel{false};
    std::atomic<bool> over{false};
    std::thread writer([&] {
        FdStream out(pipe.writing.get(), cancel);
        out << std::string(1'000'000, 'x') << std::flush;
        over = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_FALSE(over);
    cancel = true;
    writer.join();
    EXPECT_TRUE(over);
}

}  // namespace
}  // namespace daicho::app::cli
