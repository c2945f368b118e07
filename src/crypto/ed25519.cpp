#include "crypto/ed25519.hpp"

#include <sodium.h>

#include <algorithm>

#include "base/fault.hpp"
#include "crypto/random.hpp"

namespace daicho::crypto {

static_assert(crypto_sign_PUBLICKEYBYTES == PublicKey::size);
static_assert(crypto_sign_BYTES == Signature::size);
static_assert(crypto_sign_SEEDBYTES == SigningKey::seed_size);

Result<PublicKey> PublicKey::from(ByteView raw) {
    if (raw.size() != size) return fail(Errc::invalid, "an Ed25519 public key has 32 bytes");
    PublicKey out;
    std::copy(raw.begin(), raw.end(), out.bytes.begin());
    return out;
}

Result<Signature> Signature::from(ByteView raw) {
    if (raw.size() != size) return fail(Errc::invalid, "an Ed25519 signature has 64 bytes");
    Signature out;
    std::copy(raw.begin(), raw.end(), out.bytes.begin());
    return out;
}

SigningKey SigningKey::generate() {
    SecretBytes seed(seed_size);
    random_fill(seed.span());
    Result<SigningKey> key = from_seed(seed.view());
    check(key.has_value(), "a seed of the right size makes a key");
    return std::move(*key);
}

Result<SigningKey> SigningKey::from_seed(ByteView seed) {
    if (seed.size() != seed_size) return fail(Errc::invalid, "an Ed25519 seed has 32 bytes");
    SecretBytes secret(crypto_sign_SECRETKEYBYTES);
    PublicKey public_key;
    check(sodium_init() >= 0, "libsodium starts");
    check(crypto_sign_seed_keypair(public_key.bytes.data(), secret.span().data(), seed.data()) == 0,
          "a seed makes a key pair");
    return SigningKey(std::move(secret), public_key);
}

SecretBytes SigningKey::seed() const {
    return SecretBytes::copy_of(secret_.view().first(seed_size));
}

Signature SigningKey::sign(ByteView message) const {
    check(!secret_.empty(), "a moved-from key does not sign");
    Signature out;
    check(crypto_sign_detached(out.bytes.data(), nullptr, message.data(), message.size(),
                               secret_.view().data()) == 0,
          "signing succeeds");
    return out;
}

bool verify(const PublicKey& key, ByteView message, const Signature& signature) {
    return crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                       key.bytes.data()) == 0;
}

}  // namespace daicho::crypto
