#include "ledger/core/leaf.hpp"

#include <gtest/gtest.h>

#include "ledger/core/tests/sample.hpp"

namespace daicho::ledger::core {
namespace {

TEST(BatchLeaf, comes_back_as_it_was) {
    const sample::Batch batch;
    const Result<BatchLeaf> read = decode_batch(encode(batch.leaf));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, batch.leaf);
    EXPECT_EQ(*leaf_type_of(encode(batch.leaf)), LeafType::batch);
}

TEST(BatchLeaf, is_refused_at_every_truncation_and_with_anything_after_it) {
    const Bytes bytes = encode(sample::Batch().leaf);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_batch(ByteView(bytes).first(size))) << size;
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_FALSE(decode_batch(longer));
}

TEST(BatchLeaf, is_refused_when_its_numbers_cannot_be_true) {
    const auto refused = [](const std::function<void(BatchLeaf&)>& change) {
        sample::Batch batch;
        const Bytes good = encode(batch.leaf);
        BatchLeaf bad = batch.leaf;
        change(bad);
        // encode() would end the program for it, so the bytes are put together from the good ones.
        Bytes bytes(good.begin(), good.begin() + 2);
        ByteWriter out(bytes);
        out.text16(bad.retention_class);
        out.u64(bad.segment);
        out.u64(bad.first_seq);
        out.u32(bad.count);
        for (const std::int64_t value :
             {bad.wall_first_ns, bad.wall_last_ns, bad.monotonic_first_ns, bad.monotonic_last_ns})
            out.u64(static_cast<std::uint64_t>(value));
        out.raw(bad.boot_id);
        out.raw(bad.event_root.view());
        out.raw(bad.previous.view());
        out.u16(static_cast<std::uint16_t>(bad.sources.size()));
        for (const BatchSource& source : bad.sources) {
            out.text16(source.id);
            out.u32(source.events);
            out.u64(source.bytes);
        }
        return !decode_batch(bytes);
    };
    EXPECT_FALSE(refused([](BatchLeaf&) {}));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) { leaf.retention_class = "Log"; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) { leaf.retention_class = "../log"; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) { leaf.count = 0; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) { leaf.count = 5; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) { leaf.segment = leaf.first_seq + 1; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) { leaf.wall_last_ns = leaf.wall_first_ns - 1; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) { leaf.monotonic_first_ns = 99; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) { leaf.sources.clear(); }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) { leaf.sources[0].id.clear(); }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) { leaf.sources[0].events = 0; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf) {
        leaf.count = batch_sources_max + 1;
        leaf.sources.assign(batch_sources_max + 1, {"tcp:192.0.2.7", 1, 1});
    }));
}

TEST(BatchLeaf, fits_a_tile_entry_with_the_most_and_longest_sources) {
    sample::Batch batch;
    batch.leaf.count = batch_sources_max;
    batch.leaf.sources.assign(batch_sources_max, {std::string(source_id_size_max, 's'), 1, 1});
    const Bytes bytes = encode(batch.leaf);
    EXPECT_LE(bytes.size(), leaf_size_max);
    EXPECT_TRUE(decode_batch(bytes));
}

TEST(NoticeLeaf, comes_back_as_it_was_and_is_no_batch) {
    const NoticeLeaf leaf{LeafType::gap, sample::moment, R"({"events":3})"};
    const Bytes bytes = encode(leaf);
    const Result<NoticeLeaf> read = decode_notice(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, leaf);
    EXPECT_FALSE(decode_batch(bytes));
    EXPECT_FALSE(decode_notice(encode(sample::Batch().leaf)));
}

TEST(Leaf, of_an_unknown_type_or_version_is_refused) {
    Bytes bytes = encode(NoticeLeaf{LeafType::read, sample::moment, "{}"});
    for (const int type : {0, 13, 255}) {
        bytes[0] = static_cast<std::uint8_t>(type);
        EXPECT_FALSE(leaf_type_of(bytes)) << type;
    }
    bytes[0] = static_cast<std::uint8_t>(LeafType::read);
    bytes[1] = 2;
    EXPECT_FALSE(decode_notice(bytes));
    EXPECT_FALSE(leaf_type_of(ByteView(bytes).first(1)));
}

TEST(ClassName, holds_only_what_may_stand_in_a_file_name) {
    for (const char* good : {"log", "evidence", "a-1", "0"}) EXPECT_TRUE(is_class_name(good));
    for (const char* bad : {"", "Log", "a/b", "a.b", "..", "a b", "ログ"})
        EXPECT_FALSE(is_class_name(bad)) << bad;
    EXPECT_TRUE(is_class_name(std::string(class_size_max, 'a')));
    EXPECT_FALSE(is_class_name(std::string(class_size_max + 1, 'a')));
}

}  // namespace
}  // namespace daicho::ledger::core
