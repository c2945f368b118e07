#include "crypto/kdf.hpp"

#include <gtest/gtest.h>

#include "crypto/random.hpp"
#include "support/vectors.hpp"

namespace daicho::crypto {
namespace {

using testing_support::read_vectors;
using testing_support::Vector;

TEST(HmacSha256, AgreesWithEveryVector) {
    for (const Vector& vector : read_vectors("crypto/hmac_sha256.txt")) {
        const Bytes key = vector.bytes(0);
        const Bytes message = vector.bytes(1);
        EXPECT_EQ(hmac_sha256(key, message).hex(), vector.fields[2]) << vector.line;
        const std::size_t half = message.size() / 2;
        const ByteView head = ByteView(message).first(half);
        const ByteView tail = ByteView(message).subspan(half);
        EXPECT_EQ(hmac_sha256(key, {head, tail}).hex(), vector.fields[2]) << vector.line;
        const Hmac kept(key);
        EXPECT_EQ(kept.mac({head, {}, tail}).hex(), vector.fields[2]) << vector.line;
        EXPECT_EQ(kept.mac({message}).hex(), vector.fields[2]) << "the second time";
    }
}

TEST(Hkdf, AgreesWithRfc5869) {
    for (const Vector& vector : read_vectors("crypto/hkdf_sha256.txt")) {
        const Key32 prk = hkdf_extract(vector.bytes(1), vector.bytes(0));
        EXPECT_EQ(to_hex(prk.view()), vector.fields[3]);
        const Bytes okm = vector.bytes(4);
        EXPECT_EQ(to_hex(hkdf_expand(prk, vector.bytes(2), okm.size()).view()), vector.fields[4]);
    }
}

TEST(Hkdf, ExpandsUpToItsLimitAndEveryLengthIsAPrefix) {
    const Key32 key = random_key();
    const SecretBytes all = hkdf_expand(key, view_of("x"), hkdf_size_max);
    ASSERT_EQ(all.size(), 8160U);
    for (const std::size_t size : {0U, 1U, 31U, 32U, 33U, 64U, 8159U}) {
        EXPECT_EQ(to_hex(hkdf_expand(key, view_of("x"), size).view()),
                  to_hex(all.view().first(size)));
    }
}

TEST(HkdfDeathTest, TakesABugForABug) {
    EXPECT_DEATH((void)hkdf_expand(Key32(), {}, hkdf_size_max + 1), "255 blocks");
    EXPECT_DEATH((void)derive(Key32(), std::string_view("a\0b", 3)), "without NUL");
}

TEST(Derive, IsHkdfExpandOfLabelAndContext) {
    const Key32 key = random_key();
    const Key32 derived = derive(key, "daicho/test/1", view_of("ctx"));
    const SecretBytes expected =
        hkdf_expand(key, view_of(std::string_view("daicho/test/1\0ctx", 17)), 32);
    EXPECT_TRUE(equal_constant_time(derived.view(), expected.view()));
}

TEST(Derive, SeparatesLabelsContextsAndKeys) {
    const Key32 key = random_key();
    const Key32 other = random_key();
    const auto hex = [](const Key32& derived) { return to_hex(derived.view()); };
    EXPECT_EQ(hex(derive(key, "a", view_of("b"))), hex(derive(key, "a", view_of("b"))));
    EXPECT_NE(hex(derive(key, "a", view_of("b"))), hex(derive(key, "ab")));
    EXPECT_NE(hex(derive(key, "a", view_of("b"))), hex(derive(key, "a", view_of("c"))));
    EXPECT_NE(hex(derive(key, "a")), hex(derive(other, "a")));
}

}  // namespace
}  // namespace daicho::crypto
