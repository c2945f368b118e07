#include <gtest/gtest.h>

#include "ledger/core/wal.hpp"

namespace daicho::ledger::core {
namespace {

constexpr std::uint64_t damaged_leaf = 5;
constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// Counts what is read of a file in memory.
struct Counted {
    Bytes bytes;
    std::uint64_t read = 0;

    bool late_frame(std::uint64_t from = 0) {
        const ReadWal reader = [this](std::uint64_t offset, std::size_t size) {
            const std::size_t begin = std::min<std::size_t>(offset, bytes.size());
            const std::size_t end = begin + std::min(size, bytes.size() - begin);
            read += end - begin;
            return Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                         bytes.begin() + static_cast<std::ptrdiff_t>(end));
        };
        return synced_frame_after(reader, bytes.size(), from, damaged_leaf);
    }
    void add(const FrameHead& head, std::size_t body = 0) {
        const auto encoded = encode(head);
        bytes.insert(bytes.end(), encoded.begin(), encoded.end());
        bytes.insert(bytes.end(), head.leaf_length + body, 'x');
    }
};

FrameHead head_of(std::uint64_t leaf_index, std::uint32_t body) {
    FrameHead head;
    head.leaf_index = leaf_index;
    head.class_index = body == 0 ? no_class : 0;
    head.leaf_length = 2;
    head.body_length = body;
    const Bytes rest(std::size_t{2} + body, 'x');
    head.crc = frame_crc(head, ByteView(rest).first(2), ByteView(rest).subspan(2));
    return head;
}

TEST(WalScan, finds_a_frame_at_every_offset_around_the_parts_it_reads) {
    for (const std::size_t before : {std::size_t{0}, std::size_t{1}, mebibyte - 64, mebibyte - 63,
                                     mebibyte - 1, mebibyte, 2 * mebibyte - 100}) {
        Counted file;
        file.bytes.resize(before);
        file.add(head_of(damaged_leaf + 1, 3 * mebibyte / 2), 3 * mebibyte / 2);
        EXPECT_TRUE(file.late_frame()) << before;
        file.bytes.back() ^= 1;
        EXPECT_FALSE(file.late_frame()) << before;
    }
}

TEST(WalScan, takes_a_torn_tail_of_whole_frames_for_a_crash) {
    Counted file;
    for (std::uint64_t i = 1; i <= 2000; ++i) {
        FrameHead head = head_of(damaged_leaf + i, 0);
        head.unsynced = static_cast<std::uint32_t>(i);
        const Bytes leaf(2, 'x');
        head.crc = frame_crc(head, leaf, {});
        file.add(head);
    }
    EXPECT_FALSE(file.late_frame());
    EXPECT_LE(file.read, 2 * file.bytes.size());
    file.add(head_of(damaged_leaf + 2001, 0));
    EXPECT_TRUE(file.late_frame());
}

TEST(WalScan, a_file_of_nothing_but_magic_costs_a_few_times_its_size_and_is_damage) {
    Counted file;
    while (file.bytes.size() < 4 * mebibyte)
        for (const char c : {'D', 'W', 'F', '1'})
            file.bytes.push_back(static_cast<std::uint8_t>(c));
    EXPECT_TRUE(file.late_frame());
    EXPECT_LE(file.read, 5 * file.bytes.size());
}

TEST(WalScan, heads_that_promise_large_bodies_cost_a_few_times_the_file_and_are_damage) {
    Counted file;
    for (std::uint64_t i = 1; i <= 4096; ++i) {
        FrameHead head = head_of(damaged_leaf + i, 0);
        head.class_index = 0;
        head.body_length = 15 * mebibyte;
        const auto encoded = encode(head);
        file.bytes.insert(file.bytes.end(), encoded.begin(), encoded.end());
    }
    file.bytes.resize(file.bytes.size() + 16 * mebibyte);
    EXPECT_TRUE(file.late_frame());
    EXPECT_LE(file.read, 5 * file.bytes.size());
}

TEST(WalScan, ends_with_a_file_that_became_shorter) {
    const ReadWal nothing = [](std::uint64_t, std::size_t) { return Bytes{}; };
    EXPECT_FALSE(synced_frame_after(nothing, std::uint64_t{1} << 40, 0, 0));
    EXPECT_FALSE(synced_frame_after(nothing, 10, 10, 0));
}

}  // namespace
}  // namespace daicho::ledger::core
