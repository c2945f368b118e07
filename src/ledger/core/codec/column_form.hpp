#pragma once
// The forms a column can take (docs/formats/block.md, "Column"). Shared by the two halves of the
// codec.
#include <cstdint>

namespace daicho::ledger::core::codec {

/// Values are part of the block and index formats: never renumber.
enum class Form : std::uint8_t {
    constant = 0,
    packed = 1,      // value - low in a fixed number of bits
    dictionary = 2,  // few distinct values, Huffman-coded
    buckets = 3,     // Huffman-coded bit width of value - low, then its lower bits
    runs = 4,        // a column of values and a column of lengths
    deltas = 5,      // a column of zigzag differences
    planes = 6,      // a column for each byte
};

/// runs and deltas may hold one another once: a column of runs of deltas is as deep as it gets.
inline constexpr unsigned depth_max = 2;
/// Bit widths 0 to 64.
inline constexpr unsigned bucket_count = 65;

}  // namespace daicho::ledger::core::codec
