#include "ledger/core/codec/printer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace daicho::ledger::core::codec {
namespace {

/// A mark prints at most this much: a stamp of 19 + 10 bytes, or pairs_max pairs.
constexpr std::size_t mark_size_max = 32;
static_assert(mark_size_max + 16 <= printer_slack);
constexpr std::int64_t stamp_seconds_end = std::int64_t{1} << 33;

constexpr auto digit_pairs = [] {
    std::array<std::uint8_t, 200> out{};
    for (unsigned i = 0; i < 100; ++i) {
        out[2 * i] = static_cast<std::uint8_t>('0' + i / 10);
        out[2 * i + 1] = static_cast<std::uint8_t>('0' + i % 10);
    }
    return out;
}();

void put_two(std::uint8_t* to, std::uint64_t value) noexcept {
    std::memcpy(to, digit_pairs.data() + 2 * value, 2);
}

constexpr char hex_digits[] = "0123456789abcdef";

/// The sum, unless it leaves the range that stamps have.
bool offset_seconds(std::int64_t base, std::uint64_t difference, std::int64_t& out) noexcept {
    if (__builtin_add_overflow(base, unzigzag(difference), &out)) return false;
    return out >= 0 && out < stamp_seconds_end;
}

}  // namespace

bool Printer::line(std::uint32_t number) {
    if (!catch_up()) return false;
    reference_.known = false;
    return print(0, number);
}

bool Printer::plain(ByteView bytes) {
    if (bytes.size() > static_cast<std::size_t>(end_ - at_)) return false;
    if (!bytes.empty()) std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
    return true;
}

bool Printer::skip(std::uint32_t number) {
    return pass(0, number);
}

bool Printer::pass(unsigned depth, std::uint64_t number) {
    Passed& passed = passed_[depth];
    if (number >= levels_[depth].entries.size()) return false;
    if (passed.lines.empty()) passed.lines.resize(levels_[depth].entries.size());
    if (passed.lines[number]++ == 0) passed.templates.push_back(static_cast<std::uint32_t>(number));
    return true;
}

/// In which order values of one column are passed over makes no difference: so many uses of a
/// template move each of its columns on by so many, and nested templates are counted likewise.
bool Printer::catch_up() {
    for (unsigned depth = 0; depth <= nesting_max; ++depth) {
        Passed& passed = passed_[depth];
        const TemplateList& list = levels_[depth];
        for (const std::uint32_t number : passed.templates) {
            const std::uint32_t lines = std::exchange(passed.lines[number], 0);
            const Step* step = list.steps.data() + list.entries[number].first_step;
            for (; !step->last; ++step) {
                if (step->column == no_column) continue;
                const std::uint64_t* const values = columns_[step->column];
                columns_[step->column] += lines;
                if (step->mark != Mark::nested) continue;
                for (std::uint32_t i = 0; i < lines; ++i)
                    if (!pass(depth + 1, values[i])) return false;
            }
        }
        passed.templates.clear();
    }
    return true;
}

bool Printer::print(unsigned depth, std::uint32_t number) {
    const TemplateList& list = levels_[depth];
    if (number >= list.entries.size()) return false;
    const TemplateList::Entry& entry = list.entries[number];
    const Step* step = list.steps.data() + entry.first_step;
    const std::uint8_t* text = entry.text.data();
    for (;; ++step) {
        if (step->length > static_cast<std::size_t>(end_ - at_)) return false;
        if (step->length > 0) std::memcpy(at_, text + step->literal, step->length);
        at_ += step->length;
        if (step->last) return true;
        if (!mark(*step, depth)) return false;
    }
}

bool Printer::mark(const Step& step, unsigned depth) {
    // What a mark prints beyond the end lands in the slack; the next step or the caller's final
    // size refuses it.
    if (at_ > end_) return false;
    if (step.mark == Mark::same_fraction) {
        if (!reference_.known || step.width > reference_.fraction_digits) return false;
        std::memcpy(at_, reference_.fraction.data(), fraction_digits_max);
        at_ += step.width;
        return at_ <= end_;
    }
    const std::uint64_t value = *columns_[step.column]++;
    switch (step.mark) {
        case Mark::number:
            number(value);
            break;
        case Mark::padded:
            digits(value, step.width);
            break;
        case Mark::hex:
            for (unsigned i = 0; i < step.width; ++i) {
                at_[i] = static_cast<std::uint8_t>(
                    hex_digits[(value >> (4 * (step.width - 1 - i))) & 15]);
            }
            at_ += step.width;
            break;
        case Mark::ipv4:
            small(static_cast<std::uint8_t>(value >> 24));
            *at_++ = '.';
            small(static_cast<std::uint8_t>(value >> 16));
            *at_++ = '.';
            small(static_cast<std::uint8_t>(value >> 8));
            *at_++ = '.';
            small(static_cast<std::uint8_t>(value));
            break;
        case Mark::pairs:
            if (!pairs(value, step.width)) return false;
            break;
        case Mark::stamp:
            if (!stamp(value, step.width)) return false;
            break;
        case Mark::bsd_stamp:
            if (!bsd_stamp(value)) return false;
            break;
        case Mark::clf_stamp:
            if (!clf_stamp(value)) return false;
            break;
        case Mark::near_seconds: {
            std::int64_t seconds = 0;
            if (!reference_.known || !offset_seconds(reference_.seconds, value, seconds))
                return false;
            number(static_cast<std::uint64_t>(seconds));
            break;
        }
        case Mark::nested:
            return value <= std::numeric_limits<std::uint32_t>::max() &&
                   print(depth + 1, static_cast<std::uint32_t>(value));
        case Mark::same_fraction:
            break;
    }
    return at_ <= end_;
}

