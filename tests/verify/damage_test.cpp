// Everything that can happen to the bytes of a ledger: the verifier must say so, every time.
#include <gtest/gtest.h>

#include <cstdio>

#include "crypto/crc32c.hpp"
#include "ledger/core/verify/collector.hpp"
#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/render.hpp"
#include "support/memory_files.hpp"
#include "support/sample_ledger.hpp"

namespace daicho::ledger::core::verify {
namespace {

using test::MemoryFiles;
using test::SampleLedger;

/// One ledger for all tests of this file; each changes a copy in memory.
class Damage : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        sample_ = new SampleLedger;
        sample_->fill();
    }
    static void TearDownTestSuite() {
        delete sample_;
        sample_ = nullptr;
    }
    void SetUp() override {
        data_ = MemoryFiles::load(sample_->root);
        path_ = sample_->path();
    }
    Report judge(bool deep, const std::string& path) {
        Options options;
        options.deep = deep;
        options.keys_directory = sample_->options.keys_directory;
        options.findings_max = 1;
        const Result<Report> report = verify_ledger(data_, path, options);
        if (report) return *report;
        Report refused;  // nothing there that could be verified: no verdict in its favour
        Collector(refused, 1).add(Problem::unreadable, {}, report.error().message);
        return refused;
    }
    Report judge(bool deep = false) { return judge(deep, path_); }
    std::vector<std::string> files_below(const std::string& folder) {
        std::vector<std::string> out;
        for (const auto& [file, bytes] : data_.content) {
            if (file.starts_with(folder + "/")) out.push_back(file);
        }
        return out;
    }
    std::string only_file(const std::string& folder) {
        const auto files = files_below(path_ + "/" + folder);
        EXPECT_FALSE(files.empty());
        return files.back();
    }
    /// Every bit position is used over the bytes of a file; keyless and deep take turns with two
    /// different bits, so that every byte is judged by both.
    std::size_t flip_every_byte(const std::string& folder) {
        std::size_t missed = 0;
        std::size_t bytes = 0;
        for (const std::string& file : files_below(folder)) {
            Bytes& content = data_.content[file];
            for (std::size_t at = 0; at < content.size(); ++at) {
                for (const bool deep : {false, true}) {
                    const auto bit =
                        static_cast<std::uint8_t>(1U << ((at * 5 + (deep ? 3 : 0)) % 8));
                    content[at] ^= bit;
                    if (judge(deep, folder).passed()) {
                        ++missed;
                        ADD_FAILURE() << file << " byte " << at << " bit " << int{bit}
                                      << (deep ? " deep" : " keyless");
                    }
                    content[at] ^= bit;
                }
                ++bytes;
            }
        }
        std::printf("%zu bytes of %s changed, %zu not noticed\n", bytes, folder.c_str(), missed);
        return bytes;
    }

    static SampleLedger* sample_;
    MemoryFiles data_;
    std::string path_;
};
SampleLedger* Damage::sample_ = nullptr;

TEST_F(Damage, no_byte_of_a_ledger_can_be_changed) {
    ASSERT_TRUE(judge(false).passed());
    ASSERT_TRUE(judge(true).passed());
    EXPECT_GT(flip_every_byte(path_), 5000U);
    EXPECT_TRUE(judge(true).passed()) << "the test must leave things as they were";
}

TEST_F(Damage, no_byte_of_a_bundle_can_be_changed) {
    ASSERT_TRUE(judge(true, sample_->bundle).passed());
    EXPECT_GT(flip_every_byte(sample_->bundle), 3000U);
}

TEST_F(Damage, no_file_can_be_cut_anywhere) {
    for (const std::string& file : files_below(path_)) {
        const Bytes whole = data_.content[file];
        for (std::size_t size = 0; size < whole.size(); ++size) {
            data_.content[file].assign(whole.begin(),
                                       whole.begin() + static_cast<std::ptrdiff_t>(size));
            EXPECT_FALSE(judge().passed()) << file << " cut to " << size;
        }
        data_.content[file] = whole;
    }
}

TEST_F(Damage, no_file_can_go_and_none_can_come) {
    for (const std::string& file : files_below(path_)) {
        auto node = data_.content.extract(file);
        EXPECT_FALSE(judge().passed()) << file << " removed";
        data_.content.insert(std::move(node));
    }
    for (const char* name :
         {"/x", "/wal/x", "/wal/00000000000000000099.wal", "/segment/x.seg", "/segment/a.tmp",
          "/segment/00000000000000000099-log.seg", "/tile/0/001", "/tile/0/000.p/0",
          "/tile/0/000.p/255", "/tile/entries/x", "/tile/7/000", "/checkpoint.tmp"}) {
        MemoryFiles before = data_;
        data_.add(path_ + name, to_bytes("x"));
        EXPECT_FALSE(judge().passed()) << name << " added";
        data_ = std::move(before);
    }
    EXPECT_TRUE(judge().passed());
}

TEST_F(Damage, a_file_with_bytes_behind_its_end_is_not_whole) {
    for (const std::string& file : files_below(path_)) {
        data_.content[file].push_back(0);
        EXPECT_FALSE(judge().passed()) << file;
        data_.content[file].pop_back();
    }
}

/// The frames of a write-ahead file, to be put together in another way.
struct Parts {
    Bytes header;
    std::vector<Bytes> frames;
    [[nodiscard]] Bytes joined() const {
        Bytes out = header;
        for (const Bytes& frame : frames) out.insert(out.end(), frame.begin(), frame.end());
        return out;
    }
};

