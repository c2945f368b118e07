// The low-level SHA256_* calls for the reason given in digest.cpp; an HMAC here is four
// compressions and no allocation.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/kdf.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

#include "base/fault.hpp"

namespace daicho::crypto {
namespace {

constexpr std::size_t block_size = 64;  // SHA-256's, which is HMAC's B (RFC 2104)

static_assert(sizeof(SHA256_CTX) <= 112 && alignof(SHA256_CTX) <= 8);

void start_with_pad(SHA256_CTX& ctx, const std::array<std::uint8_t, block_size>& key,
                    std::uint8_t pad) {
    std::array<std::uint8_t, block_size> block = key;
    for (std::uint8_t& byte : block) byte = static_cast<std::uint8_t>(byte ^ pad);
    SHA256_Init(&ctx);
    SHA256_Update(&ctx, block.data(), block.size());
    OPENSSL_cleanse(block.data(), block.size());
}

void start(SHA256_CTX& inner, SHA256_CTX& outer, ByteView key) {
    std::array<std::uint8_t, block_size> block{};
    if (key.size() > block_size) {
        SHA256_CTX long_key;
        SHA256_Init(&long_key);
        SHA256_Update(&long_key, key.data(), key.size());
        SHA256_Final(block.data(), &long_key);
        OPENSSL_cleanse(&long_key, sizeof long_key);
    } else {
        std::copy(key.begin(), key.end(), block.begin());
    }
    start_with_pad(inner, block, 0x36);
    start_with_pad(outer, block, 0x5c);
    OPENSSL_cleanse(block.data(), block.size());
}

/// Uses both contexts up and wipes them.
Digest finish(SHA256_CTX& inner, SHA256_CTX& outer, std::initializer_list<ByteView> parts) {
    for (const ByteView part : parts) SHA256_Update(&inner, part.data(), part.size());
    Digest out;
    SHA256_Final(out.bytes.data(), &inner);
    SHA256_Update(&outer, out.bytes.data(), out.bytes.size());
    SHA256_Final(out.bytes.data(), &outer);
    OPENSSL_cleanse(&inner, sizeof inner);
    OPENSSL_cleanse(&outer, sizeof outer);
    return out;
}

Key32 key_of(Digest& digest) {
    Key32 key{std::span<const std::uint8_t, Key32::size>(digest.bytes)};
    wipe(digest.bytes);
    return key;
}

}  // namespace

Digest hmac_sha256(ByteView key, ByteView message) {
    return hmac_sha256(key, {message});
}

Digest hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
    SHA256_CTX inner;
    SHA256_CTX outer;
    start(inner, outer, key);
    return finish(inner, outer, parts);
}

Hmac::Hmac(ByteView key) {
    SHA256_CTX inner;
    SHA256_CTX outer;
    start(inner, outer, key);
    std::memcpy(inner_.data(), &inner, sizeof inner);
    std::memcpy(outer_.data(), &outer, sizeof outer);
    OPENSSL_cleanse(&inner, sizeof inner);
    OPENSSL_cleanse(&outer, sizeof outer);
}

Hmac::~Hmac() {
    wipe(inner_);
    wipe(outer_);
}

Digest Hmac::mac(std::initializer_list<ByteView> parts) const {
    SHA256_CTX inner;
    SHA256_CTX outer;
    std::memcpy(&inner, inner_.data(), sizeof inner);
    std::memcpy(&outer, outer_.data(), sizeof outer);
    return finish(inner, outer, parts);
}

Key32 hkdf_extract(ByteView salt, ByteView input_key) {
    // An empty salt needs no care: HMAC fills its key with zeros up to the block anyway.
    Digest digest = hmac_sha256(salt, {input_key});
    return key_of(digest);
}

SecretBytes hkdf_expand(const Key32& key, ByteView info, std::size_t size) {
    check(size <= hkdf_size_max, "HKDF-Expand of at most 255 blocks");
    SecretBytes out(size);
    const Hmac hmac(key);
    Digest block;
    std::size_t have = 0;
    for (std::uint8_t counter = 1; have < size; ++counter) {
        const ByteView previous = counter == 1 ? ByteView{} : block.view();
        block = hmac.mac({previous, info, ByteView(&counter, 1)});
        const std::size_t part = std::min(digest_size, size - have);
        std::copy_n(block.bytes.begin(), part,
                    out.span().begin() + static_cast<std::ptrdiff_t>(have));
        have += part;
    }
    wipe(block.bytes);
    return out;
}

Key32 derive(const Key32& key, std::string_view label, ByteView context) {
    check(label.find('\0') == std::string_view::npos, "a label without NUL");
    constexpr std::array<std::uint8_t, 1> separator{0x00};
    constexpr std::array<std::uint8_t, 1> counter{0x01};
    Digest digest = hmac_sha256(key.view(), {view_of(label), separator, context, counter});
    return key_of(digest);
}

}  // namespace daicho::crypto