void Printer::number(std::uint64_t value) noexcept {
    if (value < 1000) return small(static_cast<std::uint32_t>(value));
    std::array<std::uint8_t, 20> reversed;
    std::size_t from = reversed.size();
    while (value >= 100) {
        from -= 2;
        put_two(reversed.data() + from, value % 100);
        value /= 100;
    }
    if (value >= 10) {
        from -= 2;
        put_two(reversed.data() + from, value);
    } else {
        reversed[--from] = static_cast<std::uint8_t>('0' + value);
    }
    std::memcpy(at_, reversed.data() + from, reversed.size() - from);
    at_ += reversed.size() - from;
}

void Printer::small(std::uint32_t value) noexcept {
    if (value >= 100) {
        *at_++ = static_cast<std::uint8_t>('0' + value / 100);
        put_two(at_, value % 100);
        at_ += 2;
    } else if (value >= 10) {
        put_two(at_, value);
        at_ += 2;
    } else {
        *at_++ = static_cast<std::uint8_t>('0' + value);
    }
}

void Printer::digits(std::uint64_t value, unsigned width) noexcept {
    unsigned at = width;
    while (at >= 2) {
        at -= 2;
        put_two(at_ + at, value % 100);
        value /= 100;
    }
    if (at == 1) *at_ = static_cast<std::uint8_t>('0' + value % 10);
    at_ += width;
}

void Printer::clock(const CivilTime& t) noexcept {
    put_two(at_, t.hour);
    at_[2] = ':';
    put_two(at_ + 3, t.minute);
    at_[5] = ':';
    put_two(at_ + 6, t.second);
    at_ += 8;
}

bool Printer::stamp(std::uint64_t value, unsigned digits_count) {
    const std::uint64_t unit = powers_of_ten[digits_count];
    if (value / unit >= static_cast<std::uint64_t>(stamp_seconds_end)) return false;
    const auto seconds = static_cast<std::int64_t>(value / unit);
    if (seconds != cached_seconds_) {
        const CivilTime t = to_civil(seconds);
        std::uint8_t* const from = at_;
        put_two(at_, t.year / 100);
        put_two(at_ + 2, t.year % 100);
        at_[4] = '-';
        put_two(at_ + 5, t.month);
        at_[7] = '-';
        put_two(at_ + 8, t.day);
        at_[10] = 'T';
        at_ += 11;
        clock(t);
        std::memcpy(cached_.data(), from, cached_.size());
        cached_seconds_ = seconds;
    } else {
        std::memcpy(at_, cached_.data(), cached_.size());
        at_ += cached_.size();
    }
    std::uint8_t* const fraction = at_ + 1;
    if (digits_count > 0) {
        *at_++ = '.';
        digits(value % unit, digits_count);
    }
    if (!reference_.known) {
        reference_.known = true;
        reference_.seconds = seconds;
        reference_.fraction_digits = digits_count;
        if (digits_count > 0) std::memcpy(reference_.fraction.data(), fraction, digits_count);
    }
    return true;
}

bool Printer::bsd_stamp(std::uint64_t value) {
    if (value >= std::uint64_t{12} * 31 * 86400) return false;
    const auto day = static_cast<unsigned>(value / 86400);
    const auto rest = static_cast<unsigned>(value % 86400);
    CivilTime t;
    t.hour = rest / 3600;
    t.minute = rest / 60 % 60;
    t.second = rest % 60;
    std::memcpy(at_, month_names.data() + 3 * (day / 31), 3);
    put_two(at_ + 4, day % 31 + 1);
    at_[3] = ' ';
    if (at_[4] == '0') at_[4] = ' ';
    at_[6] = ' ';
    at_ += 7;
    clock(t);
    return true;
}

bool Printer::clf_stamp(std::uint64_t value) {
    std::int64_t seconds = 0;
    if (!reference_.known || !offset_seconds(reference_.seconds, value, seconds)) return false;
    const CivilTime t = to_civil(seconds);
    put_two(at_, t.day);
    at_[2] = '/';
    std::memcpy(at_ + 3, month_names.data() + 3 * (t.month - 1), 3);
    at_[6] = '/';
    put_two(at_ + 7, t.year / 100);
    put_two(at_ + 9, t.year % 100);
    at_[11] = ':';
    at_ += 12;
    clock(t);
    return true;
}

bool Printer::pairs(std::uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width; ++i) {
        const unsigned pair = (value >> (8 * (width - 1 - i))) & 0xff;
        at_[0] = static_cast<std::uint8_t>(hex_digits[pair >> 4]);
        at_[1] = static_cast<std::uint8_t>(hex_digits[pair & 15]);
        at_ += 2;
        if (i + 1 < width) *at_++ = ':';
    }
    return true;
}

}  // namespace daicho::ledger::core::codec
