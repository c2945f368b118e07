#pragma once
// CRC-32C (Castagnoli; RFC 3720, appendix B.4): finds torn writes, proves nothing. SSE4.2 where the
// processor has it.
#include <cstdint>

#include "base/bytes.hpp"

namespace daicho::crypto {

/// Give the result of the bytes before as `so_far` to go on: crc32c(b, crc32c(a)) is that of a then
/// b.
[[nodiscard]] std::uint32_t crc32c(ByteView bytes, std::uint32_t so_far = 0) noexcept;

namespace detail {
/// The way without special instructions, for other processors and for the test that compares both.
[[nodiscard]] std::uint32_t crc32c_by_table(ByteView bytes, std::uint32_t so_far) noexcept;
}  // namespace detail

}  // namespace daicho::crypto
