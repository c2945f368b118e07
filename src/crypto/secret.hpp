#pragma once
// Memory that holds secrets. It is wiped on every way out, can't be copied by accident, printed or
// compared with ==. A text of a secret must never become a std::string: growth leaves copies behind
// that nobody wipes.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace daicho::crypto {

/// Overwrites in a way the compiler may not leave out.
void wipe(std::span<std::uint8_t> bytes) noexcept;

/// Takes time that depends on the sizes only. Different sizes are unequal.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b) noexcept;

/// A secret of any size on pages of its own: locked against swapping where the limit
/// (RLIMIT_MEMLOCK) permits, left out of core dumps, between guard pages. Costs several system
/// calls: for secrets that live long, not for one per event. Move-only; a moved-from object is
/// empty. Not synchronised.
class SecretBytes {
public:
    SecretBytes() noexcept = default;
    /// All zero. Throws Fault when there is no memory.
    explicit SecretBytes(std::size_t size);
    [[nodiscard]] static SecretBytes copy_of(ByteView bytes);
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    bool operator==(const SecretBytes&) const = delete;
    ~SecretBytes();

    [[nodiscard]] SecretBytes clone() const { return copy_of(view()); }
    [[nodiscard]] std::span<std::uint8_t> span() noexcept { return {data_, size_}; }
    [[nodiscard]] ByteView view() const noexcept { return {data_, size_}; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

private:
    std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;
};

/// A 256-bit key. Lies inline (cheap to derive one per frame), so it is wiped but not locked in
/// memory. Move-only; a moved-from key is all zero. `clone` is for the rare place that needs two.
class Key32 {
public:
    static constexpr std::size_t size = 32;

    /// All zero: a place to put a key into, not a key.
    Key32() noexcept = default;
    explicit Key32(std::span<const std::uint8_t, size> bytes) noexcept;
    /// Errc::invalid unless there are exactly 32 bytes.
    [[nodiscard]] static Result<Key32> from(ByteView bytes);
    Key32(Key32&& other) noexcept;
    Key32& operator=(Key32&& other) noexcept;
    Key32(const Key32&) = delete;
    Key32& operator=(const Key32&) = delete;
    bool operator==(const Key32&) const = delete;
    ~Key32() { wipe(bytes_); }

    [[nodiscard]] Key32 clone() const noexcept { return Key32(std::span(bytes_)); }
    [[nodiscard]] ByteView view() const noexcept { return bytes_; }
    [[nodiscard]] std::span<std::uint8_t, size> span() noexcept { return bytes_; }

private:
    std::array<std::uint8_t, size> bytes_{};
};

}  // namespace daicho::crypto
