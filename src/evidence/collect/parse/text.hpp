#pragma once
// The little that every parser here is made of. Nothing allocates, nothing reads outside the view
// it was given, and every function is linear in what it consumes.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace daicho::evidence::collect::parse {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_alpha(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
/// 0-15, or -1.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    const char low = lower(c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// First place of `wanted` in `text`, or npos; memchr, so the C library's vector code does the
/// work.
[[nodiscard]] inline std::size_t find(std::string_view text, char wanted) noexcept {
    if (text.empty()) return std::string_view::npos;
    const void* at = std::memchr(text.data(), wanted, text.size());
    return at == nullptr ? std::string_view::npos
                         : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}
/// First place of `wanted`; memmem is linear and never slower than two passes.
[[nodiscard]] inline std::size_t find(std::string_view text, std::string_view wanted) noexcept {
    if (text.size() < wanted.size()) return std::string_view::npos;
    const void* at = ::memmem(text.data(), text.size(), wanted.data(), wanted.size());
    return at == nullptr ? std::string_view::npos
                         : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}
[[nodiscard]] inline bool contains(std::string_view text, std::string_view wanted) noexcept {
    return find(text, wanted) != std::string_view::npos;
}
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// Whole text a decimal number of at most 19 digits.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text) noexcept;
/// 1-65535, else 0.
[[nodiscard]] std::uint16_t port_number(std::string_view text) noexcept;

/// A place in a text that only moves forward.
class Cursor {
public:
    explicit Cursor(std::string_view text) noexcept : at_(text.data()), end_(at_ + text.size()) {}
    [[nodiscard]] bool empty() const noexcept { return at_ == end_; }
    [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    [[nodiscard]] std::string_view rest() const noexcept { return {at_, left()}; }
    [[nodiscard]] const char* at() const noexcept { return at_; }
    /// The next character, or NUL at the end.
    [[nodiscard]] char peek() const noexcept { return at_ == end_ ? '\0' : *at_; }
    /// Moves by at most what is left.
    void advance(std::size_t by) noexcept { at_ += by < left() ? by : left(); }

    [[nodiscard]] bool skip(char wanted) noexcept {
        if (at_ == end_ || *at_ != wanted) return false;
        ++at_;
        return true;
    }
    [[nodiscard]] bool skip(std::string_view wanted) noexcept {
        if (left() < wanted.size() || std::memcmp(at_, wanted.data(), wanted.size()) != 0)
            return false;
        at_ += wanted.size();
        return true;
    }
    void skip_all(char unwanted) noexcept {
        while (at_ != end_ && *at_ == unwanted) ++at_;
    }
    /// What lies before `stop`, which is passed too; without one, everything (the cursor is then
    /// empty).
    [[nodiscard]] std::string_view until(char stop) noexcept {
        const std::size_t found = find(rest(), stop);
        if (found == std::string_view::npos) {
            const std::string_view all = rest();
            at_ = end_;
            return all;
        }
        const std::string_view part{at_, found};
        at_ += found + 1;
        return part;
    }
    /// As until(), for tokens of a few bytes, where calling memchr costs more than it saves.
    [[nodiscard]] std::string_view word(char stop = ' ') noexcept {
        const char* from = at_;
        while (at_ != end_ && *at_ != stop) ++at_;
        const std::string_view part{from, static_cast<std::size_t>(at_ - from)};
        if (at_ != end_) ++at_;
        return part;
    }
    /// Exactly `width` digits.
    [[nodiscard]] bool digits(unsigned width, unsigned& value) noexcept {
        if (left() < width) return false;
        unsigned total = 0;
        for (unsigned i = 0; i < width; ++i) {
            const unsigned digit = static_cast<unsigned char>(at_[i]) - unsigned{'0'};
            if (digit > 9) return false;
            total = total * 10 + digit;
        }
        at_ += width;
        value = total;
        return true;
    }
    /// One to `width_max` digits (width_max <= 9).
    [[nodiscard]] bool number(unsigned width_max, unsigned& value) noexcept {
        unsigned total = 0;
        unsigned width = 0;
        while (at_ != end_ && width < width_max && is_digit(*at_)) {
            total = total * 10 + static_cast<unsigned>(*at_++ - '0');
            ++width;
        }
        value = total;
        return width > 0;
    }

private:
    const char* at_;
    const char* end_;
};

}  // namespace daicho::evidence::collect::parse
