// The low-level SHA256_* calls are used on purpose: an EVP context costs 100-800 ns per event more
// than the hash itself (docs/decisions/0003), and they take the same SHA-NI code.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/digest.hpp"

#include <openssl/sha.h>

#include <new>

namespace daicho::crypto {
namespace {

static_assert(sizeof(SHA256_CTX) <= 112 && alignof(SHA256_CTX) <= 8);

SHA256_CTX* context(std::array<std::uint8_t, 112>& state) noexcept {
    return std::launder(reinterpret_cast<SHA256_CTX*>(state.data()));
}

}  // namespace

Digest sha256(ByteView data) {
    return sha256({data});
}

Digest sha256(std::initializer_list<ByteView> parts) {
    SHA256_CTX ctx;
    SHA256_Init(&ctx);
    for (const ByteView part : parts) SHA256_Update(&ctx, part.data(), part.size());
    Digest out;
    SHA256_Final(out.bytes.data(), &ctx);
    return out;
}

Digest hash_leaf(ByteView entry) {
    constexpr std::array<std::uint8_t, 1> tag{0x00};
    return sha256({ByteView(tag), entry});
}

Digest hash_node(const Digest& left, const Digest& right) {
    constexpr std::array<std::uint8_t, 1> tag{0x01};
    return sha256({ByteView(tag), left.view(), right.view()});
}

Digest hash_empty() {
    return sha256(ByteView{});
}

Sha256::Sha256() {
    ::new (state_.data()) SHA256_CTX;
    SHA256_Init(context(state_));
}

void Sha256::update(ByteView data) {
    SHA256_Update(context(state_), data.data(), data.size());
}

Digest Sha256::finish() {
    Digest out;
    SHA256_Final(out.bytes.data(), context(state_));
    SHA256_Init(context(state_));
    return out;
}

}  // namespace daicho::crypto
