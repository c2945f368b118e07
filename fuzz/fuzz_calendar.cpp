// links: base
// Dates people type and timestamps senders write: what is read is written back as something that
// reads the same.
#include "base/bytes.hpp"
#include "base/calendar/date.hpp"
#include "base/calendar/timestamp.hpp"
#include "base/calendar/wareki.hpp"
#include "base/calendar/zone.hpp"
#include "base/fault.hpp"

namespace {

using namespace daicho;
using namespace daicho::calendar;

void check_timestamp(std::string_view text) {
    const std::optional<Timestamp> read = parse_rfc3339(text);
    if (!read) return;
    const std::string back = to_rfc3339(read->wall_ns, read->offset_minutes, read->fraction_digits);
    const std::optional<Timestamp> again = parse_rfc3339(back);
    check(again && again->wall_ns == read->wall_ns, "an instant survives being written");
    check(again->offset_minutes == read->offset_minutes, "an offset survives being written");
    const bool other_form = read->leap_second || read->offset_unknown || text.ends_with("+00:00");
    check(other_form || back == text, "a timestamp has one form");
}

void check_date(const Wareki& wareki, std::string_view text) {
    if (const auto iso = parse_date(text)) check(to_text(*iso) == text, "an ISO date has one form");
    if (const auto week = parse_iso_week(text)) check(to_text(*week) == text, "so has a week");
    const Result<Date> read = parse_any_date(wareki, text);
    if (!read) return;
    check(is_valid(*read) && date_of(days_of(*read)) == *read, "a date that is read exists");
    for (const WarekiStyle style : {WarekiStyle::kanji, WarekiStyle::letter}) {
        const auto written = wareki.to_text(*read, style);
        if (!written) continue;
        const Result<Date> again = wareki.parse(*written);
        check(again && *again == *read, "a date survives wareki");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Wareki wareki = Wareki::standard();
    static const Zone zone = Zone::find("America/New_York").value();
    const std::string_view text = text_of({data, size});
    check_timestamp(text);
    check_date(wareki, text);
    if (size >= 8) {
        ByteReader reader({data, size});
        const auto instant = static_cast<WallNs>(reader.u64());
        const LocalTime local = zone.local(instant);
        check(is_valid(local.date) && local.second_of_day >= 0 && local.second_of_day < 86'400,
              "every instant has a local time");
        (void)to_rfc3339(instant, local.offset_s / 60);
    }
    return 0;
}
