#include "base/bytes.hpp"

namespace daicho {
namespace {

constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode64(ByteView bytes, std::string_view alphabet, bool padded) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = std::uint32_t{bytes[i]} << 16;
        if (have > 1) group |= std::uint32_t{bytes[i + 1]} << 8;
        if (have > 2) group |= bytes[i + 2];
        for (std::size_t k = 0; k < 4; ++k) {
            if (k <= have) {
                out.push_back(alphabet[(group >> (18 - 6 * k)) & 63]);
            } else if (padded) {
                out.push_back('=');
            }
        }
    }
    return out;
}

Result<Bytes> decode64(std::string_view text, std::string_view alphabet) {
    if (text.size() % 4 == 1) return fail(Errc::invalid, "base64 of an impossible length");
    std::array<std::int8_t, 256> value_of{};
    value_of.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        value_of[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::int8_t>(i);
    }
    Bytes out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned have = 0;
    for (const char c : text) {
        const int value = value_of[static_cast<std::uint8_t>(c)];
        if (value < 0) return fail(Errc::invalid, "not a base64 character");
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out.push_back(static_cast<std::uint8_t>(bits >> have));
            bits &= (1U << have) - 1;
        }
    }
    if (bits != 0) return fail(Errc::invalid, "base64 with bits left over");
    return out;
}

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string to_hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
    }
    return out;
}

Result<Bytes> from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) return fail(Errc::invalid, "hex of an odd length");
    Bytes out;
    out.reserve(hex.size() / 2);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = hex_value(hex[i]);
        const int low = hex_value(hex[i + 1]);
        if (high < 0 || low < 0) return fail(Errc::invalid, "not a hex digit");
        out.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return out;
}

std::string to_base64(ByteView bytes) {
    return encode64(bytes, standard_alphabet, true);
}
std::string to_base64url(ByteView bytes) {
    return encode64(bytes, url_alphabet, false);
}

Result<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return fail(Errc::invalid, "base64 without its padding");
    std::size_t size = text.size();
    for (int pads = 0; pads < 2 && size > 0 && text[size - 1] == '='; ++pads) --size;
    return decode64(text.substr(0, size), standard_alphabet);
}

Result<Bytes> from_base64url(std::string_view text) {
    return decode64(text, url_alphabet);
}

void ByteWriter::varint(std::uint64_t value) {
    while (value >= 0x80) {
        out_.push_back(static_cast<std::uint8_t>(value | 0x80));
        value >>= 7;
    }
    out_.push_back(static_cast<std::uint8_t>(value));
}

std::uint64_t ByteReader::get(unsigned width) noexcept {
    if (!ok_ || in_.size() - at_ < width) {
        ok_ = false;
        return 0;
    }
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i) value = (value << 8) | in_[at_ + i];
    at_ += width;
    return value;
}

ByteView ByteReader::raw(std::size_t size) noexcept {
    if (!ok_ || in_.size() - at_ < size) {
        ok_ = false;
        return {};
    }
    const ByteView part = in_.subspan(at_, size);
    at_ += size;
    return part;
}

std::string ByteReader::text16() {
    const std::size_t size = u16();
    return std::string(text_of(raw(size)));
}

std::uint64_t ByteReader::varint() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const std::uint8_t byte = u8();
        if (!ok_) return 0;
        if (shift == 63 && byte > 1) break;
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if ((byte & 0x80) == 0) {
            if (byte == 0 && shift != 0) break;
            return value;
        }
    }
    ok_ = false;
    return 0;
}

}  // namespace daicho
