#pragma once
// AES-256-GCM (NIST SP 800-38D), AES-256-CTR as a random-access stream (SP 800-38A), and the
// wrapping of keys. GCM does not commit to its key (one ciphertext may open under two keys), hence
// key_commitment beside it.
#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "crypto/digest.hpp"
#include "crypto/secret.hpp"

struct evp_cipher_ctx_st;  // OpenSSL's EVP_CIPHER_CTX

namespace daicho::crypto {

inline constexpr std::size_t nonce_size = 12;
inline constexpr std::size_t tag_size = 16;
/// One call's plain text. OpenSSL counts in int; chunks are 64 KiB, so this is only a guard.
inline constexpr std::size_t seal_size_max = std::size_t{1} << 30;

/// 96 bits, never twice under one key: a counter, or random for at most 2^32 messages (SP 800-38D,
/// section 8.3).
using Nonce = std::array<std::uint8_t, nonce_size>;
[[nodiscard]] Nonce nonce_of(std::uint64_t counter) noexcept;  // four zero bytes, then big-endian

namespace detail {
struct FreeCipher {
    void operator()(evp_cipher_ctx_st* context) const noexcept;
};
using Cipher = std::unique_ptr<evp_cipher_ctx_st, FreeCipher>;
}  // namespace detail

/// Seals and opens under one key; the key schedule is kept. Movable; not thread-safe: one per
/// thread.
class Aead {
public:
    explicit Aead(const Key32& key);
    /// Appends cipher text and tag (plain size + tag_size) to `out`, which must not overlap the
    /// inputs.
    void seal(const Nonce& nonce, ByteView aad, ByteView plain, Bytes& out);
    /// Appends the plain text to `out`. Errc::tampered when key, nonce, aad or a byte differ: then
    /// `out` is as before and nothing of the plain text is left in its spare capacity.
    [[nodiscard]] Status open(const Nonce& nonce, ByteView aad, ByteView cipher, Bytes& out);
    /// The same where the bytes lie: from `from` on, plain text becomes cipher text and tag, which
    /// may move the buffer (`aad` must lie elsewhere).
    void seal_in_place(const Nonce& nonce, ByteView aad, Bytes& buffer, std::size_t from);
    /// The other way; `aad` may lie in the buffer before `from`. On Errc::tampered the buffer ends
    /// at `from` and nothing of the plain text is left behind it.
    [[nodiscard]] Status open_in_place(const Nonce& nonce, ByteView aad, Bytes& buffer,
                                       std::size_t from);

private:
    void encrypt(const Nonce& nonce, ByteView aad, ByteView plain, std::uint8_t* out);
    [[nodiscard]] bool decrypt(const Nonce& nonce, ByteView aad, ByteView cipher,
                               std::uint8_t* plain);
    detail::Cipher seal_;
    detail::Cipher open_;
};

/// What to store beside cipher text so that only this key can be meant: HKDF of the key, 32 bytes,
/// reveals nothing.
[[nodiscard]] Digest key_commitment(const Key32& key, ByteView context);

/// AES-256-CTR over zeros: block i is AES(key, i as 128-bit big-endian). Movable; not thread-safe.
class Keystream {
public:
    static constexpr std::size_t block_size = 16;
    explicit Keystream(const Key32& key);
    /// Fills `out` (a multiple of block_size) with the blocks from `first_block` on.
    void blocks(std::uint64_t first_block, std::span<std::uint8_t> out);

private:
    detail::Cipher cipher_;
};

/// version 1 || nonce || commitment of the wrapping key || AES-256-GCM of the key.
inline constexpr std::size_t wrapped_key_size =
    1 + nonce_size + digest_size + Key32::size + tag_size;
/// `context` says what the key is for (segment number, purpose); unwrapping needs the same.
[[nodiscard]] Bytes wrap_key(const Key32& wrapping, const Key32& key, ByteView context);
/// Errc::invalid: not of this form or version; Errc::tampered: another wrapping key or context, or
/// changed bytes.
[[nodiscard]] Result<Key32> unwrap_key(const Key32& wrapping, ByteView wrapped, ByteView context);

}  // namespace daicho::crypto
