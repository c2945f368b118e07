#pragma once
// SHA-256 (FIPS 180-4) and the two node rules of RFC 9162, section 2.1.1. Every digest in daicho is
// of this type.
#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "base/bytes.hpp"

namespace daicho::crypto {

inline constexpr std::size_t digest_size = 32;

/// A value; all zero by default, which is nobody's digest.
struct Digest {
    std::array<std::uint8_t, digest_size> bytes{};
    auto operator<=>(const Digest&) const = default;
    [[nodiscard]] ByteView view() const noexcept { return bytes; }
    [[nodiscard]] std::string hex() const { return to_hex(bytes); }
};

[[nodiscard]] Digest sha256(ByteView data);
/// SHA-256 of the parts put together, without putting them together.
[[nodiscard]] Digest sha256(std::initializer_list<ByteView> parts);

/// RFC 9162: SHA-256(0x00 || entry).
[[nodiscard]] Digest hash_leaf(ByteView entry);
/// RFC 9162: SHA-256(0x01 || left || right).
[[nodiscard]] Digest hash_node(const Digest& left, const Digest& right);
/// The root of the empty tree: SHA-256 of nothing.
[[nodiscard]] Digest hash_empty();

/// A message as up to four parts that are hashed one after the other; unused ones stay empty.
using MessageParts = std::array<ByteView, 4>;
/// out[i] = SHA-256 of messages[i]; both of one size. Several at a time in vector registers where
/// the processor can: worth it from a handful of messages on, several times faster for hundreds
/// (docs/decisions/0010). Thread-safe.
void sha256_many(std::span<const MessageParts> messages, std::span<Digest> out);
/// parents[i] = hash_node(children[2i], children[2i + 1]); `children` is twice as long. `parents`
/// may be the front of the same array as `children`.
void hash_nodes(std::span<const Digest> children, std::span<Digest> parents);

/// Running SHA-256. Not thread-safe.
class Sha256 {
public:
    Sha256();
    void update(ByteView data);
    /// The digest of all so far; starts anew afterwards.
    [[nodiscard]] Digest finish();

private:
    // Room for OpenSSL's SHA256_CTX without its header (digest.cpp checks size and alignment).
    alignas(8) std::array<std::uint8_t, 112> state_;
};

}  // namespace daicho::crypto
