#include <gtest/gtest.h>

#include <map>

#include "ledger/core/verify/ledger.hpp"
#include "support/sample_ledger.hpp"

namespace daicho::ledger::core::verify {
namespace {

/// Remembers what it is told, as something that compares would.
class Notes final : public Observer {
public:
    explicit Notes(std::string wanted) : wanted_(std::move(wanted)) {}
    [[nodiscard]] std::string_view retention_class() const override { return wanted_; }
    void restart() override {
        ++restarts;
        events.clear();
        notices.clear();
        gone.clear();
    }
    void event(std::uint64_t seq, std::string_view source, ByteView raw) override {
        events[seq] = std::string(source) + " " + std::string(text_of(raw));
    }
    void notice(std::uint64_t leaf_index, const NoticeLeaf& leaf) override {
        EXPECT_TRUE(notices.empty() || notices.rbegin()->first < leaf_index);
        notices[leaf_index] = leaf.type;
    }
    void destroyed(SeqRange range) override { gone.push_back(range); }

    std::map<std::uint64_t, std::string> events;
    std::map<std::uint64_t, LeafType> notices;
    std::vector<SeqRange> gone;
    int restarts = 0;

private:
    std::string wanted_;
};

Report observed(const test::SampleLedger& sample, Notes& notes) {
    Options options;
    options.deep = true;
    options.keys_directory = sample.options.keys_directory;
    options.observer = &notes;
    const Result<Report> report =
        verify_ledger(real_files(), sample.options.data_directory, options);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : Report{};
}

TEST(VerifyObserver, is_told_the_events_of_its_class_sealed_or_not) {
    test::SampleLedger sample;
    sample.fill();
    Notes evidence("evidence");
    EXPECT_TRUE(observed(sample, evidence).passed());
    const std::map<std::uint64_t, std::string> wanted{{3, R"(daicho {"action":"x"})"},
                                                      {8, "daicho eight"}};
    EXPECT_EQ(evidence.events, wanted);
    EXPECT_TRUE(evidence.gone.empty());
    EXPECT_EQ(evidence.restarts, 1);
}

TEST(VerifyObserver, is_told_what_was_destroyed_instead_of_its_events) {
    test::SampleLedger sample;
    sample.fill();
    Notes log("log");
    EXPECT_TRUE(observed(sample, log).passed());
    const std::map<std::uint64_t, std::string> wanted{
        {5, "import:a five"}, {6, "import:a six"}, {7, "import:a seven"}};
    EXPECT_EQ(log.events, wanted);
    EXPECT_EQ(log.gone, (std::vector<SeqRange>{{0, 2}, {4, 4}}));
}

TEST(VerifyObserver, is_told_every_leaf_that_is_no_batch) {
    test::SampleLedger sample;
    sample.fill();
    Notes notes("evidence");
    const Report report = observed(sample, notes);
    std::uint64_t others = 0;
    for (std::size_t i = 1; i < report.proven.leaves.size(); ++i)
        if (i != static_cast<std::size_t>(LeafType::batch)) others += report.proven.leaves[i];
    EXPECT_EQ(notes.notices.size(), others);
    EXPECT_GT(others, 5U);
}

TEST(VerifyObserver, is_not_told_events_that_are_not_the_recorded_ones) {
    test::SampleLedger sample;
    sample.fill();
    for (const auto& entry : std::filesystem::directory_iterator(sample.path() + "/segment")) {
        if (entry.path().string().find("-evidence") == std::string::npos) continue;
        std::filesystem::resize_file(entry.path(), entry.file_size() - 1);
    }
    Notes evidence("evidence");
    EXPECT_FALSE(observed(sample, evidence).passed());
    EXPECT_FALSE(evidence.events.contains(3));
    EXPECT_TRUE(evidence.events.contains(8));
}

}  // namespace
}  // namespace daicho::ledger::core::verify
