#include "ledger/core/segment.hpp"

#include <gtest/gtest.h>

#include "ledger/core/segment_check.hpp"
#include "ledger/core/tests/segment_sample.hpp"

namespace daicho::ledger::core {
namespace {

using sample::SegmentFile;

TEST(Segment, directory_comes_back_as_it_was) {
    const SegmentFile file;
    const Result<SegmentDirectory> read = file.directory();
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->header, file.header);
    EXPECT_EQ(read->footer, file.footer);
    EXPECT_EQ(read->file_bytes, file.bytes.size());
}

TEST(Segment, is_refused_at_every_truncation) {
    const SegmentFile file;
    for (std::size_t size = 0; size < file.bytes.size(); ++size) {
        SegmentFile cut;
        cut.bytes.resize(size);
        EXPECT_FALSE(cut.directory()) << size;
    }
}

TEST(Segment, shows_a_change_of_any_byte_without_a_key) {
    const SegmentFile good;
    const Result<SegmentDirectory> sealed = good.directory();
    ASSERT_TRUE(sealed);
    for (std::size_t at = 0; at < good.bytes.size(); ++at) {
        SegmentFile bad;
        bad.bytes = good.bytes;
        bad.bytes[at] ^= 0x04;
        const Result<SegmentDirectory> read = bad.directory();
        if (!read) continue;
        // What SEAL commits to is the digest; blocks hang on the footer.
        std::vector<SegmentFinding> findings;
        std::uint64_t bytes = 0;
        check_block_digests(*read, bad.read(), findings, bytes);
        EXPECT_TRUE(read->digest != sealed->digest || findings.size() == 1) << "byte " << at;
    }
}

TEST(Segment, names_the_block_whose_bytes_were_changed) {
    SegmentFile file;
    const Result<SegmentDirectory> directory = file.directory();
    ASSERT_TRUE(directory);
    file.bytes[directory->footer.blocks[1].offset + 3] ^= 1;
    std::vector<SegmentFinding> findings;
    std::uint64_t bytes = 0;
    check_block_digests(*directory, file.read(), findings, bytes);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].block, 1U);
    EXPECT_EQ(findings[0].first_seq, directory->footer.blocks[1].first_seq);
}

TEST(Segment, leaves_no_room_between_its_blocks) {
    const auto refused = [](const std::function<void(SegmentFooter&)>& change) {
        SegmentFile file;
        change(file.footer);
        file.finish();
        return !file.directory();
    };
    EXPECT_FALSE(refused([](SegmentFooter&) {}));
    EXPECT_TRUE(refused([](SegmentFooter& footer) { ++footer.blocks[1].offset; }));
    EXPECT_TRUE(refused([](SegmentFooter& footer) { --footer.blocks[1].stored_bytes; }));
    EXPECT_TRUE(refused([](SegmentFooter& footer) { footer.blocks.pop_back(); }));
    EXPECT_TRUE(refused([](SegmentFooter& footer) { footer.blocks[0].events = 0; }));
    EXPECT_TRUE(refused([](SegmentFooter& footer) { footer.blocks[0].first_seq = ~0ULL; }));
    EXPECT_TRUE(
        refused([](SegmentFooter& footer) { footer.batches.push_back(footer.batches.front()); }));
}

TEST(Segment, of_the_right_events_passes_the_deep_check) {
    const SegmentFile file;
    SegmentFinding finding;
    const Status checked =
        check_events(*file.directory(), file.read(), sample::key_of(1), file.leaves(), finding);
    EXPECT_TRUE(checked) << checked.error().message;
}

TEST(Segment, with_another_event_fails_the_deep_check_and_names_it) {
    SegmentFile file;
    file.second.leaf.event_root = sample::digest_of("other events");
    SegmentFinding finding;
    EXPECT_FALSE(
        check_events(*file.directory(), file.read(), sample::key_of(1), file.leaves(), finding));
    EXPECT_EQ(finding.block, 1U);
    EXPECT_NE(finding.reason.find("104"), std::string::npos) << finding.reason;
}

TEST(Segment, without_the_events_of_a_batch_fails_the_deep_check) {
    const SegmentFile file;
    std::vector<BatchLeaf> leaves = file.leaves();
    leaves.push_back(leaves.back());
    leaves.back().first_seq = 108;
    SegmentFinding finding;
    EXPECT_FALSE(check_events(*file.directory(), file.read(), sample::key_of(1), leaves, finding));
    leaves = file.leaves();
    leaves.pop_back();
    EXPECT_FALSE(check_events(*file.directory(), file.read(), sample::key_of(1), leaves, finding));
}

TEST(Segment, opens_with_its_own_key_and_in_its_own_place_only) {
    const SegmentFile file;
    const SegmentDirectory directory = *file.directory();
    const SegmentBlock& place = directory.footer.blocks[0];
    const Bytes stored = file.read()(place.offset, place.stored_bytes);
    crypto::Aead right(block_key(sample::key_of(1)));
    crypto::Aead wrong(block_key(sample::key_of(2)));
    EXPECT_TRUE(open_block(directory, 0, stored, right));
    EXPECT_FALSE(open_block(directory, 0, stored, wrong));
    EXPECT_FALSE(open_block(directory, 1, stored, right)) << "a block in another's place";
    SegmentDirectory other = directory;
    ++other.header.segment;
    EXPECT_FALSE(open_block(other, 0, stored, right)) << "a block of another segment";
    SegmentDirectory shorter = directory;
    shorter.footer.blocks.pop_back();
    EXPECT_FALSE(open_block(shorter, 0, stored, right)) << "a block passed off as the last";
}

}  // namespace
}  // namespace daicho::ledger::core
