#pragma once
// What an organisation's rules look like in memory, after content/ has been read and found whole:
// every id that is mentioned exists, every text is there in both languages. Plain values; immutable
// once loaded, so threads may share them.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/calendar/date.hpp"
#include "register/content/period.hpp"

namespace daicho::register_ {

struct Bilingual {
    std::string ja;
    std::string en;
};

/// A figure that a clause may state: a length of time or a number.
using Quantity = std::variant<Period, std::int64_t>;
enum class Direction { at_least, at_most };  // at_least: the larger value is the stricter

struct Parameter {
    std::string id;
    Bilingual title;
    bool is_period = false;
    bool is_per_thousand = false;  // else a plain number
    Direction direction = Direction::at_least;
    std::optional<Quantity> fallback;  // where no clause states one
    std::optional<Bilingual> reason;   // why that fallback
};

struct StatedParameter {
    std::string id;
    Quantity value;
};

struct Regulation {
    std::string id;
    std::string number;
    Bilingual title;
    Bilingual about;
    bool complete = false;             // every clause of the source is here
    std::vector<std::string> clauses;  // in the order of the files
};

struct Clause {
    std::string id;
    std::string regulation;
    Bilingual section;
    Bilingual statement;
    std::string post;
    std::vector<std::string> kinds;
    std::vector<StatedParameter> parameters;
};

struct Post {
    std::string id;
    Bilingual title;
    std::vector<std::string> aliases;
    std::string role;  // administrator, security_officer, auditor, member
    Bilingual about;
};

struct RetentionPeriod {
    Period period;
    calendar::Date valid_from;
    std::optional<calendar::Date> valid_to;
    Bilingual source;
    std::optional<std::string> clause;  // that states it; none: a default of daicho
};
struct RetentionClass {
    std::string id;
    Bilingual title;
    std::vector<RetentionPeriod> periods;
};

struct Holiday {
    calendar::Date date;
    Bilingual name;
};
struct HolidayTable {
    std::string id;
    Bilingual title;
    Bilingual source;
    calendar::DateRange known;
    std::vector<Holiday> days;
};

struct ChecklistItem {
    std::string id;
    Bilingual title;
    Bilingual ask;
    Bilingual basis;
    std::string panel;  // the part of the review summary shown beside it
};

enum class Adjust { none, previous_business_day, next_business_day };

/// Rules that hold from a date on; earlier occurrences keep the rules of their time.
struct ObligationVersion {
    calendar::Date valid_from;
    std::string rrule;      // RFC 5545, whole days
    calendar::Date anchor;  // DTSTART
    Adjust adjust = Adjust::none;
    Period lead;  // the first deadline is at least this long after the organisation's start
    Period warn_before;
    Period grace;
};

struct Obligation {
    std::string id;
    Bilingual title;
    Bilingual about;
    std::vector<std::string> clauses;
    std::string post;
    std::string evidence;  // kind of fact that completes an occurrence
    bool covers_earlier =
        false;  // doing a later one also settles, late, what was left undone before
    std::vector<ObligationVersion> versions;  // ascending valid_from
    std::vector<ChecklistItem> checklist;
};

}  // namespace daicho::register_
