#pragma once
// How a line is taken apart (docs/formats/block.md, "Template"). A template is the line's own text
// in which every number, address and time is replaced by a mark; the marked values go to columns.
// One rule per mark says how a value prints, and the tokeniser uses a mark only where printing
// gives the same bytes, so nothing is lost.
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/bytes.hpp"

namespace daicho::ledger::core::codec {

/// The first byte of a mark inside a template; some are followed by a byte `width` (written as 0x30
/// + width). Values are part of the block format: never renumber.
enum class Mark : std::uint8_t {
    number = 1,         // decimal, no leading zero, at most number_digits_max digits
    padded = 2,         // + width: decimal, exactly `width` digits
    hex = 3,            // + width: lower-case hexadecimal, exactly `width` digits
    ipv4 = 4,           // dotted quad
    pairs = 5,          // + width: `width` lower-case hexadecimal pairs with colons between
    stamp = 6,          // + width: YYYY-MM-DDThh:mm:ss, and if width > 0 a dot and `width` digits
    bsd_stamp = 7,      // Mmm dd hh:mm:ss
    clf_stamp = 14,     // dd/Mmm/yyyy:hh:mm:ss, as a difference in seconds to the line's stamp
    near_seconds = 15,  // decimal, as a difference to the seconds since 1970 of the line's stamp
    same_fraction =
        16,       // + width: the first `width` digits of the fraction of the line's stamp; no value
    nested = 17,  // another template
};

inline constexpr unsigned number_digits_max = 18;
inline constexpr unsigned hex_digits_max = 16;
inline constexpr unsigned pairs_max = 8;
inline constexpr unsigned fraction_digits_max = 9;
/// A template may use nested ones, and those none.
inline constexpr unsigned nesting_max = 1;
/// Longer lines are kept as they are: a template of that size will not come twice.
inline constexpr std::size_t line_size_max = 16384;
inline constexpr std::size_t templates_max = 8192;
inline constexpr std::size_t template_bytes_max = std::size_t{4} << 20;

[[nodiscard]] constexpr bool has_width(Mark mark) noexcept {
    return mark == Mark::padded || mark == Mark::hex || mark == Mark::pairs ||
           mark == Mark::stamp || mark == Mark::same_fraction;
}
[[nodiscard]] constexpr bool has_value(Mark mark) noexcept {
    return mark != Mark::same_fraction;
}
[[nodiscard]] constexpr bool is_mark(std::uint8_t byte) noexcept {
    return (byte >= 1 && byte <= 7) || (byte >= 14 && byte <= 17);
}
/// Bytes a line may have and still be taken apart: no controls but tab, line feed, carriage return.
[[nodiscard]] constexpr bool is_plain_control(std::uint8_t byte) noexcept {
    return byte < 0x20 && byte != 9 && byte != 10 && byte != 13;
}

/// The stamp that other times in the same line are compared with.
struct StampReference {
    bool known = false;
    std::int64_t seconds = 0;  // of the printed digits, as if UTC
    std::array<char, fraction_digits_max> fraction{};
    unsigned fraction_digits = 0;
};

struct CivilTime {
    unsigned year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
};
/// Proleptic Gregorian calendar.
[[nodiscard]] std::int64_t to_seconds(const CivilTime& t) noexcept;
/// Years 0 .. 9999 only; others give nothing printable and are refused by the caller through
/// `stamp_seconds_max`.
[[nodiscard]] CivilTime to_civil(std::int64_t seconds) noexcept;
inline constexpr std::int64_t stamp_seconds_min = -62167219200;  // 0000-01-01
inline constexpr std::int64_t stamp_seconds_max = 253402300799;  // 9999-12-31T23:59:59
[[nodiscard]] bool is_valid(const CivilTime& t) noexcept;

inline constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";
/// 1 .. 12, or 0.
[[nodiscard]] unsigned month_of(const char* name) noexcept;

inline constexpr std::array<std::uint64_t, 20> powers_of_ten = [] {
    std::array<std::uint64_t, 20> out{};
    std::uint64_t value = 1;
    for (auto& power : out) {
        power = value;
        value *= 10;
    }
    return out;
}();

}  // namespace daicho::ledger::core::codec
