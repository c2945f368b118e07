#include "ledger/core/keys.hpp"

#include <gtest/gtest.h>

#include "ledger/core/tests/sample.hpp"

namespace daicho::ledger::core {
namespace {

RootKey root_of(std::uint8_t number) {
    return RootKey(crypto::SecretBytes::copy_of(Bytes(crypto::Key32::size, number)));
}

Bytes bytes_of(const crypto::Key32& key) {
    return {key.view().begin(), key.view().end()};
}

TEST(Keys, made_from_one_data_key_all_differ) {
    const crypto::Key32 data_key = sample::key_of(1);
    const std::vector<Bytes> keys{bytes_of(data_key),
                                  bytes_of(wal_key(data_key)),
                                  bytes_of(block_key(data_key)),
                                  bytes_of(index_key(data_key)),
                                  bytes_of(salt_key(data_key, 0)),
                                  bytes_of(salt_key(data_key, 1)),
                                  bytes_of(next_frame_key(data_key))};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) EXPECT_NE(keys[i], keys[k]) << i << " and " << k;
    }
}

TEST(Keys, a_salt_is_a_piece_of_the_batchs_key_stream) {
    const crypto::Key32 key = salt_key(sample::key_of(1), 5);
    Bytes stream(3 * salt_size);
    crypto::Keystream(key).blocks(0, stream);
    for (std::uint32_t i = 0; i < 3; ++i) {
        const Salt salt = salt_at(key, i);
        EXPECT_TRUE(std::equal(salt.begin(), salt.end(),
                               stream.begin() + static_cast<std::ptrdiff_t>(i * salt_size)));
    }
}

TEST(Keys, a_data_key_opens_for_its_own_class_day_and_segment_only) {
    const crypto::Key32 kek = sample::key_of(2);
    const crypto::Key32 data_key = sample::key_of(3);
    const Bytes bound = data_key_context("log", "2026-11-22", 90);
    const ClassKey good{"log", "2026-11-22", crypto::wrap_key(kek, data_key, bound),
                        crypto::key_commitment(data_key, bound)};
    const Result<crypto::Key32> opened = unwrap_data_key(kek, good, 90);
    ASSERT_TRUE(opened);
    EXPECT_EQ(bytes_of(*opened), bytes_of(data_key));
    EXPECT_FALSE(unwrap_data_key(sample::key_of(4), good, 90));
    EXPECT_FALSE(unwrap_data_key(kek, good, 91));
    ClassKey bad = good;
    bad.day = "2026-11-23";
    EXPECT_FALSE(unwrap_data_key(kek, bad, 90));
    bad = good;
    bad.retention_class = "evidence";
    EXPECT_FALSE(unwrap_data_key(kek, bad, 90));
    bad = good;
    bad.commitment = sample::digest_of("another");
    const Result<crypto::Key32> uncommitted = unwrap_data_key(kek, bad, 90);
    ASSERT_FALSE(uncommitted);
    EXPECT_EQ(uncommitted.error().code, Errc::tampered);
}

TEST(RootKey, comes_back_from_its_file_and_from_no_other) {
    const RootKey root = root_of(5);
    const Bytes file = root.format();
    const Result<RootKey> read = RootKey::parse(file);
    ASSERT_TRUE(read);
    EXPECT_EQ(bytes_of(read->subkey(RootUse::kek)), bytes_of(root.subkey(RootUse::kek)));
    for (std::size_t size = 0; size < file.size(); ++size)
        EXPECT_FALSE(RootKey::parse(ByteView(file).first(size))) << size;
    Bytes longer = file;
    longer.push_back('\n');
    EXPECT_FALSE(RootKey::parse(longer));
}

TEST(RootKey, gives_each_use_a_key_of_its_own) {
    const RootKey root = root_of(5);
    const std::vector<RootUse> uses{RootUse::signing, RootUse::kek, RootUse::mac, RootUse::head,
                                    RootUse::room};
    for (const RootUse a : uses) {
        for (const RootUse b : uses) {
            EXPECT_EQ(bytes_of(root.subkey(a)) == bytes_of(root.subkey(b)), a == b);
        }
        EXPECT_NE(bytes_of(root.subkey(a)), bytes_of(root_of(6).subkey(a)));
    }
}

TEST(Head, is_refused_with_any_bit_changed_and_under_another_root_key) {
    const RootKey root = root_of(5);
    const Head head{{17, sample::digest_of("root")}, 99};
    const Bytes good = encode(head, root);
    const Result<Head> read = decode_head(good, root);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, head);
    for (std::size_t i = 0; i < good.size() * 8; ++i) {
        Bytes bad = good;
        bad[i / 8] ^= static_cast<std::uint8_t>(1U << (i % 8));
        EXPECT_FALSE(decode_head(bad, root)) << "bit " << i;
    }
    EXPECT_FALSE(decode_head(good, root_of(6)));
    EXPECT_FALSE(decode_head(ByteView(good).first(good.size() - 1), root));
}

TEST(Day, turns_at_midnight_utc) {
    EXPECT_EQ(day_of(sample::moment - 1), "2026-11-21");
    EXPECT_EQ(day_of(sample::moment), "2026-11-22");
    EXPECT_EQ(day_of(sample::moment + day_ns - 1), "2026-11-22");
    EXPECT_EQ(day_of(0), "1970-01-01");
}

}  // namespace
}  // namespace daicho::ledger::core
