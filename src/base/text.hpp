#pragma once
// Text from outside: is it UTF-8, how to show it without being deceived, how to fold it for search.
// Pure functions.
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace daicho {

/// Strict (RFC 3629): no overlong forms, surrogates or values over U+10FFFF. About 10 GB/s on
/// ASCII.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// How many code points; an invalid byte counts as one.
[[nodiscard]] std::size_t code_point_count(std::string_view text) noexcept;
/// The longest prefix of at most `bytes_max` bytes that does not cut a code point.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) noexcept;

/// Any bytes as valid UTF-8 in which nothing is invisible: controls as their pictures (U+2400..),
/// ESC as U+241B, bidi controls, zero-width and other format characters and line separators as
/// ⟦U+202E⟧, invalid bytes as ⟦FF⟧. For screens and logs; not reversible, never stored as evidence.
/// At most 13 bytes per byte of input.
[[nodiscard]] std::string safe_display(std::string_view bytes);

/// A search key, never shown or stored as the text itself: NFKC, case folded, katakana to hiragana,
/// default-ignorable characters dropped. ｱﾗｰﾄ, アラート and あらーと give one key. Invalid UTF-8
/// becomes U+FFFD.
[[nodiscard]] std::string fold_for_search(std::string_view text);

/// Unicode NFKC (UAX #15): ＡＢＣ to ABC, ㈱ to (株). Invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string nfkc(std::string_view text);

/// Without ASCII space, tab, CR and LF at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
/// All parts, empty ones too: "a,,b" has three, "" has one.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// A to Z only; other bytes stay.
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

}  // namespace daicho
