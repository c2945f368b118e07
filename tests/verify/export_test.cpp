// An export while the ledger goes on: what its checkpoint says was sealed must be in the bundle.
#include <gtest/gtest.h>

#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/render.hpp"
#include "support/hooked_files.hpp"
#include "support/sample_ledger.hpp"

namespace daicho::ledger::keep {
namespace {

using test::HookedFiles;
using test::SampleLedger;

class Exporting : public ::testing::Test {
protected:
    void open() {
        auto opened = Ledger::open(files_, sample_.clock, sample_.options,
                                   [] { return std::make_unique<test::NoFields>(); });
        ASSERT_TRUE(opened) << opened.error().message;
        sample_.running = std::move(*opened);
        media_ = sample_.root + "/media";
        real_files().make_directories(media_);
    }
    Result<ExportReport> write(bool seal_first) {
        return export_segments(*sample_.running, {media_, true}, seal_first, nullptr);
    }
    static core::verify::Report judge(const std::string& bundle) {
        const auto report = core::verify::verify_ledger(real_files(), bundle, {});
        EXPECT_TRUE(report) << report.error().message;
        return report ? *report : core::verify::Report{};
    }
    static std::string text(const core::verify::Report& report) {
        return to_text(report, "bundle", core::verify::Language::en);
    }

    HookedFiles files_;
    SampleLedger sample_;
    std::string media_;
};

TEST_F(Exporting, takes_what_is_sealed_while_it_copies) {
    bool reached = false;  // the medium: the first segment; only the export writes there
    files_.after_rename = [&](const std::string& to) {
        if (to.find("/media/") == std::string::npos || !to.ends_with(".seg") || reached) return;
        reached = true;
        sample_.append({"two"}, "import:a");
        sample_.append({R"({"action":"x"})"}, "daicho", "evidence");
        sample_.seal();
    };
    open();
    sample_.append({"one"}, "import:a");
    const auto first = write(true);
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(first->files.size(), 3U);
    const auto report = judge(first->bundle);
    EXPECT_TRUE(report.passed()) << text(report);
    EXPECT_EQ(report.proven.sealed_events, 3U);
    EXPECT_EQ(report.proven.absent_events, 0U);
}

TEST_F(Exporting, waits_until_the_seals_of_what_it_copies_are_signed) {
    sample_.options.commit.checkpoint_ns = 300'000'000;
    open();
    sample_.append({"one"}, "import:a");
    sample_.publish();
    std::thread sealing([this] { sample_.seal(); });
    while (sample_.running->segments().files().empty())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const auto exported = write(false);
    sealing.join();
    ASSERT_TRUE(exported) << exported.error().message;
    const auto report = judge(exported->bundle);
    EXPECT_TRUE(report.passed()) << text(report);
    EXPECT_EQ(report.proven.sealed_events, 1U);
}

TEST_F(Exporting, events_that_lie_in_a_segment_and_in_the_log_are_counted_once_when_opened) {
    std::map<std::string, Bytes> kept;  // what a crash would have left
    files_.before_remove = [&](const std::string& path) {
        if (path.ends_with(".wal")) kept[path] = read_file(real_files(), path);
    };
    open();
    sample_.append({"one", "two"}, "import:a");
    sample_.seal();
    sample_.append({"three"}, "import:a");
    sample_.publish();
    sample_.close();
    ASSERT_EQ(kept.size(), 1U);
    for (const auto& [path, bytes] : kept)
        real_files().open(path, Files::Mode::create_new)->append(bytes);
    core::verify::Options options;
    options.deep = true;
    options.keys_directory = sample_.options.keys_directory;
    const auto report = core::verify::verify_ledger(real_files(), sample_.path(), options);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->passed()) << text(*report);
    EXPECT_NE(std::ranges::find(report->notes, core::verify::Remark::held_twice,
                                &core::verify::Observation::remark),
              report->notes.end());
    EXPECT_EQ(report->proven.opened_events, 3U);
}

TEST_F(Exporting, saves_what_is_left_and_refuses_when_a_sealed_file_is_gone) {
    open();
    sample_.append({"one"}, "import:a");
    sample_.seal();
    sample_.append({"two"}, "import:a");
    sample_.seal();
    sample_.close();
    const std::string lost = sample_.path() + "/segment/" + core::segment_name(0, "log");
    ASSERT_TRUE(std::filesystem::exists(lost));
    const Bytes content = read_file(real_files(), lost);
    std::filesystem::remove(lost);
    open();
    const auto refused = write(true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::tampered);
    EXPECT_EQ(refused.error().text_key, "export.segment_missing");
    std::string bundle;
    for (const auto& entry : std::filesystem::directory_iterator(media_)) bundle = entry.path();
    const auto report = judge(bundle);
    ASSERT_EQ(report.findings.size(), 1U) << text(report);
    EXPECT_EQ(report.findings[0].problem, core::verify::Problem::missing_events);
    EXPECT_EQ(report.proven.sealed_events, 1U);
    // Put back from elsewhere, the next export has it.
    sample_.close();
    real_files().open(lost, Files::Mode::create_new)->append(content);
    open();
    const auto whole = write(true);
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_TRUE(judge(bundle).passed()) << text(judge(bundle));
}

}  // namespace
}  // namespace daicho::ledger::keep
