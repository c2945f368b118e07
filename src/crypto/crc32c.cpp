#include "crypto/crc32c.hpp"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace daicho::crypto {
namespace {

constexpr std::uint32_t polynomial = 0x82F63B78;  // 0x1EDC6F41 with its bits reversed

/// tables[k][b]: the effect of byte b that lies k bytes before the end of a group of eight
/// ("slicing by eight").
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
    Tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
        tables[0][byte] = crc;
    }
    for (std::size_t byte = 0; byte < 256; ++byte) {
        for (std::size_t k = 1; k < 8; ++k) {
            const std::uint32_t before = tables[k - 1][byte];
            tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
        }
    }
    return tables;
}
constexpr Tables tables = make_tables();

std::uint64_t load_le64(const std::uint8_t* from) noexcept {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) value |= std::uint64_t{from[i]} << (8 * i);
    return value;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_sse(ByteView bytes,
                                                              std::uint32_t so_far) noexcept {
    std::uint64_t crc = ~so_far;
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; left -= 8, at += 8) {
        std::uint64_t group = 0;
        std::memcpy(&group, at, sizeof group);
        crc = _mm_crc32_u64(crc, group);
    }
    auto narrow = static_cast<std::uint32_t>(crc);
    for (; left > 0; --left, ++at) narrow = _mm_crc32_u8(narrow, *at);
    return ~narrow;
}
#endif

}  // namespace

std::uint32_t detail::crc32c_by_table(ByteView bytes, std::uint32_t so_far) noexcept {
    std::uint32_t crc = ~so_far;
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; left -= 8, at += 8) {
        const std::uint64_t group = load_le64(at) ^ crc;
        crc = 0;
        for (unsigned k = 0; k < 8; ++k) crc ^= tables[7 - k][(group >> (8 * k)) & 0xFF];
    }
    for (; left > 0; --left, ++at) crc = (crc >> 8) ^ tables[0][(crc ^ *at) & 0xFF];
    return ~crc;
}

std::uint32_t crc32c(ByteView bytes, std::uint32_t so_far) noexcept {
#if defined(__x86_64__)
    static const bool has_sse42 = __builtin_cpu_supports("sse4.2") != 0;
    if (has_sse42) return crc32c_by_sse(bytes, so_far);
#endif
    return detail::crc32c_by_table(bytes, so_far);
}

}  // namespace daicho::crypto
