#include "ledger/core/wal.hpp"

#include <gtest/gtest.h>

#include "ledger/core/tests/sample.hpp"

namespace daicho::ledger::core {
namespace {

/// Header and three frames: a batch, a notice, a batch; each written when the one before was
/// synced.
struct File {
    Bytes bytes = encode(sample::wal_header());
    std::size_t header_size = bytes.size();
    std::vector<std::size_t> ends;

    explicit File(std::uint32_t unsynced_of_last = 0) {
        const Bytes leaf = encode(sample::Batch().leaf);
        const Bytes notice = encode(NoticeLeaf{LeafType::heartbeat, sample::moment, "{}"});
        add(sample::frame(12, 0, leaf, Bytes(40, 1)));
        add(sample::frame(13, unsynced_of_last == 0 ? 0 : 1, notice));
        add(sample::frame(14, unsynced_of_last, leaf, Bytes(50, 2)));
    }
    void add(const Bytes& frame) {
        bytes.insert(bytes.end(), frame.begin(), frame.end());
        ends.push_back(bytes.size());
    }
};

TEST(WalHeader, comes_back_as_it_was) {
    const Bytes bytes = encode(sample::wal_header());
    std::size_t size = 0;
    const Result<WalHeader> read = decode_wal_header(bytes, size);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, sample::wal_header());
    EXPECT_EQ(size, bytes.size());
}

TEST(WalHeader, is_refused_with_any_bit_changed_and_at_every_truncation) {
    const Bytes good = encode(sample::wal_header());
    std::size_t size = 0;
    for (std::size_t i = 0; i < good.size() * 8; ++i) {
        Bytes bytes = good;
        bytes[i / 8] ^= static_cast<std::uint8_t>(1U << (i % 8));
        EXPECT_FALSE(decode_wal_header(bytes, size)) << "bit " << i;
    }
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_FALSE(decode_wal_header(ByteView(good).first(length), size)) << length;
}

TEST(Wal, gives_every_frame_in_order) {
    const File file;
    const Result<WalContent> read = read_wal(file.bytes);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->frames.size(), 3U);
    EXPECT_EQ(read->frames[0].offset, file.header_size);
    EXPECT_EQ(read->frames[1].offset, file.ends[0]);
    EXPECT_EQ(read->frames[1].head.class_index, no_class);
    EXPECT_TRUE(read->frames[1].body.empty());
    EXPECT_EQ(read->frames[2].body.size(), 50U);
    EXPECT_EQ(read->end.good_bytes, file.bytes.size());
    EXPECT_TRUE(read->end.reason.empty());
}

TEST(Wal, cut_anywhere_keeps_the_whole_frames_before_and_calls_it_a_crash) {
    const File file;
    for (std::size_t size = file.header_size; size < file.bytes.size(); ++size) {
        const Result<WalContent> read = read_wal(ByteView(file.bytes).first(size));
        ASSERT_TRUE(read) << size;
        std::size_t whole = 0;
        while (file.ends[whole] <= size) ++whole;
        EXPECT_EQ(read->frames.size(), whole) << size;
        EXPECT_FALSE(read->end.damaged_inside) << size;
        EXPECT_EQ(read->end.good_bytes, whole == 0 ? file.header_size : file.ends[whole - 1]);
        EXPECT_EQ(read->end.reason.empty(), read->end.good_bytes == size) << size;
    }
}

TEST(Wal, knows_damage_below_a_synced_frame_from_a_crash) {
    const File synced(0);
    const File unsynced(2);
    for (std::size_t at = synced.header_size; at < synced.ends[1]; ++at) {
        Bytes bytes = synced.bytes;
        bytes[at] ^= 0x10;
        const Result<WalContent> read = read_wal(bytes);
        ASSERT_TRUE(read);
        EXPECT_TRUE(read->end.damaged_inside) << at;
        // The last frame says that the two before it were not yet on the medium: a crash may have
        // lost them and kept it.
        bytes = unsynced.bytes;
        bytes[at] ^= 0x10;
        EXPECT_FALSE(read_wal(bytes)->end.damaged_inside) << at;
    }
}

TEST(Wal, takes_no_frame_out_of_order_or_twice) {
    File file;
    const Bytes notice = encode(NoticeLeaf{LeafType::heartbeat, sample::moment, "{}"});
    for (const std::uint64_t index : {14U, 16U}) {
        Bytes bytes = file.bytes;
        const Bytes frame = sample::frame(index, 0, notice);
        bytes.insert(bytes.end(), frame.begin(), frame.end());
        const Result<WalContent> read = read_wal(bytes);
        EXPECT_EQ(read->frames.size(), 3U);
        EXPECT_EQ(read->end.good_bytes, file.bytes.size());
        EXPECT_FALSE(read->end.reason.empty());
    }
}

