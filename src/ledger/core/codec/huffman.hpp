#pragma once
// Canonical Huffman codes with a bounded length, for alphabets that change from column to column.
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"

namespace daicho::ledger::core::codec {

/// Four bits hold a length; the decoding table of 2^13 entries of 4 bytes stays in the first-level
/// cache.
inline constexpr unsigned code_length_max = 13;
inline constexpr std::size_t symbols_max = 1024;

struct Code {
    std::uint16_t bits = 0;  // reversed: ready for ascending bit order
    std::uint8_t length = 0;
};

/// Lengths for `counts` (1 .. symbols_max of them, at least two above zero); a symbol that never
/// occurs gets length 0.
void code_lengths(std::span<const std::uint32_t> counts, std::vector<std::uint8_t>& lengths);
void assign_codes(std::span<const std::uint8_t> lengths, std::vector<Code>& codes);

/// Looks codes up by their first table_bits() bits.
class DecodeTable {
public:
    struct Entry {
        std::uint16_t symbol = 0;
        std::uint8_t length = 0;
    };
    /// Errc::tampered unless the lengths make a complete code of at least two symbols.
    [[nodiscard]] Status build(std::span<const std::uint8_t> lengths);
    [[nodiscard]] unsigned table_bits() const noexcept { return bits_; }
    [[nodiscard]] const Entry* entries() const noexcept { return entries_.data(); }

private:
    std::vector<Entry> entries_;
    unsigned bits_ = 0;
};

}  // namespace daicho::ledger::core::codec
