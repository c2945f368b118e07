#include "crypto/ed25519.hpp"

#include <gtest/gtest.h>

#include "support/vectors.hpp"

namespace daicho::crypto {
namespace {

using testing_support::read_vectors;
using testing_support::Vector;

TEST(Ed25519, AgreesWithEveryVector) {
    for (const Vector& vector : read_vectors("crypto/ed25519.txt")) {
        const SigningKey key = SigningKey::from_seed(vector.bytes(0)).value();
        EXPECT_EQ(to_hex(key.public_key().view()), vector.fields[1]);
        const Bytes message = vector.bytes(2);
        const Signature signature = key.sign(message);
        EXPECT_EQ(to_hex(signature.view()), vector.fields[3]);
        EXPECT_TRUE(verify(key.public_key(), message, signature));
        EXPECT_EQ(to_hex(key.seed().view()), vector.fields[0]);
    }
}

TEST(Ed25519, RefusesEveryChangedByte) {
    const SigningKey key = SigningKey::generate();
    const Bytes message = to_bytes("checkpoint");
    const Signature signature = key.sign(message);
    for (std::size_t at = 0; at < Signature::size; ++at) {
        Signature changed = signature;
        changed.bytes[at] ^= 1;
        EXPECT_FALSE(verify(key.public_key(), message, changed)) << at;
    }
    for (std::size_t at = 0; at < PublicKey::size; ++at) {
        PublicKey changed = key.public_key();
        changed.bytes[at] ^= 1;
        EXPECT_FALSE(verify(changed, message, signature)) << at;
    }
    EXPECT_FALSE(verify(key.public_key(), to_bytes("checkpoints"), signature));
    EXPECT_FALSE(verify(SigningKey::generate().public_key(), message, signature));
}

TEST(Ed25519, RefusesASecondFormOfASignature) {
    // S + L is congruent to S; RFC 8032, section 5.1.7 demands S < L.
    constexpr std::array<std::uint8_t, 32> order{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                                 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                                 0,    0,    0,    0,    0,    0,    0,    0,
                                                 0,    0,    0,    0,    0,    0,    0,    0x10};
    const SigningKey key = SigningKey::generate();
    Signature signature = key.sign({});
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        carry += unsigned{signature.bytes[32 + i]} + order[i];
        signature.bytes[32 + i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
    }
    EXPECT_FALSE(verify(key.public_key(), {}, signature));
}

TEST(Ed25519, RefusesTheKeyOfSmallOrderThatFitsAnything) {
    PublicKey identity;
    identity.bytes[0] = 1;
    Signature signature;
    signature.bytes[0] = 1;
    EXPECT_FALSE(verify(identity, view_of("anything"), signature));
}

TEST(Ed25519, TakesNothingOfAnotherSize) {
    for (const std::size_t size : {0U, 31U, 33U, 64U}) {
        EXPECT_FALSE(SigningKey::from_seed(Bytes(size)).has_value());
        EXPECT_FALSE(PublicKey::from(Bytes(size)).has_value());
    }
    EXPECT_FALSE(Signature::from(Bytes(63)).has_value());
    EXPECT_TRUE(Signature::from(Bytes(64)).has_value());
}

}  // namespace
}  // namespace daicho::crypto
