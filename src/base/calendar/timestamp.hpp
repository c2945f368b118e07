#pragma once
// RFC 3339 timestamps to and from nanoseconds since 1970, without allocation and without the C
// library's time zones.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace daicho::calendar {

struct Timestamp {
    WallNs wall_ns = 0;
    std::int16_t offset_minutes = 0;  // east of UTC is positive
    bool offset_unknown = false;      // "-00:00" (RFC 3339, section 4.3)
    bool leap_second =
        false;  // hh:mm:60; wall_ns is then that of the second after, as POSIX counts
    std::uint8_t fraction_digits = 0;  // as written, 0..9; more are refused
    bool operator==(const Timestamp&) const = default;
};

/// The whole text must be one timestamp: 4-digit year, upper-case T and Z, at most nine digits of
/// fraction, an offset up to 23:59, second 60 only at 23:59 UTC on the last day of June or December
/// (section 5.7). nullopt otherwise, and where int64 nanoseconds do not reach (before 1678, after
/// 2261).
[[nodiscard]] std::optional<Timestamp> parse_rfc3339(std::string_view text) noexcept;

/// "2026-11-22T15:04:05.123456789+09:00"; "Z" for offset 0. `fraction_digits` 0..9 (the rest is
/// cut, not rounded).
[[nodiscard]] std::string to_rfc3339(WallNs wall_ns, int offset_minutes = 0,
                                     int fraction_digits = 9);

}  // namespace daicho::calendar
