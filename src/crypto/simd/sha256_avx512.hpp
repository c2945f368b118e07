#pragma once
// SHA-256's compression function for sixteen messages at once (AVX-512). Used by digest.cpp's
// batches only.
#include <array>
#include <cstdint>

namespace daicho::crypto::simd {

inline constexpr std::size_t lane_count = 16;
inline constexpr std::size_t block_size = 64;

/// words[i][lane]: word i of that lane's chaining value (FIPS 180-4, section 6.2.2).
struct alignas(64) LaneStates {
    std::array<std::array<std::uint32_t, lane_count>, 8> words;
};

/// The processor and the system have what compress_sixteen needs. Costs nothing after the first
/// call.
[[nodiscard]] bool has_sixteen_lanes() noexcept;

/// One block for every lane; blocks[lane] points to 64 bytes of any alignment. Only where
/// has_sixteen_lanes().
void compress_sixteen(LaneStates& states,
                      const std::array<const std::uint8_t*, lane_count>& blocks) noexcept;

/// FIPS 180-4, section 5.3.3.
inline constexpr std::array<std::uint32_t, 8> sha256_start{
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

}  // namespace daicho::crypto::simd
