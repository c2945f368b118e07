#include "evidence/collect/import.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "evidence/collect/memory_intake.hpp"

namespace daicho::evidence::collect {
namespace {

class Import : public ::testing::Test {
protected:
    Import() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "daicho-import-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~Import() override { std::filesystem::remove_all(folder_); }
    std::string file(const std::string& name, const std::string& content) {
        const auto path = std::filesystem::path(folder_) / name;
        std::ofstream(path, std::ios::binary) << content;
        return path.string();
    }
    std::string folder_;
    MemoryIntake intake_;
    ManualClock clock_{20'000 * day_ns};
    std::atomic<bool> cancel_{false};
    FileImporter importer_{intake_, clock_, parse::fixed_zone(0)};
};

TEST_F(Import, every_line_is_an_event_with_its_exact_bytes) {
    const std::string odd = std::string("a\0b", 3) + "\xFF\x1B[31m\xE2\x80\xAE";
    const auto report = importer_.run(
        "old-web",
        {file("one", "first\r\n\n" + odd + "\n"), file("two", "12 <34>no count here\nlast")},
        cancel_);
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->events, 4U);
    EXPECT_EQ(report->files, 2U);
    EXPECT_EQ(report->last_seq, 3U);
    const auto events = intake_.of("import:old-web");
    ASSERT_EQ(events.size(), 4U);
    EXPECT_EQ(events[0].bytes, "first\r");
    EXPECT_EQ(events[1].bytes, odd);
    EXPECT_EQ(events[1].flags, ledger::event_flag::invalid_utf8);
    EXPECT_EQ(events[2].bytes, "12 <34>no count here");
    EXPECT_EQ(events[2].flags, 0);
    EXPECT_EQ(events[3].bytes, "last");
    EXPECT_EQ(events[3].transport, ledger::Transport::file);
    EXPECT_EQ(events[3].framing, ledger::Framing::line);
}

TEST_F(Import, progress_goes_up_to_the_size_of_the_file) {
    std::string content;
    for (int i = 0; i < 100'000; ++i)
        content += "line number " + std::to_string(i) + " of a longer file\n";
    std::uint64_t last = 0;
    importer_.on_progress = [&](const ImportProgress& progress) {
        EXPECT_GE(progress.bytes_done, last);
        EXPECT_EQ(progress.bytes_total, content.size());
        last = progress.bytes_done;
    };
    const auto report = importer_.run("x", {file("big", content)}, cancel_);
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(last, content.size());
    EXPECT_EQ(report->events, 100'000U);
}

TEST_F(Import, a_ledger_that_stays_full_ends_it_and_says_what_was_kept) {
    std::string content;
    for (int i = 0; i < 200'000; ++i) content += "line " + std::to_string(i) + "\n";
    intake_.room = 130'000;
    importer_.full_wait_ms_max = 20;
    const auto report = importer_.run("x", {file("big", content)}, cancel_);
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, Errc::unavailable);
    const auto kept = intake_.of("import:x");
    std::uint64_t line = 0;
    for (const auto& [key, value] : report.error().params) {
        if (key == "line") line = std::stoull(value);
        if (key == "events") {
            EXPECT_EQ(std::stoull(value), kept.size());
        }
    }
    ASSERT_GT(line, 0U);
    ASSERT_LE(line, kept.size());
    EXPECT_EQ(kept[line - 1].bytes, "line " + std::to_string(line - 1));
    EXPECT_NE(report.error().message.find("up to line " + std::to_string(line)), std::string::npos);
}

TEST_F(Import, it_can_be_cancelled_and_refuses_what_it_cannot_read) {
    cancel_ = true;
    EXPECT_EQ(importer_.run("x", {file("one", "a\n")}, cancel_).error().code, Errc::conflict);
    cancel_ = false;
    EXPECT_EQ(importer_.run("x", {folder_ + "/missing"}, cancel_).error().code, Errc::not_found);
    EXPECT_EQ(importer_.run("x", {folder_}, cancel_).error().code, Errc::invalid);
    for (const char* name : {"", "a b", "a/b", "a:b"})
        EXPECT_EQ(importer_.run(name, {}, cancel_).error().code, Errc::invalid);
    EXPECT_EQ(intake_.events(), 0U);
}

}  // namespace
}  // namespace daicho::evidence::collect
