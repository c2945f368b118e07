// An export while the ledger goes on: what its checkpoint says was sealed must be in the bundle.
#include <gtest/gtest.h>

#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/render.hpp"
#include "support/sample_ledger.hpp"

namespace daicho::ledger::keep {
namespace {

using test::SampleLedger;

/// The real file system, where something happens when the first segment reaches the medium.
class HookedFiles final : public Files {
public:
    std::function<void()> on_segment;

    void rename(const std::string& from, const std::string& to) override {
        real_files().rename(from, to);
        if (to.find("/media/") == std::string::npos || !to.ends_with(".seg")) return;
        if (on_segment) std::exchange(on_segment, nullptr)();
    }
    std::unique_ptr<File> open(const std::string& path, Mode mode) override {
        return real_files().open(path, mode);
    }
    void remove(const std::string& path) override { real_files().remove(path); }
    void shred(const std::string& path) override { real_files().shred(path); }
    void remove_directory(const std::string& path) override { real_files().remove_directory(path); }
    void make_directories(const std::string& path) override { real_files().make_directories(path); }
    void sync_directory(const std::string& path) override { real_files().sync_directory(path); }
    bool exists(const std::string& path) override { return real_files().exists(path); }
    std::vector<DirectoryEntry> list(const std::string& path) override {
        return real_files().list(path);
    }
    std::uint64_t free_bytes(const std::string& path) override {
        return real_files().free_bytes(path);
    }
    std::uint64_t volume_of(const std::string& path) override {
        return real_files().volume_of(path);
    }
};

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
    open();
    sample_.append({"one"}, "import:a");
    files_.on_segment = [this] {
        sample_.append({"two"}, "import:a");
        sample_.append({R"({"action":"x"})"}, "daicho", "evidence");
        sample_.seal();
    };
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
