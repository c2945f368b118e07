#pragma once
// The time forms that logs use, read without the C library's locale or zone tables.
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "evidence/collect/parse/text.hpp"

namespace daicho::evidence::collect::parse {

/// Days since 1970-01-01 in the proleptic Gregorian calendar; the caller has checked the parts.
[[nodiscard]] std::int64_t days_from_civil(int year, unsigned month, unsigned day) noexcept;
[[nodiscard]] bool is_date(int year, unsigned month, unsigned day) noexcept;
/// The year of a day counted from 1970-01-01.
[[nodiscard]] int year_of_day(std::int64_t day) noexcept;

/// What a time without zone means: seconds east of UTC at a moment. Asked at most once an hour of
/// log time by those who keep a ZoneCache, so it may be slow.
using ZoneRule = std::function<std::int32_t(WallNs utc)>;
[[nodiscard]] ZoneRule fixed_zone(std::int32_t east_s);

/// Remembers the answer for the hour last asked about. Not thread-safe.
class ZoneCache {
public:
    explicit ZoneCache(ZoneRule rule) : rule_(std::move(rule)) {}
    [[nodiscard]] std::int32_t east_s(WallNs utc);
    /// Local wall time to UTC. A time that a change of the offset makes ambiguous is taken as the
    /// later reading.
    [[nodiscard]] WallNs to_utc(std::int64_t local_ns);

private:
    ZoneRule rule_;
    std::int64_t hour_ = INT64_MIN;
    std::int32_t east_s_ = 0;
};

/// "2026-03-02T00:08:38.184693Z" (RFC 3339; also a blank for the T, a comma for the dot, +0900 for
/// +09:00). Where there is no zone `zone` decides; without one that is a failure. On failure the
/// cursor stays where it was.
[[nodiscard]] std::optional<WallNs> iso_time(Cursor& cursor, ZoneCache* zone);
/// "Mar  2 00:08:38", also with a year after the day or after the time, with fractions, and with a
/// zone name "UTC:" as network devices write it. Year and zone come from the time of receipt: the
/// latest year in which it was not more than two days ahead.
[[nodiscard]] std::optional<WallNs> bsd_time(Cursor& cursor, WallNs received_ns, ZoneCache& zone);
/// "02/Mar/2026:00:00:38 +0000" (Common Log Format).
[[nodiscard]] std::optional<WallNs> clf_time(Cursor& cursor);
/// "Sun Dec 04 04:47:44.123 2005" (Apache error log; fractions optional), in the zone of the
/// receiver.
[[nodiscard]] std::optional<WallNs> ctime_time(Cursor& cursor, ZoneCache& zone);

}  // namespace daicho::evidence::collect::parse
