#pragma once
// Time zones of the IANA database (the system's zoneinfo). Reading one costs milliseconds: make it
// once and pass it on.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/calendar/date.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace daicho::calendar {

/// What clocks on the wall show.
struct LocalTime {
    Date date;
    std::int32_t second_of_day = 0;  // 0..86399
    std::int32_t nanosecond = 0;
    std::int32_t offset_s = 0;  // that was in force; east of UTC is positive
    auto operator<=>(const LocalTime&) const = default;
};

/// A cheap value, thread-safe. Instants within the zone's present rule (Tokyo: since 1951) need no
/// look-up.
class Zone {
public:
    /// "Asia/Tokyo"; Errc::not_found when the database has no such zone.
    [[nodiscard]] static Result<Zone> find(std::string_view name);
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    [[nodiscard]] std::int32_t offset_s(WallNs instant) const;
    [[nodiscard]] LocalTime local(WallNs instant) const;
    [[nodiscard]] Date date(WallNs instant) const { return local(instant).date; }
    /// The instant of a local time. Where clocks jump forward and it does not exist, the instant of
    /// the jump; where they go back and it exists twice, the earlier one.
    [[nodiscard]] WallNs instant(const Date& date, std::int32_t second_of_day = 0) const;
    /// RFC 3339 with this zone's offset.
    [[nodiscard]] std::string to_text(WallNs instant, int fraction_digits = 0) const;

private:
    struct Rules;
    explicit Zone(std::shared_ptr<const Rules> rules, std::string name);
    std::shared_ptr<const Rules> rules_;
    std::string name_;
    std::int32_t steady_offset_s_ = 0;
    WallNs steady_from_ = 0;  // until steady_to_, exclusive
    WallNs steady_to_ = 0;
};

}  // namespace daicho::calendar