TEST(FrameHead, is_refused_when_it_cannot_be_true) {
    FrameHead head;
    head.leaf_index = 5;
    head.leaf_length = 30;
    ASSERT_TRUE(decode_frame_head(encode(head)));
    const auto refused = [&head](const std::function<void(FrameHead&)>& change) {
        FrameHead bad = head;
        change(bad);
        return !decode_frame_head(encode(bad));
    };
    EXPECT_TRUE(refused([](FrameHead& bad) { bad.leaf_length = 1; }));
    EXPECT_TRUE(refused([](FrameHead& bad) { bad.leaf_length = leaf_size_max + 1; }));
    EXPECT_TRUE(refused([](FrameHead& bad) { bad.body_length = 20; }));
    EXPECT_TRUE(refused([](FrameHead& bad) { bad.class_index = 0; }));
    EXPECT_TRUE(refused([](FrameHead& bad) { bad.unsynced = 6; }));
    EXPECT_TRUE(refused([](FrameHead& bad) {
        bad.class_index = 0;
        bad.body_length = frame_body_max + 1;
    }));
}

TEST(Wal, is_named_by_its_first_leaf_so_that_names_sort_as_numbers) {
    EXPECT_EQ(wal_name(12), "00000000000000000012.wal");
    EXPECT_LT(wal_name(99), wal_name(100));
}

/// What the cheap reader makes of a file; `leaves` must outlive the answer.
Result<WalContent> leaves_of(ByteView file, Bytes& leaves) {
    return read_wal_leaves(
        [file](std::uint64_t offset, std::size_t size) {
            const ByteView part = file.subspan(std::min<std::size_t>(offset, file.size()));
            return Bytes(part.begin(),
                         part.begin() + static_cast<std::ptrdiff_t>(std::min(size, part.size())));
        },
        file.size(), leaves);
}

TEST(WalLeaves, are_those_of_the_whole_file_without_the_bodies) {
    File file;
    const Bytes large = encode(NoticeLeaf{LeafType::heartbeat, sample::moment,
                                          "{\"text\":\"" + std::string(5000, 'x') + "\"}"});
    file.add(sample::frame(15, 0, large));
    const Result<WalContent> whole = read_wal(file.bytes);
    Bytes leaves;
    const Result<WalContent> read = leaves_of(file.bytes, leaves);
    ASSERT_TRUE(whole && read);
    ASSERT_EQ(read->frames.size(), 4U);
    EXPECT_EQ(read->header, whole->header);
    EXPECT_EQ(read->end.good_bytes, file.bytes.size());
    for (std::size_t i = 0; i < 4; ++i) {
        const Frame& mine = read->frames[i];
        const Frame& other = whole->frames[i];
        EXPECT_EQ(encode(mine.head), encode(other.head)) << i;
        EXPECT_EQ(Bytes(mine.leaf.begin(), mine.leaf.end()),
                  Bytes(other.leaf.begin(), other.leaf.end()))
            << i;
        EXPECT_EQ(mine.offset, other.offset) << i;
        EXPECT_TRUE(mine.body.empty()) << i;
    }
}

TEST(WalLeaves, end_where_the_whole_file_ends_at_every_truncation) {
    const File file;
    for (std::size_t length = 0; length < file.bytes.size(); ++length) {
        const ByteView cut = ByteView(file.bytes).first(length);
        const Result<WalContent> whole = read_wal(cut);
        Bytes leaves;
        const Result<WalContent> read = leaves_of(cut, leaves);
        ASSERT_EQ(read.has_value(), whole.has_value()) << length;
        if (!read) continue;
        EXPECT_EQ(read->end.good_bytes, whole->end.good_bytes) << length;
        EXPECT_EQ(read->end.file_bytes, length);
        EXPECT_EQ(read->frames.size(), whole->frames.size()) << length;
    }
}

TEST(WalLeaves, refuse_a_frame_of_another_place) {
    File file;
    file.add(sample::frame(17, 0, encode(NoticeLeaf{LeafType::heartbeat, sample::moment, "{}"})));
    Bytes leaves;
    const Result<WalContent> read = leaves_of(file.bytes, leaves);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->frames.size(), 3U);
    EXPECT_EQ(read->end.good_bytes, file.ends[2]);
}

}  // namespace
}  // namespace daicho::ledger::core
