// What a bundle may lack, what it may not, and what must never be taken for one.
#include <gtest/gtest.h>

#include "ledger/core/tlog/checkpoint.hpp"
#include "ledger/core/verify/collector.hpp"
#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/render.hpp"
#include "support/memory_files.hpp"
#include "support/sample_ledger.hpp"

namespace daicho::ledger::core::verify {
namespace {

namespace fs = std::filesystem;
using test::MemoryFiles;
using test::SampleLedger;

/// Three exports to one medium, a destroyed class between them; after that one event that is in no
/// bundle and no segment.
class Bundle : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        sample_ = new SampleLedger;
        sample_->open();
        const std::string first_day = sample_->core_day();
        sample_->append({"one", "two"}, "import:a");
        sample_->append({R"({"action":"x"})"}, "daicho", "evidence");
        sample_->export_bundle();
        sample_->next_day();
        sample_->append({"three"}, "import:a");  // into a file of the day before
        sample_->export_bundle();
        sample_->append({"four"}, "import:a");
        sample_->seal();
        sample_->retire("log", first_day);
        sample_->append({"five"}, "import:a");
        sample_->publish();
        sample_->export_bundle();
        sample_->append({"six"}, "import:a");
        sample_->publish();
        sample_->close();
        fs::path media = sample_->root + "/media";
        for (const auto& entry : fs::directory_iterator(media)) bundle_ = entry.path();
    }
    static void TearDownTestSuite() {
        delete sample_;
        sample_ = nullptr;
    }
    void SetUp() override { data_ = MemoryFiles::load(sample_->root); }

    static Options keyless() { return {}; }
    static Options deep() {
        Options options;
        options.deep = true;
        options.keys_directory = sample_->options.keys_directory;
        return options;
    }
    static Report judge(Files& files, const std::string& path, const Options& options) {
        const Result<Report> report = verify_ledger(files, path, options);
        if (report) return *report;
        Report refused;
        Collector(refused, 1).add(Problem::unreadable, {}, report.error().message);
        return refused;
    }
    std::vector<std::string> below(const std::string& folder) const {
        std::vector<std::string> out;
        for (const auto& [file, bytes] : data_.content)
            if (file.starts_with(folder + "/")) out.push_back(file);
        return out;
    }
    void remove_below(const std::string& folder) {
        for (const std::string& file : below(folder)) data_.content.erase(file);
    }
    /// The ledger as somebody leaves it who wants it to look like a bundle, elsewhere.
    MemoryFiles disguised(const std::string& as, bool with_segments) const {
        MemoryFiles out;
        for (const std::string& file : below(sample_->options.keys_directory))
            out.add(file, data_.content.at(file));
        const std::string from = sample_->path();
        const Bytes note = data_.content.at(from + "/checkpoint");
        std::string digits =
            std::to_string(parse_checkpoint(parse_note(text_of(note))->text)->head.size);
        digits.insert(0, 20 - digits.size(), '0');
        out.add(as + "/checkpoints/" + digits, note);
        for (const std::string& file : below(from)) {
            const std::string name = file.substr(from.size());
            if (name == "/checkpoint" || name.starts_with("/wal/")) continue;
            if (name.starts_with("/segment/") && !with_segments) continue;
            out.add(as + name, data_.content.at(file));
        }
        return out;
    }
    static bool has(const Report& report, Problem problem) {
        return std::ranges::any_of(report.findings,
                                   [&](const Finding& one) { return one.problem == problem; });
    }
    static const Observation* find(const Report& report, Remark remark) {
        const auto found = std::ranges::find(report.notes, remark, &Observation::remark);
        return found == report.notes.end() ? nullptr : &*found;
    }
    /// Several findings name the events that are gone: those must be among them.
    static void expect_missing(const Report& report) {
        ASSERT_TRUE(has(report, Problem::missing_events)) << to_text(report, "x", Language::en);
        for (const Finding& one : report.findings) {
            if (one.problem != Problem::missing_events) continue;
            EXPECT_TRUE(one.file.starts_with("segment/"));
            EXPECT_TRUE(one.seqs.has_value());
            EXPECT_NE(one.detail.find("received 20"), std::string::npos) << one.detail;
        }
    }

