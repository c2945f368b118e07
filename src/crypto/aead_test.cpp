#include "crypto/aead.hpp"

#include <gtest/gtest.h>

#include "crypto/random.hpp"
#include "support/vectors.hpp"

namespace daicho::crypto {
namespace {

using testing_support::read_vectors;
using testing_support::Vector;

Nonce nonce_from(const Bytes& bytes) {
    Nonce nonce{};
    std::copy(bytes.begin(), bytes.end(), nonce.begin());
    return nonce;
}

TEST(Aead, AgreesWithEveryVectorAlsoWhenReused) {
    for (const Vector& vector : read_vectors("crypto/aes_256_gcm.txt")) {
        Aead aead(Key32::from(vector.bytes(0)).value());
        const Nonce nonce = nonce_from(vector.bytes(1));
        const Bytes aad = vector.bytes(2);
        const Bytes plain = vector.bytes(3);
        for (int round = 0; round < 3; ++round) {
            Bytes sealed{0xEE};
            aead.seal(nonce, aad, plain, sealed);
            EXPECT_EQ(to_hex(ByteView(sealed).subspan(1)), vector.fields[4]) << vector.line;
            Bytes opened{0xDD};
            ASSERT_TRUE(aead.open(nonce, aad, ByteView(sealed).subspan(1), opened).has_value());
            EXPECT_EQ(opened[0], 0xDD);
            EXPECT_EQ(Bytes(opened.begin() + 1, opened.end()), plain);
            Bytes buffer{0xEE};
            buffer.insert(buffer.end(), plain.begin(), plain.end());
            aead.seal_in_place(nonce, aad, buffer, 1);
            EXPECT_EQ(buffer, sealed) << vector.line;
            ASSERT_TRUE(aead.open_in_place(nonce, aad, buffer, 1).has_value());
            EXPECT_EQ(Bytes(buffer.begin() + 1, buffer.end()), plain);
        }
    }
}

TEST(Aead, RefusesEveryFlippedBitAndEveryTruncationAndLeavesNoPlainText) {
    Aead aead(random_key());
    const Nonce nonce = nonce_of(7);
    const Bytes aad = to_bytes("segment 3");
    const Bytes plain(40, 0x5A);
    Bytes sealed;
    aead.seal(nonce, aad, plain, sealed);
    Bytes out;
    out.reserve(1000);
    out.push_back(1);
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        Bytes changed = sealed;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
        const Status opened = aead.open(nonce, aad, changed, out);
        ASSERT_FALSE(opened.has_value()) << bit;
        ASSERT_EQ(opened.error().code, Errc::tampered);
        ASSERT_EQ(out, Bytes{1});
    }
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        ASSERT_FALSE(aead.open(nonce, aad, ByteView(sealed).first(size), out).has_value()) << size;
    }
    EXPECT_FALSE(aead.open(nonce_of(8), aad, sealed, out).has_value());
    EXPECT_FALSE(aead.open(nonce, to_bytes("segment 4"), sealed, out).has_value());
    EXPECT_FALSE(Aead(random_key()).open(nonce, aad, sealed, out).has_value());
    EXPECT_TRUE(aead.open(nonce, aad, sealed, out).has_value()) << "after all those refusals";
}

TEST(Aead, RefusesInPlaceWhatWasChangedAndLeavesNoPlainText) {
    Aead aead(random_key());
    const Nonce nonce = nonce_of(7);
    const Bytes head = to_bytes("leaf");
    Bytes sealed = head;
    sealed.resize(head.size() + 40, 0x5A);
    aead.seal_in_place(nonce, head, sealed, head.size());
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        Bytes changed = sealed;
        changed[at] ^= 1;
        const ByteView aad = ByteView(changed).first(head.size());
        const Bytes before(changed.begin(), changed.begin() + head.size());
        const std::uint8_t* const begin = changed.data();
        const Status opened = aead.open_in_place(nonce, aad, changed, head.size());
        ASSERT_FALSE(opened.has_value()) << at;
        ASSERT_EQ(opened.error().code, Errc::tampered);
        ASSERT_EQ(changed, before);
        EXPECT_EQ(changed.data(), begin);
    }
    for (std::size_t size = head.size(); size < sealed.size(); ++size) {
        Bytes cut(sealed.begin(), sealed.begin() + static_cast<std::ptrdiff_t>(size));
        ASSERT_FALSE(aead.open_in_place(nonce, head, cut, head.size()).has_value()) << size;
    }
    ASSERT_TRUE(
        aead.open_in_place(nonce, ByteView(sealed).first(head.size()), sealed, head.size()));
    EXPECT_EQ(sealed.size(), head.size() + 40);
    EXPECT_EQ(sealed.back(), 0x5A);
}

