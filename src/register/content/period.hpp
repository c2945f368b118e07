#pragma once
// Lengths of time as regulations state them ("three months", "24 hours"): ISO 8601 durations, added
// by the calendar of a zone, so that three months after 30 November end on the last day of
// February.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/calendar/zone.hpp"
#include "base/clock.hpp"

namespace daicho::register_ {

/// A hundred years: longer than any paper is kept, far from any overflow.
inline constexpr std::int64_t period_days_max = 36'525;

/// Never negative. A value.
struct Period {
    std::int32_t months = 0;
    std::int32_t days = 0;
    std::int64_t seconds = 0;
    bool operator==(const Period&) const = default;

    /// For comparing strictness only: a month counts as the Gregorian mean of 2,629,746 s.
    [[nodiscard]] std::int64_t mean_seconds() const noexcept;
    [[nodiscard]] bool zero() const noexcept { return months == 0 && days == 0 && seconds == 0; }
};

/// "P3Y", "P1M", "P2W", "PT24H", "P1DT12H"; whole numbers only, at least one, none with a sign.
/// nullopt otherwise.
[[nodiscard]] std::optional<Period> parse_period(std::string_view text) noexcept;
/// The shortest form that parse_period reads back as the same value.
[[nodiscard]] std::string to_text(const Period& period);

/// Months and days move the date and keep the time of day; seconds are then added exactly.
[[nodiscard]] WallNs add(const calendar::Zone& zone, WallNs instant, const Period& period);
/// The same backwards.
[[nodiscard]] WallNs subtract(const calendar::Zone& zone, WallNs instant, const Period& period);
/// The first instant after the local day that holds `instant`: deadlines in days end with their
/// day.
[[nodiscard]] WallNs end_of_day(const calendar::Zone& zone, WallNs instant);

}  // namespace daicho::register_
