// The marks a Tokenizer knows. Each try_ gives the position behind what it took, or `at` when the
// text is not of its kind; it takes only what printer.cpp prints back to the same bytes.
#include <algorithm>

#include "ledger/core/codec/tokenizer.hpp"

namespace daicho::ledger::core::codec {
namespace {

/// A number this near to the stamp's seconds is a time itself.
constexpr std::int64_t near_seconds_max = 86400;
/// The stamp's value must fit 64 bits with nine digits of fraction.
constexpr std::int64_t stamp_seconds_end = std::int64_t{1} << 33;
constexpr std::size_t hex_size_min = 4;
constexpr unsigned pairs_least = 6;
constexpr std::size_t pairs_most = 32;

bool is_digit(std::uint8_t c) {
    return c >= '0' && c <= '9';
}
bool is_lower_hex(std::uint8_t c) {
    return is_digit(c) || (c >= 'a' && c <= 'f');
}
bool is_letter(std::uint8_t c) {
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
unsigned hex_value(std::uint8_t c) {
    return is_digit(c) ? c - '0' : c - 'a' + 10u;
}
unsigned two(const std::uint8_t* p) {
    return (p[0] - '0') * 10u + (p[1] - '0');
}
bool are_digits(const std::uint8_t* p, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
        if (!is_digit(p[i])) return false;
    }
    return true;
}
/// hh:mm:ss within a day.
bool read_clock(const std::uint8_t* p, CivilTime& t) {
    if (!are_digits(p, 2) || p[2] != ':' || !are_digits(p + 3, 2) || p[5] != ':' ||
        !are_digits(p + 6, 2)) {
        return false;
    }
    t.hour = two(p);
    t.minute = two(p + 3);
    t.second = two(p + 6);
    return t.hour < 24 && t.minute < 60 && t.second < 60;
}

}  // namespace

std::size_t Tokenizer::take_digits(Level& level, std::size_t at, std::size_t end) {
    const std::uint8_t* s = line_.data();
    if (at > level.literal && is_letter(s[at - 1])) return take_in_word(level, at, end);
    std::size_t stop = at;
    while (stop < end && is_digit(s[stop])) ++stop;
    const std::size_t size = stop - at;
    const std::uint8_t after = stop < end ? s[stop] : ' ';
    std::size_t done = at;
    if (after == '-' && size == 4) {
        done = try_stamp(level, at, end);
    } else if (after == '/' && size == 2) {
        done = try_clf_stamp(level, at, end);
    } else if (after == '.' && size <= 3) {
        done = try_ipv4(level, at, end);
    } else if (after == ':' && size == 2) {
        done = try_pairs(level, at, end);
    } else if (is_letter(after)) {
        done = take_hex(level, at, end);
    }
    if (done > at) return done;
    return take_number(level, at, stop, end);
}

std::size_t Tokenizer::take_in_word(Level& level, std::size_t at, std::size_t end) {
    const std::uint8_t* s = line_.data();
    std::size_t start = at;
    while (start > level.literal && is_lower_hex(s[start - 1])) --start;
    if (start == level.literal || !is_letter(s[start - 1])) {
        const std::size_t done = take_hex(level, start, end);
        if (done > start) return done;
    }
    std::size_t stop = at;
    while (stop < end && is_digit(s[stop])) ++stop;
    // `eth0`, `ssh2`, `db12`: part of a name.
    if (stop - at <= 2) return stop;
    return take_number(level, at, stop, end);
}

std::size_t Tokenizer::take_hex(Level& level, std::size_t at, std::size_t end) {
    const std::uint8_t* s = line_.data();
    std::size_t stop = at;
    while (stop < end && is_lower_hex(s[stop])) ++stop;
    const std::size_t size = stop - at;
    if (size < hex_size_min || (stop < end && (is_letter(s[stop]) || s[stop] == '_'))) return at;
    for (std::size_t from = at; from < stop;) {
        const auto width =
            static_cast<unsigned>(std::min<std::size_t>(hex_digits_max, stop - from));
        std::uint64_t value = 0;
        for (unsigned i = 0; i < width; ++i) value = value << 4 | hex_value(s[from + i]);
        put(level, from, from + width, Mark::hex, width, value);
        from += width;
    }
    return stop;
}

std::size_t Tokenizer::take_number(Level& level, std::size_t at, std::size_t stop,
                                   std::size_t end) {
    const std::uint8_t* s = line_.data();
    const std::size_t size = stop - at;
    if (size > number_digits_max) return stop;
    std::uint64_t value = 0;
    for (std::size_t i = at; i < stop; ++i) value = value * 10 + (s[i] - '0');
    const std::uint8_t before = at > 0 ? s[at - 1] : ' ';
    if (reference_.known) {
        const bool fraction = before == '.' && size >= 3 && size <= reference_.fraction_digits;
        if (fraction && std::memcmp(s + at, reference_.fraction.data(), size) == 0) {
            put(level, at, stop, Mark::same_fraction, static_cast<unsigned>(size), 0);
            return stop;
        }
        if (size >= 5 && size <= 10 && s[at] != '0') {
            const std::int64_t distance = static_cast<std::int64_t>(value) - reference_.seconds;
            const bool near = distance < near_seconds_max && distance > -near_seconds_max;
            const unsigned digits = reference_.fraction_digits;
            // `[390777.526772]`: seconds since some other moment, told by the equal fraction.
            const bool uptime = digits >= 6 && stop + 7 <= end && s[stop] == '.' &&
                                std::memcmp(s + stop + 1, reference_.fraction.data(), 6) == 0;
            if (near || uptime) {
                put(level, at, stop, Mark::near_seconds, 0, zigzag(distance));
                return stop;
            }
        }
    }
    const bool clock_like = size == 2 && (before == ':' || before == '-' || before == '/' ||
                                          before == 'T' || before == '.');
    const bool padded = size > 1 && (s[at] == '0' || clock_like || (before == '.' && size <= 9));
    if (padded) {
        put(level, at, stop, Mark::padded, static_cast<unsigned>(size), value);
    } else {
        put(level, at, stop, Mark::number, 0, value);
    }
    return stop;
}

std::size_t Tokenizer::try_stamp(Level& level, std::size_t at, std::size_t end) {
    const std::uint8_t* s = line_.data() + at;
    if (at + 19 > end || s[7] != '-' || s[10] != 'T') return at;
    if (!are_digits(s + 5, 2) || !are_digits(s + 8, 2)) return at;
    CivilTime t;
    t.year = two(s) * 100 + two(s + 2);
    t.month = two(s + 5);
    t.day = two(s + 8);
    if (!read_clock(s + 11, t) || !is_valid(t)) return at;
    const std::int64_t seconds = to_seconds(t);
    if (seconds < 0 || seconds >= stamp_seconds_end) return at;
    unsigned digits = 0;
    std::uint64_t fraction = 0;
    if (at + 20 < end && s[19] == '.') {
        while (at + 20 + digits < end && digits < fraction_digits_max && is_digit(s[20 + digits])) {
            fraction = fraction * 10 + (s[20 + digits++] - '0');
        }
    }
    const std::size_t stop = at + 19 + (digits > 0 ? digits + 1 : 0);
    const std::uint64_t value =
        static_cast<std::uint64_t>(seconds) * powers_of_ten[digits] + fraction;
    put(level, at, stop, Mark::stamp, digits, value);
    if (!reference_.known) {
        reference_.known = true;
        reference_.seconds = seconds;
        reference_.fraction_digits = digits;
        if (digits > 0) std::memcpy(reference_.fraction.data(), s + 20, digits);
    }
    return stop;
}

std::size_t Tokenizer::try_bsd_stamp(Level& level, std::size_t at, std::size_t end) {
    const std::uint8_t* s = line_.data() + at;
    if (at + 15 > end || s[3] != ' ' || s[6] != ' ' || !is_digit(s[5])) return at;
    const unsigned month = month_of(reinterpret_cast<const char*>(s));
    const bool spaced = s[4] == ' ';
    if (month == 0 || !(spaced || (s[4] >= '1' && s[4] <= '3'))) return at;
    const unsigned day = (spaced ? 0u : (s[4] - '0') * 10u) + (s[5] - '0');
    CivilTime t;
    if (day < 1 || day > 31 || !read_clock(s + 7, t)) return at;
    const std::uint64_t days = (month - 1) * 31 + day - 1;
    const std::uint64_t value = days * 86400 + t.hour * 3600 + t.minute * 60 + t.second;
    put(level, at, at + 15, Mark::bsd_stamp, 0, value);
    return at + 15;
}

std::size_t Tokenizer::try_clf_stamp(Level& level, std::size_t at, std::size_t end) {
    const std::uint8_t* s = line_.data() + at;
    if (!reference_.known || at + 20 > end || s[6] != '/' || s[11] != ':') return at;
    CivilTime t;
    t.day = two(s);
    t.month = month_of(reinterpret_cast<const char*>(s + 3));
    if (!are_digits(s + 7, 4) || !read_clock(s + 12, t)) return at;
    t.year = two(s + 7) * 100 + two(s + 9);
    if (!is_valid(t)) return at;
    const std::int64_t seconds = to_seconds(t);
    if (seconds < 0 || seconds >= stamp_seconds_end) return at;
    put(level, at, at + 20, Mark::clf_stamp, 0, zigzag(seconds - reference_.seconds));
    return at + 20;
}

std::size_t Tokenizer::try_ipv4(Level& level, std::size_t at, std::size_t end) {
    const std::uint8_t* s = line_.data();
    std::uint32_t address = 0;
    std::size_t from = at;
    for (unsigned part = 0; part < 4; ++part) {
        if (part > 0) {
            if (from >= end || s[from] != '.') return at;
            ++from;
        }
        std::size_t stop = from;
        unsigned octet = 0;
        while (stop < end && stop < from + 4 && is_digit(s[stop]))
            octet = octet * 10 + (s[stop++] - '0');
        const std::size_t size = stop - from;
        if (size == 0 || size > 3 || octet > 255 || (size > 1 && s[from] == '0')) return at;
        address = address << 8 | octet;
        from = stop;
    }
    put(level, at, from, Mark::ipv4, 0, address);
    return from;
}

std::size_t Tokenizer::try_pairs(Level& level, std::size_t at, std::size_t end) {
    const std::uint8_t* s = line_.data();
    std::size_t stop = at;
    unsigned count = 0;
    while (count < pairs_most && stop + 2 <= end && is_lower_hex(s[stop]) &&
           is_lower_hex(s[stop + 1])) {
        ++count;
        stop += 2;
        if (stop >= end || s[stop] != ':') break;
        ++stop;
    }
    if (count > 0 && s[stop - 1] == ':') --stop;
    if (count < pairs_least || (stop < end && (is_lower_hex(s[stop]) || is_letter(s[stop]))))
        return at;
    std::size_t from = at;
    while (count > 0) {
        const unsigned width = std::min(count, pairs_max);
        std::uint64_t value = 0;
        for (unsigned i = 0; i < width; ++i) {
            value = value << 8 | hex_value(s[from + 3 * i]) << 4 | hex_value(s[from + 3 * i + 1]);
        }
        put(level, from, from + 3 * width - 1, Mark::pairs, width, value);
        from += 3 * width;
        count -= width;
    }
    return stop;
}

}  // namespace daicho::ledger::core::codec
