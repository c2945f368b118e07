#include "base/calendar/timestamp.hpp"

#include <array>

#include "base/calendar/date.hpp"
#include "base/fault.hpp"

namespace daicho::calendar {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;
// Whole seconds whose nanoseconds fit with any fraction and offset to spare: 1678-01-01 to
// 2261-12-31.
constexpr std::int64_t seconds_first = -9'214'560'000;
constexpr std::int64_t seconds_end = 9'214'646'400;  // exclusive: 2262-01-01
constexpr int offset_minutes_max = 23 * 60 + 59;

/// A cursor over ASCII; once it fails it stays failed.
struct Cursor {
    std::string_view text;
    std::size_t at = 0;
    bool ok = true;

    [[nodiscard]] char peek() const noexcept { return at < text.size() ? text[at] : '\0'; }
    void expect(char c) noexcept {
        ok = ok && at < text.size() && text[at] == c;
        ++at;
    }
    int digits(int count) noexcept {
        int value = 0;
        for (int i = 0; i < count; ++i, ++at) {
            if (at >= text.size() || text[at] < '0' || text[at] > '9') {
                ok = false;
                return 0;
            }
            value = value * 10 + (text[at] - '0');
        }
        return value;
    }
};

std::int64_t read_fraction(Cursor& cursor, Timestamp& out) noexcept {
    if (cursor.peek() != '.') return 0;
    ++cursor.at;
    std::int64_t nanoseconds = 0;
    int digits = 0;
    while (cursor.peek() >= '0' && cursor.peek() <= '9' && digits < 9) {
        nanoseconds = nanoseconds * 10 + cursor.digits(1);
        ++digits;
    }
    if (digits == 0) cursor.ok = false;
    for (int i = digits; i < 9; ++i) nanoseconds *= 10;
    out.fraction_digits = static_cast<std::uint8_t>(digits);
    return nanoseconds;
}

void read_offset(Cursor& cursor, Timestamp& out) noexcept {
    const char sign = cursor.peek();
    ++cursor.at;
    if (sign == 'Z') return;
    if (sign != '+' && sign != '-') {
        cursor.ok = false;
        return;
    }
    const int hours = cursor.digits(2);
    cursor.expect(':');
    const int minutes = cursor.digits(2);
    if (hours > 23 || minutes > 59) cursor.ok = false;
    const int offset = hours * 60 + minutes;
    out.offset_minutes = static_cast<std::int16_t>(sign == '-' ? -offset : offset);
    out.offset_unknown = sign == '-' && offset == 0;
}

/// `second` is that of the last regular second before the leap second, in UTC.
bool may_be_followed_by_leap_second(std::int64_t second) noexcept {
    if ((second + 1) % seconds_per_day != 0) return false;
    const Date next = date_of((second + 1) / seconds_per_day);
    return next.day == 1 && (next.month == 1 || next.month == 7);
}

void append_digits(std::string& out, std::int64_t value, int width) {
    std::array<char, 20> text{};
    for (int i = width; i-- > 0; value /= 10) {
        text[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    }
    out.append(text.data(), static_cast<std::size_t>(width));
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0);
}
std::int64_t floor_remainder(std::int64_t a, std::int64_t b) noexcept {
    return a % b + (a % b < 0 ? b : 0);
}

}  // namespace

std::optional<Timestamp> parse_rfc3339(std::string_view text) noexcept {
    Timestamp out;
    Cursor cursor{text};
    const int year = cursor.digits(4);
    cursor.expect('-');
    const int month = cursor.digits(2);
    cursor.expect('-');
    const int day = cursor.digits(2);
    cursor.expect('T');
    const int hour = cursor.digits(2);
    cursor.expect(':');
    const int minute = cursor.digits(2);
    cursor.expect(':');
    const int second = cursor.digits(2);
    const std::int64_t nanoseconds = read_fraction(cursor, out);
    read_offset(cursor, out);
    if (!cursor.ok || cursor.at != text.size()) return std::nullopt;
    if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
    const std::optional<Date> date = make_date(year, month, day);
    if (!date) return std::nullopt;

    out.leap_second = second == 60;
    const std::int64_t local = days_of(*date) * seconds_per_day + hour * 3600 + minute * 60 +
                               (out.leap_second ? 59 : second);
    std::int64_t utc = local - std::int64_t{out.offset_minutes} * 60;
    if (out.leap_second && !may_be_followed_by_leap_second(utc)) return std::nullopt;
    if (out.leap_second) ++utc;
    if (utc < seconds_first || utc >= seconds_end) return std::nullopt;
    out.wall_ns = utc * second_ns + nanoseconds;
    return out;
}

std::string to_rfc3339(WallNs wall_ns, int offset_minutes, int fraction_digits) {
    check(fraction_digits >= 0 && fraction_digits <= 9, "0 to 9 digits of a second");
    check(offset_minutes >= -offset_minutes_max && offset_minutes <= offset_minutes_max,
          "an offset within a day");
    const std::int64_t utc = floor_divide(wall_ns, second_ns);
    const std::int64_t local = utc + std::int64_t{offset_minutes} * 60;
    const std::int64_t days = floor_divide(local, seconds_per_day);
    const std::int64_t second = local - days * seconds_per_day;
    const Date date = date_of(days);
    std::string out;
    out.reserve(35);
    append_digits(out, date.year, 4);
    out.push_back('-');
    append_digits(out, date.month, 2);
    out.push_back('-');
    append_digits(out, date.day, 2);
    out.push_back('T');
    append_digits(out, second / 3600, 2);
    out.push_back(':');
    append_digits(out, second / 60 % 60, 2);
    out.push_back(':');
    append_digits(out, second % 60, 2);
    if (fraction_digits > 0) {
        std::int64_t fraction = floor_remainder(wall_ns, second_ns);
        for (int i = fraction_digits; i < 9; ++i) fraction /= 10;
        out.push_back('.');
        append_digits(out, fraction, fraction_digits);
    }
    if (offset_minutes == 0) return out + "Z";
    const int away = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    out.push_back(offset_minutes < 0 ? '-' : '+');
    append_digits(out, away / 60, 2);
    out.push_back(':');
    append_digits(out, away % 60, 2);
    return out;
}

}  // namespace daicho::calendar
