#pragma once
// Columns of unsigned numbers: each is stored in the smallest of a few forms
// (docs/formats/block.md, "Column"). A column does not hold its own count; whoever stores it knows
// how many values there are.
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "ledger/core/codec/column_form.hpp"
#include "ledger/core/codec/huffman.hpp"

namespace daicho::ledger::core::codec {

/// A hint what a column's numbers are made of.
enum class Shape : std::uint8_t {
    number,
    bytes,  // an address: its bytes are unlike each other, so each may become a column of its own
};

/// Keeps its buffers between columns. Not synchronised.
class ColumnEncoder {
public:
    ColumnEncoder();
    /// Appends the column; at least one value.
    void encode(std::span<const std::uint64_t> values, Shape shape, Bytes& out);

private:
    struct Slot {
        std::uint64_t value = 0;
        std::uint32_t generation = 0;
        std::uint16_t symbol = 0;
    };
    struct Dictionary {
        std::vector<std::uint64_t> values;  // by symbol
        std::vector<std::uint32_t> counts;
        std::vector<std::uint16_t> symbols;  // one for each value of the column
    };
    void encode_plain(std::span<const std::uint64_t> values, std::uint64_t low, std::uint64_t high,
                      Shape shape, unsigned depth, Bytes& out);
    void encode_at(std::span<const std::uint64_t> values, Shape shape, unsigned depth, Bytes& out);
    void encode_runs(std::span<const std::uint64_t> values, std::size_t runs, unsigned depth,
                     Bytes& out);
    void encode_deltas(std::span<const std::uint64_t> values, unsigned depth, Bytes& out);
    void encode_planes(std::span<const std::uint64_t> values, std::uint64_t high, unsigned depth,
                       Bytes& out);
    [[nodiscard]] bool collect(std::span<const std::uint64_t> values);
    void sort_dictionary();
    [[nodiscard]] std::uint64_t price_dictionary();
    [[nodiscard]] std::uint64_t price_buckets(std::span<const std::uint64_t> values,
                                              std::uint64_t low);
    void write_dictionary(Bytes& out);
    void write_buckets(std::span<const std::uint64_t> values, std::uint64_t low, Bytes& out);

    std::vector<Slot> slots_;
    std::uint32_t generation_ = 0;
    Dictionary dictionary_;
    std::vector<std::uint8_t> dictionary_lengths_;
    std::vector<std::uint8_t> bucket_lengths_;
    std::uint64_t dictionary_bits_ = 0;  // prices, which bound what will be written
    std::uint64_t bucket_bits_ = 0;
    std::vector<Code> codes_;
};

/// Keeps its table between columns. Not synchronised.
class ColumnDecoder {
public:
    /// Reads one column of `count` >= 1 values from the front of `in` and gives the bytes it took.
    /// Errc::tampered for anything else. Allocates 8 bytes a value: the caller bounds `count`.
    [[nodiscard]] Result<std::size_t> decode(ByteView in, std::size_t count,
                                             std::vector<std::uint64_t>& out);
    /// The same into memory of out.size() values.
    [[nodiscard]] Result<std::size_t> decode(ByteView in, std::span<std::uint64_t> out);

private:
    [[nodiscard]] Result<std::size_t> decode_at(ByteView in, std::span<std::uint64_t> out,
                                                unsigned depth);
    [[nodiscard]] Result<std::size_t> read_form(Form form, ByteView in,
                                                std::span<std::uint64_t> out, unsigned depth);
    [[nodiscard]] Result<std::size_t> read_packed(ByteView in, std::span<std::uint64_t> out);
    [[nodiscard]] Result<std::size_t> read_dictionary(ByteView in, std::span<std::uint64_t> out);
    [[nodiscard]] Result<std::size_t> read_buckets(ByteView in, std::span<std::uint64_t> out);
    [[nodiscard]] Result<std::size_t> read_runs(ByteView in, std::span<std::uint64_t> out,
                                                unsigned depth);
    [[nodiscard]] Result<std::size_t> read_deltas(ByteView in, std::span<std::uint64_t> out,
                                                  unsigned depth);
    [[nodiscard]] Result<std::size_t> read_planes(ByteView in, std::span<std::uint64_t> out,
                                                  unsigned depth);

    DecodeTable table_;
    std::vector<std::uint8_t> lengths_;
    std::vector<std::uint64_t> values_;
};

[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

}  // namespace daicho::ledger::core::codec
