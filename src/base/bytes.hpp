#pragma once
// Byte sequences, their text forms, and the one way to read and write fixed binary formats:
// big-endian, bounds-checked.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace daicho {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

[[nodiscard]] inline ByteView view_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view text_of(ByteView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes to_bytes(std::string_view text) {
    const ByteView view = view_of(text);
    return {view.begin(), view.end()};
}

[[nodiscard]] std::string to_hex(ByteView bytes);
/// Lower or upper case; Errc::invalid on an odd length or another character.
[[nodiscard]] Result<Bytes> from_hex(std::string_view hex);
/// RFC 4648 section 4, with padding.
[[nodiscard]] std::string to_base64(ByteView bytes);
/// Strict: padding required, no white space, no bits set beyond the last byte (so one value has one
/// form).
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);
/// RFC 4648 section 5 without padding.
[[nodiscard]] std::string to_base64url(ByteView bytes);
[[nodiscard]] Result<Bytes> from_base64url(std::string_view text);

/// Appends to a buffer it does not own.
class ByteWriter {
public:
    explicit ByteWriter(Bytes& out) : out_(out) {}
    void u8(std::uint8_t value) { out_.push_back(value); }
    void u16(std::uint16_t value) { put(value, 2); }
    void u32(std::uint32_t value) { put(value, 4); }
    void u64(std::uint64_t value) { put(value, 8); }
    void raw(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
    /// Length in two bytes, then the text. The caller ensures <= 65535.
    void text16(std::string_view text) {
        u16(static_cast<std::uint16_t>(text.size()));
        raw(view_of(text));
    }
    /// LEB128, least significant group first.
    void varint(std::uint64_t value);

private:
    void put(std::uint64_t value, unsigned width) {
        for (unsigned i = width; i-- > 0;)
            out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    Bytes& out_;
};

/// Reads from a view it does not own. After any read past the end `ok()` is false for good and
/// every read gives zero or nothing, so a parser may read a whole structure and test once.
class ByteReader {
public:
    explicit ByteReader(ByteView in) noexcept : in_(in) {}
    [[nodiscard]] std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(get(1)); }
    [[nodiscard]] std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(get(2)); }
    [[nodiscard]] std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(get(4)); }
    [[nodiscard]] std::uint64_t u64() noexcept { return get(8); }
    [[nodiscard]] ByteView raw(std::size_t size) noexcept;
    [[nodiscard]] std::string text16();
    /// Refuses (ok() false) a form longer than needed, so one value has one form.
    [[nodiscard]] std::uint64_t varint() noexcept;
    template <std::size_t N>
    [[nodiscard]] std::array<std::uint8_t, N> array() noexcept {
        std::array<std::uint8_t, N> out{};
        const ByteView part = raw(N);
        if (part.size() == N) std::memcpy(out.data(), part.data(), N);
        return out;
    }
    [[nodiscard]] bool ok() const noexcept { return ok_; }
    /// Everything was read and nothing failed.
    [[nodiscard]] bool done() const noexcept { return ok_ && at_ == in_.size(); }
    [[nodiscard]] std::size_t left() const noexcept { return ok_ ? in_.size() - at_ : 0; }
    [[nodiscard]] std::size_t position() const noexcept { return at_; }

private:
    [[nodiscard]] std::uint64_t get(unsigned width) noexcept;
    ByteView in_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

}  // namespace daicho
