#include "register/obligation/recurrence.hpp"

#include <libical/ical.h>

#include <charconv>
#include <memory>
#include <set>

#include "base/text.hpp"

namespace daicho::register_ {
namespace {

bool is_number(std::string_view text, int least, int most) {
    int number = 0;
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && rest == text.data() + text.size() && number >= least &&
           number <= most && number != 0;
}

bool is_numbers(std::string_view list, int least, int most) {
    for (const std::string_view part : split(list, ',')) {
        if (!is_number(part, least, most)) return false;
    }
    return true;
}

bool is_weekday(std::string_view text) {
    static const std::set<std::string_view> days = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    return days.contains(text);
}

bool is_weekdays(std::string_view list) {
    for (std::string_view part : split(list, ',')) {
        if (part.size() < 2 || !is_weekday(part.substr(part.size() - 2))) return false;
        part.remove_suffix(2);
        if (!part.empty() && !is_number(part, -53, 53)) return false;
    }
    return true;
}

bool is_date(std::string_view text) {
    if (text.size() != 8) return false;
    const std::string iso = std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) +
                            "-" + std::string(text.substr(6));
    return calendar::parse_date(iso).has_value();
}

bool is_part(std::string_view name, std::string_view value) {
    if (name == "INTERVAL") return is_number(value, 1, 1000);
    if (name == "COUNT") return is_number(value, 1, static_cast<int>(recurrences_max));
    if (name == "UNTIL") return is_date(value);
    if (name == "BYDAY") return is_weekdays(value);
    if (name == "BYMONTHDAY") return is_numbers(value, -31, 31);
    if (name == "BYMONTH") return is_numbers(value, 1, 12);
    if (name == "BYSETPOS") return is_numbers(value, -366, 366);
    if (name == "WKST") return is_weekday(value);
    return false;
}

struct IteratorDelete {
    void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};

icaltimetype ical_date(const calendar::Date& date) {
    icaltimetype time =
        icaltime_null_time();  // not null_date(): its hour is -1 and stops the iterator
    time.year = date.year;
    time.month = date.month;
    time.day = date.day;
    time.is_date = 1;
    return time;
}

}  // namespace

bool check_rrule(std::string_view rule) {
    // libical accepts much more than these rules and reports little of what it can't read, so the
    // grammar is checked here; libical then only enumerates.
    if (rule.size() > rrule_size_max) return false;
    std::set<std::string_view> seen;
    std::string_view frequency;
    for (const std::string_view part : split(rule, ';')) {
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos || !seen.insert(part.substr(0, equals)).second)
            return false;
        const std::string_view name = part.substr(0, equals);
        const std::string_view value = part.substr(equals + 1);
        if (name == "FREQ") {
            frequency = value;
        } else if (!is_part(name, value)) {
            return false;
        }
    }
    static const std::set<std::string_view> frequencies = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    if (!frequencies.contains(frequency)) return false;
    if (seen.contains("COUNT") && seen.contains("UNTIL")) return false;
    const icalrecurrencetype parsed = icalrecurrencetype_from_string(std::string(rule).c_str());
    return parsed.freq != ICAL_NO_RECURRENCE;
}

Result<std::vector<calendar::Date>> recur(std::string_view rule, const calendar::Date& anchor,
                                          const calendar::DateRange& range) {
    if (!check_rrule(rule)) return fail(Errc::invalid, "not a recurrence rule of whole days");
    std::vector<calendar::Date> out;
    const icalrecurrencetype parsed = icalrecurrencetype_from_string(std::string(rule).c_str());
    const std::unique_ptr<icalrecur_iterator, IteratorDelete> iterator(
        icalrecur_iterator_new(parsed, ical_date(anchor)));
    if (!iterator) return out;  // contradicts itself (BYMONTH=2;BYMONTHDAY=30): no day at all
    for (std::size_t count = 0;; ++count) {
        const icaltimetype next = icalrecur_iterator_next(iterator.get());
        if (icaltime_is_null_time(next)) return out;
        const auto date = calendar::make_date(next.year, next.month, next.day);
        if (!date || *date > range.last) return out;
        if (count == recurrences_max) return fail(Errc::too_large, "the rule has too many days");
        if (*date >= range.first) out.push_back(*date);
    }
}

}  // namespace daicho::register_
