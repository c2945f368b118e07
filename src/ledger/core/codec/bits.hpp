#pragma once
// Bits in ascending order: the first bit written is the lowest bit of the first byte.
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.hpp"

namespace daicho::ledger::core::codec {

static_assert(std::endian::native == std::endian::little, "the bit buffers are loaded as they lie");

/// Appends to a buffer it does not own; call finish() once. `bits_max` bounds all that will be put,
/// so that no put has to look for room.
class BitWriter {
public:
    BitWriter(Bytes& out, std::uint64_t bits_max) : out_(out), at_(out.size()) {
        out_.resize(at_ + bits_max / 8 + 16);
    }
    /// `width` <= 56; the bits of `value` above `width` must be zero.
    void put(std::uint64_t value, unsigned width) {
        held_ |= value << count_;
        count_ += width;
        std::memcpy(out_.data() + at_, &held_, 8);
        at_ += count_ / 8;
        held_ >>= count_ & ~7u;
        count_ &= 7;
    }
    /// Any width up to 64.
    void put_wide(std::uint64_t value, unsigned width) {
        if (width > 56) {
            put(value & 0xffffffffu, 32);
            put(value >> 32, width - 32);
        } else {
            put(value, width);
        }
    }
    void finish() { out_.resize(at_ + (count_ > 0 ? 1 : 0)); }

private:
    Bytes& out_;
    std::size_t at_;
    std::uint64_t held_ = 0;
    unsigned count_ = 0;  // < 8 between calls
};

/// Reads from a view it does not own. Past the end it gives zero bits; ok() then is false.
class BitReader {
public:
    explicit BitReader(ByteView in) noexcept : data_(in.data()), size_(in.size()) {}
    /// Makes at least 56 bits available to peek() and skip().
    void refill() noexcept {
        if (at_ + 8 <= size_) {
            std::uint64_t next;
            std::memcpy(&next, data_ + at_, 8);
            held_ |= next << count_;
            at_ += (63 - count_) >> 3;
            count_ |= 56;
            return;
        }
        while (count_ <= 56) {
            const std::uint64_t next = at_ < size_ ? data_[at_] : 0;
            ++at_;
            held_ |= next << count_;
            count_ += 8;
        }
    }
    /// The next `width` <= 56 bits after a refill().
    [[nodiscard]] std::uint64_t peek(unsigned width) const noexcept {
        return held_ & ((std::uint64_t{1} << width) - 1);
    }
    void skip(unsigned width) noexcept {
        held_ >>= width;
        count_ -= width;
    }
    [[nodiscard]] std::uint64_t take_wide(unsigned width) noexcept {
        refill();
        if (width <= 32) {
            const std::uint64_t value = peek(width);
            skip(width);
            return value;
        }
        const std::uint64_t low = peek(32);
        skip(32);
        refill();
        const std::uint64_t high = peek(width - 32);
        skip(width - 32);
        return low | high << 32;
    }
    /// Whole bytes used so far, counting one that was begun.
    [[nodiscard]] std::size_t used() const noexcept { return at_ - count_ / 8; }
    [[nodiscard]] bool ok() const noexcept { return used() <= size_; }

private:
    const std::uint8_t* data_;
    std::size_t size_;
    std::size_t at_ = 0;
    std::uint64_t held_ = 0;
    unsigned count_ = 0;
};

}  // namespace daicho::ledger::core::codec