TEST(Nonce, OfACounterIsBigEndian) {
    EXPECT_EQ(to_hex(nonce_of(0x0102030405060708)), "000000000102030405060708");
}

TEST(KeyCommitment, DependsOnKeyAndContext) {
    const Key32 key = random_key();
    EXPECT_EQ(key_commitment(key, view_of("a")), key_commitment(key, view_of("a")));
    EXPECT_NE(key_commitment(key, view_of("a")), key_commitment(key, view_of("b")));
    EXPECT_NE(key_commitment(key, view_of("a")), key_commitment(random_key(), view_of("a")));
}

TEST(Keystream, AgreesWithEveryVectorFromAnyBlock) {
    for (const Vector& vector : read_vectors("crypto/aes_256_ctr.txt")) {
        Keystream stream(Key32::from(vector.bytes(0)).value());
        const std::uint64_t first = std::stoull(vector.fields[1]);
        Bytes out(80, 0xFF);
        stream.blocks(first, out);
        EXPECT_EQ(to_hex(out), vector.fields[2]);
        // Random access, in any order, gives the same bytes.
        for (std::uint64_t block = 5; block-- > 0;) {
            if (first + block < first) continue;
            Bytes one(Keystream::block_size);
            stream.blocks(first + block, one);
            EXPECT_EQ(to_hex(one), vector.fields[2].substr(block * 32, 32));
        }
    }
}

TEST(KeystreamDeathTest, GivesWholeBlocksOnly) {
    Keystream stream{Key32()};
    Bytes out(17);
    EXPECT_DEATH(stream.blocks(0, out), "whole blocks");
}

TEST(WrapKey, GivesTheKeyBackAndNothingElse) {
    const Key32 wrapping = random_key();
    const Key32 key = random_key();
    const Bytes wrapped = wrap_key(wrapping, key, view_of("segment 3"));
    ASSERT_EQ(wrapped.size(), wrapped_key_size);
    const Result<Key32> back = unwrap_key(wrapping, wrapped, view_of("segment 3"));
    ASSERT_TRUE(back.has_value());
    EXPECT_TRUE(equal_constant_time(back->view(), key.view()));
    EXPECT_NE(wrap_key(wrapping, key, view_of("segment 3")), wrapped) << "the nonce is random";
}

TEST(WrapKey, TellsAWrongKeyAWrongPurposeAndChangedBytes) {
    const Key32 wrapping = random_key();
    const Bytes wrapped = wrap_key(wrapping, random_key(), view_of("a"));
    EXPECT_EQ(unwrap_key(random_key(), wrapped, view_of("a")).error().code, Errc::tampered);
    EXPECT_EQ(unwrap_key(wrapping, wrapped, view_of("b")).error().code, Errc::tampered);
    for (std::size_t at = 0; at < wrapped.size(); ++at) {
        Bytes changed = wrapped;
        changed[at] ^= 0x80;
        const Result<Key32> back = unwrap_key(wrapping, changed, view_of("a"));
        ASSERT_FALSE(back.has_value()) << at;
        EXPECT_EQ(back.error().code, at == 0 ? Errc::invalid : Errc::tampered) << at;
    }
    EXPECT_EQ(unwrap_key(wrapping, {}, view_of("a")).error().code, Errc::invalid);
    EXPECT_EQ(unwrap_key(wrapping, ByteView(wrapped).first(92), view_of("a")).error().code,
              Errc::invalid);
}

}  // namespace
}  // namespace daicho::crypto
