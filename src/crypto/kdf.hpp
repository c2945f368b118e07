#pragma once
// HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869). Stateless functions: thread-safe.
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "crypto/digest.hpp"
#include "crypto/secret.hpp"

namespace daicho::crypto {

/// RFC 5869, section 2.3: 255 blocks.
inline constexpr std::size_t hkdf_size_max = 255 * digest_size;

[[nodiscard]] Digest hmac_sha256(ByteView key, ByteView message);
/// The MAC of the parts put together, without putting them together.
[[nodiscard]] Digest hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);

/// HMAC under one key, many times: the key's two pads are hashed once. Wiped by the destructor.
/// `mac` is thread-safe.
class Hmac {
public:
    explicit Hmac(ByteView key);
    explicit Hmac(const Key32& key) : Hmac(key.view()) {}
    Hmac(const Hmac&) = delete;
    Hmac& operator=(const Hmac&) = delete;
    ~Hmac();
    [[nodiscard]] Digest mac(std::initializer_list<ByteView> parts) const;

private:
    // Two SHA256_CTX (inner, outer pad) without OpenSSL's header.
    alignas(8) std::array<std::uint8_t, 112> inner_;
    alignas(8) std::array<std::uint8_t, 112> outer_;
};

/// RFC 5869, section 2.2. An empty salt means 32 zero bytes.
[[nodiscard]] Key32 hkdf_extract(ByteView salt, ByteView input_key);
/// RFC 5869, section 2.3. The caller ensures size <= hkdf_size_max (check()).
[[nodiscard]] SecretBytes hkdf_expand(const Key32& key, ByteView info, std::size_t size);

/// One key from another: HKDF-Expand with info = label || 0x00 || context, 32 bytes, which is one
/// HMAC. `label` is a constant of the program without NUL ("daicho/frame-mac/1"), `context` any
/// bytes, so that no two pairs make the same info. `key` must be uniformly random (a Key32 made
/// here is).
[[nodiscard]] Key32 derive(const Key32& key, std::string_view label, ByteView context = {});

}  // namespace daicho::crypto
