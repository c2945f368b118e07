#pragma once
// Ed25519 signatures (RFC 8032, section 5.1). Verification is strict: canonical S, no small-order
// points.
#include <array>
#include <compare>
#include <cstdint>

#include "crypto/secret.hpp"

namespace daicho::crypto {

struct PublicKey {
    static constexpr std::size_t size = 32;
    std::array<std::uint8_t, size> bytes{};
    auto operator<=>(const PublicKey&) const = default;
    [[nodiscard]] ByteView view() const noexcept { return bytes; }
    /// Errc::invalid unless there are exactly 32 bytes.
    [[nodiscard]] static Result<PublicKey> from(ByteView raw);
};

struct Signature {
    static constexpr std::size_t size = 64;
    std::array<std::uint8_t, size> bytes{};
    auto operator<=>(const Signature&) const = default;
    [[nodiscard]] ByteView view() const noexcept { return bytes; }
    /// Errc::invalid unless there are exactly 64 bytes.
    [[nodiscard]] static Result<Signature> from(ByteView raw);
};

/// A private key in guarded memory. Move-only; `sign` is thread-safe.
class SigningKey {
public:
    static constexpr std::size_t seed_size = 32;
    [[nodiscard]] static SigningKey generate();
    /// RFC 8032's 32-byte private key. Errc::invalid on another size.
    [[nodiscard]] static Result<SigningKey> from_seed(ByteView seed);
    [[nodiscard]] SecretBytes seed() const;
    [[nodiscard]] const PublicKey& public_key() const noexcept { return public_key_; }
    [[nodiscard]] Signature sign(ByteView message) const;

private:
    SigningKey(SecretBytes secret, const PublicKey& public_key)
        : secret_(std::move(secret)), public_key_(public_key) {}
    SecretBytes secret_;  // seed || public key, as libsodium wants it
    PublicKey public_key_;
};

[[nodiscard]] bool verify(const PublicKey& key, ByteView message, const Signature& signature);

}  // namespace daicho::crypto
