#pragma once
// Does the ledger bear the wall clock out? A clock that is ahead would let keys be destroyed before
// their time, and nothing brings them back (docs/decisions/0060).
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace daicho::app::node {

/// Days on which daicho must have measured itself under this clock, one after the other.
inline constexpr std::size_t clock_days_min = 7;
/// A longer silence between two measurements proves nothing about the time in between. Offices
/// close for this long.
inline constexpr std::int64_t clock_silence_ns_max = 7 * day_ns;
/// How far the clock may have been set forward, taken all together, within the last days.
inline constexpr std::int64_t clock_forward_ns_max = hour_ns;
inline constexpr std::int64_t clock_forward_within_ns = 7 * day_ns;

struct ClockStep {
    WallNs at_ns = 0;  // as the clock said after it
    std::int64_t step_ns = 0;
};

/// `measured`: hourly measurements, newest first. What lies after `now` proves nothing and is
/// ignored. Errc::conflict with "retention.clock_stepped" {at, hours, until} or
/// "retention.clock_unproven" {since, days, needed}.
[[nodiscard]] Status judge_clock(const std::vector<WallNs>& measured,
                                 const std::vector<ClockStep>& steps, WallNs now);
/// The same from the facts.
[[nodiscard]] Status judge_clock(store::Database& database, WallNs now);

}  // namespace daicho::app::node
