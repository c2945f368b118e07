#include "evidence/collect/parse/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "evidence/collect/parse/text.hpp"

namespace daicho::evidence::collect::parse {
namespace {

using ledger::search::Address;

bool read_ipv4(std::string_view text, std::uint8_t* out) noexcept {
    if (text.size() < 7 || text.size() > 15) return false;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (int part = 0; part < 4; ++part) {
        if (part > 0 && (at == end || *at++ != '.')) return false;
        const char* const from = at;
        unsigned value = 0;
        while (at != end && is_digit(*at) && at - from < 3)
            value = value * 10 + static_cast<unsigned>(*at++ - '0');
        if (at == from || value > 255 || (at - from > 1 && *from == '0')) return false;
        out[part] = static_cast<std::uint8_t>(value);
    }
    return at == end;
}

std::optional<Address> read_ipv6(std::string_view text) noexcept {
    Address out{};
    std::size_t at = 0;    // bytes written
    std::size_t gap = 17;  // where "::" stood
    Cursor cursor(text);
    if (cursor.skip("::")) gap = 0;
    while (!cursor.empty()) {
        if (at >= 16) return std::nullopt;
        const std::string_view rest = cursor.rest();
        unsigned value = 0;
        std::size_t width = 0;
        while (width < rest.size() && width < 5 && hex_value(rest[width]) >= 0) {
            value = value * 16 + static_cast<unsigned>(hex_value(rest[width++]));
        }
        if (width < rest.size() && rest[width] == '.') {  // the last 32 bits in dotted form
            if (at > 12 || !read_ipv4(rest, out.data() + at)) return std::nullopt;
            at += 4;
            break;
        }
        if (width == 0 || width > 4) return std::nullopt;
        out[at++] = static_cast<std::uint8_t>(value >> 8);
        out[at++] = static_cast<std::uint8_t>(value);
        cursor.advance(width);
        if (cursor.empty()) break;
        if (cursor.skip("::")) {
            if (gap != 17) return std::nullopt;
            gap = at;
        } else if (!cursor.skip(':') || cursor.empty()) {
            return std::nullopt;
        }
    }
    if (gap == 17) return at == 16 ? std::optional(out) : std::nullopt;
    if (at > 14) return std::nullopt;
    std::copy_backward(out.begin() + static_cast<std::ptrdiff_t>(gap),
                       out.begin() + static_cast<std::ptrdiff_t>(at), out.end());
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(gap),
              out.end() - static_cast<std::ptrdiff_t>(at - gap), std::uint8_t{0});
    return out;
}

}  // namespace

std::optional<Address> address(std::string_view text) noexcept {
    Address out{};
    if (read_ipv4(text, out.data() + 12)) {
        out[10] = out[11] = 0xff;
        return out;
    }
    constexpr std::size_t size_max = 64;  // 45 for the address, the rest for brackets and a zone
    if (text.size() < 2 || text.size() > size_max) return std::nullopt;
    if (text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    text = text.substr(0, find(text, '%'));
    if (find(text, ':') == std::string_view::npos) return std::nullopt;
    return read_ipv6(text);
}

std::string text_of_address(const Address& address) {
    static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool is_v4 = std::memcmp(address.data(), mapped.data(), mapped.size()) == 0;
    ::inet_ntop(is_v4 ? AF_INET : AF_INET6, address.data() + (is_v4 ? 12 : 0), text.data(),
                text.size());
    return text.data();
}

}  // namespace daicho::evidence::collect::parse