Parts split(const Bytes& file) {
    const Result<WalContent> content = read_wal(file);
    EXPECT_TRUE(content);
    Parts out;
    std::size_t end = file.size();
    for (auto frame = content->frames.rbegin(); frame != content->frames.rend(); ++frame) {
        const auto from = static_cast<std::ptrdiff_t>(frame->offset);
        out.frames.insert(
            out.frames.begin(),
            Bytes(file.begin() + from, file.begin() + static_cast<std::ptrdiff_t>(end)));
        end = frame->offset;
    }
    out.header.assign(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(end));
    return out;
}

/// The frame as its writer would have numbered it, with the checksum that goes with it.
Bytes renumbered(const Bytes& frame, std::uint64_t leaf_index) {
    Result<FrameHead> head = decode_frame_head(ByteView(frame).first(frame_head_size));
    EXPECT_TRUE(head);
    head->leaf_index = leaf_index;
    head->unsynced = 0;
    const ByteView rest = ByteView(frame).subspan(frame_head_size);
    head->crc = frame_crc(*head, rest.first(head->leaf_length), rest.subspan(head->leaf_length));
    const auto encoded = encode(*head);
    Bytes out(encoded.begin(), encoded.end());
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

TEST_F(Damage, frames_cannot_be_reordered_repeated_or_left_out_even_with_right_checksums) {
    const std::string file = only_file("wal");
    const Bytes whole = data_.content[file];
    const Parts parts = split(whole);
    ASSERT_GE(parts.frames.size(), 2U);
    const std::uint64_t first = read_wal(whole)->header.first_leaf;
    const auto put = [&](const std::vector<std::size_t>& order) {
        Parts changed{parts.header, {}};
        for (std::size_t i = 0; i < order.size(); ++i)
            changed.frames.push_back(renumbered(parts.frames[order[i]], first + i));
        data_.content[file] = changed.joined();
    };
    for (const std::vector<std::size_t>& order :
         {std::vector<std::size_t>{1, 0}, {0, 0}, {1, 1}, {1}, {0, 1, 0}, {0, 1, 1}}) {
        put(order);
        EXPECT_FALSE(judge(false).passed() && order.size() <= 2) << order.size();
        EXPECT_FALSE(judge(true).passed()) << "with keys, " << order.size();
    }
}

TEST_F(Damage, a_copied_frame_behind_the_signed_tree_does_not_pass_as_a_new_one) {
    // The checksum needs no key. What it can't give: the chain of batches, and the MAC.
    const std::string file = only_file("wal");
    const Parts parts = split(data_.content[file]);
    Parts changed = parts;
    const std::uint64_t first = read_wal(data_.content[file])->header.first_leaf;
    changed.frames.push_back(renumbered(parts.frames.back(), first + parts.frames.size()));
    data_.content[file] = changed.joined();
    const Report report = judge();
    EXPECT_FALSE(report.passed());
    EXPECT_EQ(report.findings.front().problem, Problem::batch_chain);
}

TEST_F(Damage, files_of_another_ledger_do_not_fit) {
    SampleLedger other;
    other.fill();
    const MemoryFiles theirs = MemoryFiles::load(other.root);
    for (const std::string& file : files_below(path_)) {
        const auto same = theirs.content.find(other.root + file.substr(sample_->root.size()));
        if (same == theirs.content.end()) continue;
        const Bytes mine = std::exchange(data_.content[file], same->second);
        EXPECT_FALSE(judge(false).passed()) << file;
        EXPECT_FALSE(judge(true).passed()) << file;
        data_.content[file] = mine;
    }
    for (const auto& [file, bytes] : theirs.content) data_.add(file, bytes);
    Options options;
    options.deep = true;
    options.keys_directory = other.options.keys_directory;
    const Result<Report> report = verify_ledger(data_, path_, options);
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->passed()) << "keys of another ledger";
}

TEST_F(Damage, segments_cannot_be_exchanged_for_each_other) {
    const auto files = files_below(path_ + "/segment");
    ASSERT_GE(files.size(), 2U);
    std::swap(data_.content[files[0]], data_.content[files[1]]);
    const Report report = judge();
    EXPECT_FALSE(report.passed());
    EXPECT_EQ(report.findings.front().problem, Problem::segment);
    EXPECT_TRUE(report.findings.front().seqs.has_value()) << "a finding names the events";
}

TEST_F(Damage, a_torn_last_write_is_told_from_damage_below_the_checkpoint) {
    const std::string file = only_file("wal");
    const Bytes whole = data_.content[file];
    const Bytes torn = to_bytes("DWF1 the power went here");
    data_.content[file].insert(data_.content[file].end(), torn.begin(), torn.end());
    EXPECT_EQ(judge().findings.front().problem, Problem::torn_tail);
    data_.content[file] = whole;
    data_.content[file].pop_back();
    EXPECT_EQ(judge().findings.front().problem, Problem::wal);
}

TEST_F(Damage, a_read_only_directory_is_enough_and_two_runs_leave_the_same_bytes) {
    const std::map<std::string, Bytes> before = data_.content;
    const Report first = judge(true);
    const Report second = judge(true);
    EXPECT_TRUE(first.passed());
    EXPECT_EQ(to_json(first, "x"), to_json(second, "x"));
    EXPECT_EQ(data_.content, before);
    const auto on_disk = [&] { return MemoryFiles::load(sample_->root).content; };
    Options options;
    options.deep = true;
    options.keys_directory = sample_->options.keys_directory;
    for (int i = 0; i < 2; ++i) {
        const Result<Report> report = verify_ledger(real_files(), path_, options);
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->passed());
        EXPECT_EQ(on_disk(), before);
    }
}

}  // namespace
}  // namespace daicho::ledger::core::verify