    static SampleLedger* sample_;
    static std::string bundle_;
    MemoryFiles data_;
};
SampleLedger* Bundle::sample_ = nullptr;
std::string Bundle::bundle_;

TEST_F(Bundle, of_three_exports_is_proven_with_and_without_keys) {
    for (const Options& options : {keyless(), deep()}) {
        const Report report = judge(data_, bundle_, options);
        EXPECT_TRUE(report.passed()) << to_text(report, "bundle", Language::en);
        EXPECT_EQ(report.subject, Subject::bundle);
        EXPECT_EQ(report.proven.older_checkpoints, 2U);
        EXPECT_EQ(find(report, Remark::checkpoints_absent), nullptr);
    }
}

TEST_F(Bundle, a_data_directory_without_its_write_ahead_log_is_not_taken_for_one) {
    for (const bool with_segments : {false, true}) {
        MemoryFiles files = disguised("/lost/data/ledger", with_segments);
        for (const char* path : {"/lost/data", "/lost/data/ledger", "/lost/data/ledger/"}) {
            const Report report = judge(files, path, keyless());
            EXPECT_FALSE(report.passed()) << path;
            EXPECT_EQ(report.subject, Subject::ledger) << path;
        }
    }
    // One level up, in the place of the data directory: its keys still lie beside it.
    MemoryFiles files = disguised("/lost/data", true);
    Options beside = deep();
    beside.keys_lie_beside = true;
    EXPECT_EQ(judge(files, "/lost/data", beside).subject, Subject::ledger);
    EXPECT_FALSE(judge(files, "/lost/data", beside).passed());
    // With the state beside it, it lies in a data directory whatever its name is.
    MemoryFiles renamed = disguised("/lost/data/other", true);
    renamed.add("/lost/data/other/../state.db", {});
    EXPECT_FALSE(judge(renamed, "/lost/data/other", keyless()).passed());
}

TEST_F(Bundle, a_write_ahead_log_in_it_makes_it_a_ledger) {
    data_.add(bundle_ + "/wal/x", {});
    EXPECT_FALSE(judge(data_, bundle_, keyless()).passed());
}

TEST_F(Bundle, a_ledger_disguised_as_one_must_have_all_that_was_sealed) {
    MemoryFiles files = disguised("/media/daicho.example", false);
    for (const Options& options : {keyless(), deep()})
        expect_missing(judge(files, "/media/daicho.example", options));
}

TEST_F(Bundle, a_ledger_disguised_as_one_says_what_was_not_sealed) {
    MemoryFiles files = disguised("/media/daicho.example", true);
    const Report report = judge(files, "/media/daicho.example", keyless());
    EXPECT_TRUE(report.passed()) << to_text(report, "x", Language::en);
    EXPECT_EQ(report.proven.absent_events, 1U);
    const nlohmann::json out = to_json(report, "x");
    EXPECT_EQ(out["complete"], false);
    EXPECT_EQ(out["proven"]["absent_seqs"], (nlohmann::json{6, 6}));
    for (const auto& [language, words] :
         {std::pair{Language::en, "not sealed when it was made"}, {Language::ja, "未封印"}}) {
        const std::string text = to_text(report, "x", language);
        // On the second line, before anything is called proven.
        EXPECT_LT(text.find(words), text.find("\n\n")) << text;
    }
    // Who has the keys learns that nobody ever recorded an export of it.
    const Report with_keys = judge(files, "/media/daicho.example", deep());
    EXPECT_NE(find(with_keys, Remark::unrecorded_bundle), nullptr);
}

