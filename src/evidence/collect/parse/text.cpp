#include "evidence/collect/parse/text.hpp"

namespace daicho::evidence::collect::parse {

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' ||
                             text.back() == '\n' || text.back() == '\0')) {
        text.remove_suffix(1);
    }
    return text;
}

std::optional<std::uint64_t> whole_number(std::string_view text) noexcept {
    constexpr std::size_t digits_max = 19;  // 10^19 - 1 fits in 64 bits
    if (text.empty() || text.size() > digits_max) return std::nullopt;
    std::uint64_t total = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        total = total * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return total;
}

std::uint16_t port_number(std::string_view text) noexcept {
    const auto value = whole_number(text);
    return value && *value <= 65535 ? static_cast<std::uint16_t>(*value) : std::uint16_t{0};
}

}  // namespace daicho::evidence::collect::parse
