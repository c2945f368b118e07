#pragma once
// Random bytes from the kernel (getrandom(2)), fit for keys and nonces. Thread-safe and safe after
// fork: no state here.
#include <array>
#include <cstdint>
#include <span>

#include "crypto/secret.hpp"

namespace daicho::crypto {

/// Throws IoFault if the kernel has no randomness to give.
void random_fill(std::span<std::uint8_t> out);

template <std::size_t N>
[[nodiscard]] std::array<std::uint8_t, N> random_bytes() {
    std::array<std::uint8_t, N> out;
    random_fill(out);
    return out;
}

[[nodiscard]] Key32 random_key();

}  // namespace daicho::crypto