TEST_F(Bundle, without_a_segment_does_not_pass_however_few_checkpoints_it_has) {
    const auto checkpoints = below(bundle_ + "/checkpoints");
    ASSERT_EQ(checkpoints.size(), 3U);
    for (const bool older_too : {false, true}) {
        if (older_too) {
            data_.content.erase(checkpoints[0]);
            data_.content.erase(checkpoints[1]);
            for (const Options& options : {keyless(), deep()}) {
                const Report report = judge(data_, bundle_, options);
                const Observation* note = find(report, Remark::checkpoints_absent);
                ASSERT_NE(note, nullptr) << to_text(report, "x", Language::en);
                EXPECT_EQ(note->first, 2);
            }
        }
        for (const std::string& file : below(bundle_ + "/segment")) {
            auto node = data_.content.extract(file);
            const Report report = judge(data_, bundle_, keyless());
            if (find(report, Remark::retired_not_here) == nullptr) expect_missing(report);
            data_.content.insert(std::move(node));
        }
        MemoryFiles before = data_;
        remove_below(bundle_ + "/segment");
        for (const Options& options : {keyless(), deep()})
            expect_missing(judge(data_, bundle_, options));
        data_ = std::move(before);
    }
}

TEST_F(Bundle, of_one_export_must_have_its_segments_too) {
    SampleLedger sample;
    sample.open();
    sample.append({"one", "two"}, "import:a");
    const std::string bundle = sample.export_bundle();
    sample.close();
    for (const auto& entry : fs::directory_iterator(bundle + "/segment")) fs::remove(entry.path());
    Options options;
    options.deep = true;
    options.keys_directory = sample.options.keys_directory;
    expect_missing(judge(real_files(), bundle, {}));
    expect_missing(judge(real_files(), bundle, options));
}

TEST_F(Bundle, no_single_file_of_it_can_go_in_silence) {
    const auto said = [](const Report& report) {
        std::vector<std::tuple<Remark, std::string, std::int64_t, std::int64_t>> out;
        for (const Observation& one : report.notes)
            out.emplace_back(one.remark, one.file, one.first, one.last);
        return out;
    };
    for (const Options& options : {keyless(), deep()}) {
        const auto usual = said(judge(data_, bundle_, options));
        std::size_t only_said = 0;
        for (const std::string& file : below(bundle_)) {
            auto node = data_.content.extract(file);
            const Report report = judge(data_, bundle_, options);
            if (report.passed()) {
                ++only_said;
                EXPECT_NE(said(report), usual) << file << " went without a word";
            }
            data_.content.insert(std::move(node));
        }
        // Two older checkpoints, two segments that were destroyed by rule.
        EXPECT_EQ(only_said, 4U);
    }
}

TEST_F(Bundle, older_than_the_keys_says_by_how_much) {
    const Report report = judge(data_, bundle_, deep());
    const Observation* note = find(report, Remark::behind_keys);
    ASSERT_NE(note, nullptr);
    EXPECT_GT(note->first, 0);
    EXPECT_EQ(static_cast<std::uint64_t>(note->last - note->first), report.proven.head->size);
    EXPECT_FALSE(report.proven.head_size.has_value());
}

TEST_F(Bundle, links_in_place_of_files_are_no_files_of_it) {
    const std::string copy = sample_->root + "-links";
    for (const char* folder : {"/segment", "/checkpoints", "/tile/0"}) {
        fs::copy(bundle_, copy, fs::copy_options::recursive);
        fs::path victim;
        for (const auto& entry : fs::recursive_directory_iterator(copy + folder))
            if (entry.is_regular_file()) victim = entry.path();
        fs::rename(victim, copy + "-elsewhere");
        fs::create_symlink(copy + "-elsewhere", victim);
        const Report report = judge(real_files(), copy, {});
        EXPECT_TRUE(has(report, Problem::unknown_file)) << folder;
        fs::remove_all(copy);
        fs::remove(copy + "-elsewhere");
    }
}

}  // namespace
}  // namespace daicho::ledger::core::verify
