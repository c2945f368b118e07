#include <gtest/gtest.h>

#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/render.hpp"
#include "support/memory_files.hpp"
#include "support/sample_ledger.hpp"

namespace daicho::ledger::core::verify {
namespace {

using test::MemoryFiles;
using test::SampleLedger;

Options deep(const SampleLedger& sample) {
    Options options;
    options.deep = true;
    options.keys_directory = sample.options.keys_directory;
    return options;
}

Report verified(Files& files, const std::string& path, const Options& options) {
    const Result<Report> report = verify_ledger(files, path, options);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : Report{};
}

bool has(const Report& report, Remark remark) {
    return std::ranges::any_of(report.notes,
                               [&](const Observation& one) { return one.remark == remark; });
}

TEST(VerifyLedger, proves_a_sound_ledger_with_and_without_keys) {
    SampleLedger sample;
    sample.fill();
    for (const bool with_keys : {false, true}) {
        const Report report = verified(real_files(), sample.options.data_directory,
                                       with_keys ? deep(sample) : Options{});
        EXPECT_TRUE(report.passed()) << to_text(report, "sample", Language::en);
        EXPECT_EQ(report.proven.events, 9U);
        EXPECT_EQ(report.proven.retired_events, 4U);
        EXPECT_EQ(report.proven.wal_events, 3U);
        EXPECT_EQ(report.proven.opened_events, with_keys ? 5U : 0U);
        EXPECT_EQ(report.proven.leaves[static_cast<std::size_t>(LeafType::key_rotation)], 2U);
        EXPECT_EQ(report.proven.leaves[static_cast<std::size_t>(LeafType::retire)], 1U);
        EXPECT_EQ(report.proven.leaves[static_cast<std::size_t>(LeafType::export_)], 2U);
        EXPECT_EQ(report.proven.leaves[static_cast<std::size_t>(LeafType::gap)], 1U);
        EXPECT_EQ(report.proven.leaves[static_cast<std::size_t>(LeafType::read)], 1U);
        EXPECT_TRUE(has(report, Remark::silence));
        EXPECT_TRUE(has(report, Remark::declared_loss));
        EXPECT_EQ(report.proven.head_size.has_value(), with_keys);
        ASSERT_TRUE(report.proven.head);
        EXPECT_EQ(to_json(report, "sample")["verdict"], "PASS");
    }
}

TEST(VerifyLedger, proves_an_export_bundle_and_says_what_it_lacks) {
    SampleLedger sample;
    sample.fill();
    for (const bool with_keys : {false, true}) {
        const Report report =
            verified(real_files(), sample.bundle, with_keys ? deep(sample) : Options{});
        EXPECT_TRUE(report.passed()) << to_text(report, "bundle", Language::ja);
        EXPECT_EQ(report.subject, Subject::bundle);
        EXPECT_EQ(report.proven.sealed_events, 6U);
        EXPECT_EQ(report.proven.older_checkpoints, 1U);
        EXPECT_EQ(report.proven.destroyed_events, with_keys ? 4U : 0U);
    }
}

TEST(VerifyLedger, calls_a_file_that_is_none_unreadable_whichever_it_is) {
    SampleLedger sample;
    sample.fill();
    for (const char* name : {"/checkpoint", "/origin"}) {
        const std::string path = sample.path() + name;
        const Bytes content = read_file(real_files(), path);
        std::filesystem::remove(path);
        std::filesystem::create_symlink("/dev/zero", path);
        const Report report = verified(real_files(), sample.path(), {});
        ASSERT_EQ(report.findings.size(), 2U) << to_text(report, name, Language::en);
        EXPECT_EQ(report.findings[0].problem, Problem::unknown_file);
        EXPECT_EQ(report.findings[1].problem, Problem::unreadable);
        std::filesystem::remove(path);
        real_files().open(path, Files::Mode::create_new)->append(content);
    }
}

}  // namespace
}  // namespace daicho::ledger::core::verify
