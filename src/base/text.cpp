#include "base/text.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/fault.hpp"

namespace daicho {
namespace {

constexpr std::uint32_t invalid_code_point = 0xFFFFFFFF;

struct Decoded {
    std::uint32_t code_point = invalid_code_point;
    std::size_t size = 1;  // bytes taken; 1 where invalid
};

std::uint32_t byte_at(std::string_view text, std::size_t at) noexcept {
    return static_cast<std::uint8_t>(text[at]);
}

bool is_continuation(std::string_view text, std::size_t at) noexcept {
    return at < text.size() && (byte_at(text, at) & 0xC0) == 0x80;
}

/// The sequence that begins at `at`, by RFC 3629's table of well-formed sequences.
Decoded decode(std::string_view text, std::size_t at) noexcept {
    const std::uint32_t first = byte_at(text, at);
    if (first < 0x80) return {first, 1};
    if (first < 0xC2 || first > 0xF4) return {};
    if (!is_continuation(text, at + 1)) return {};
    const std::uint32_t second = byte_at(text, at + 1) & 0x3F;
    if (first < 0xE0) return {((first & 0x1F) << 6) | second, 2};
    if (!is_continuation(text, at + 2)) return {};
    const std::uint32_t third = byte_at(text, at + 2) & 0x3F;
    if (first < 0xF0) {
        const std::uint32_t value = ((first & 0x0F) << 12) | (second << 6) | third;
        if (value < 0x800 || (value >= 0xD800 && value <= 0xDFFF)) return {};
        return {value, 3};
    }
    if (!is_continuation(text, at + 3)) return {};
    const std::uint32_t fourth = byte_at(text, at + 3) & 0x3F;
    const std::uint32_t value = ((first & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
    if (value < 0x10000 || value > 0x10FFFF) return {};
    return {value, 4};
}

/// How many bytes from `at` on are ASCII, eight at a time.
std::size_t ascii_run(std::string_view text, std::size_t at) noexcept {
    const std::size_t start = at;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t group = 0;
        std::memcpy(&group, text.data() + at, sizeof group);
        if ((group & 0x8080808080808080U) != 0) break;
    }
    while (at < text.size() && byte_at(text, at) < 0x80) ++at;
    return at - start;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
    const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0 | (code_point >> 6));
        put(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        put(0xE0 | (code_point >> 12));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    } else {
        put(0xF0 | (code_point >> 18));
        put(0x80 | ((code_point >> 12) & 0x3F));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    }
}

void append_hex(std::string& out, std::uint32_t value, int digits_least) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    int digits_count = digits_least;
    while (digits_count < 8 && (value >> (4 * digits_count)) != 0) ++digits_count;
    for (int i = digits_count; i-- > 0;) out.push_back(digits[(value >> (4 * i)) & 15]);
}

/// Everything that draws nothing, moves the cursor or turns the direction of what follows.
bool is_invisible(std::uint32_t code_point) {
    const auto c = static_cast<UChar32>(code_point);
    switch (u_charType(c)) {
        case U_CONTROL_CHAR:
        case U_FORMAT_CHAR:
        case U_LINE_SEPARATOR:
        case U_PARAGRAPH_SEPARATOR:
        case U_PRIVATE_USE_CHAR:
        case U_UNASSIGNED:
            return true;
        case U_SPACE_SEPARATOR:
            return code_point != 0x20 &&
                   code_point != 0x3000;  // the ideographic space is everyday Japanese
        default:
            // Variation selectors stay: 葛󠄀 is a person's name, and the glyph before them shows.
            return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0 &&
                   u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR) == 0;
    }
}

void append_visible(std::string& out, std::uint32_t code_point) {
    if (code_point < 0x20) return append_utf8(out, 0x2400 + code_point);
    if (code_point == 0x7F) return append_utf8(out, 0x2421);
    if (code_point < 0x7F || !is_invisible(code_point)) return append_utf8(out, code_point);
    out += "⟦U+";
    append_hex(out, code_point, 4);
    out += "⟧";
}

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* const found = get(status);
    if (U_FAILURE(status) || found == nullptr) throw Fault("ICU's normalisation data is missing");
    return *found;
}

std::string normalised(std::string_view text, const icu::Normalizer2& by) {
    UErrorCode status = U_ZERO_ERROR;
    std::string out;
    // fromUTF8 puts U+FFFD for invalid bytes.
    by.normalize(
          icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}),
          status)
        .toUTF8String(out);
    if (U_FAILURE(status)) throw Fault("ICU can't normalise a text");
    return out;
}

bool is_printable_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        at += ascii_run(text, at);
        if (at == text.size()) return true;
        const Decoded decoded = decode(text, at);
        if (decoded.code_point == invalid_code_point) return false;
        at += decoded.size;
    }
    return true;
}

std::size_t code_point_count(std::string_view text) noexcept {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); at += decode(text, at).size) ++count;
    return count;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) noexcept {
    if (text.size() <= bytes_max) return text;
    std::size_t end = bytes_max;
    for (int back = 0; back < 3 && end > 0 && is_continuation(text, end); ++back) --end;
    // Only a whole sequence is kept whole; a pile of continuation bytes is no reason to shorten.
    const bool cuts = end + decode(text, end).size > bytes_max && end < bytes_max;
    return text.substr(0, cuts ? end : bytes_max);
}

std::string safe_display(std::string_view bytes) {
    if (is_printable_ascii(bytes)) return std::string(bytes);
    std::string out;
    out.reserve(bytes.size() + 16);
    for (std::size_t at = 0; at < bytes.size();) {
        const Decoded decoded = decode(bytes, at);
        if (decoded.code_point == invalid_code_point) {
            out += "⟦";
            append_hex(out, byte_at(bytes, at), 2);
            out += "⟧";
        } else {
            append_visible(out, decoded.code_point);
        }
        at += decoded.size;
    }
    return out;
}

std::string nfkc(std::string_view text) {
    if (ascii_run(text, 0) == text.size()) return std::string(text);
    return normalised(text, normalizer(icu::Normalizer2::getNFKCInstance));
}

std::string fold_for_search(std::string_view text) {
    if (ascii_run(text, 0) == text.size()) return ascii_lower(text);
    std::string folded = normalised(text, normalizer(icu::Normalizer2::getNFKCCasefoldInstance));
    std::string out;
    out.reserve(folded.size());
    for (std::size_t at = 0; at < folded.size();) {
        const Decoded decoded = decode(folded, at);
        std::uint32_t c = decoded.code_point;
        // Katakana ァ..ヶ and ヽヾ lie 0x60 above hiragana; ICU's transliterator would turn ー into
        // a vowel.
        if ((c >= 0x30A1 && c <= 0x30F6) || c == 0x30FD || c == 0x30FE) c -= 0x60;
        append_utf8(out, c);
        at += decoded.size;
    }
    return out;
}

std::string_view trim(std::string_view text) noexcept {
    constexpr std::string_view blank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> out;
    for (;;) {
        const std::size_t at = text.find(separator);
        out.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return out;
        text.remove_prefix(at + 1);
    }
}

namespace {
constexpr char lower_of(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
}  // namespace

std::string ascii_lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower_of);
    return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower_of(x) == lower_of(y); });
}

}  // namespace daicho
