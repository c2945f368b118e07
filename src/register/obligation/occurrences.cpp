#include "register/obligation/occurrences.hpp"

#include <algorithm>

#include "register/obligation/recurrence.hpp"

namespace daicho::register_ {
namespace {

using calendar::Date;

/// Moving to a business day shifts a deadline by at most a long holiday; rules are asked for this
/// much around the range.
constexpr int moved_days_max = 31;

Date moved(const Schedule& schedule, Adjust adjust, const Date& date) {
    switch (adjust) {
        case Adjust::previous_business_day:
            return schedule.business_days.on_or_before(date);
        case Adjust::next_business_day:
            return schedule.business_days.on_or_after(date);
        case Adjust::none:
            break;
    }
    return date;
}

Occurrence make(const Obligation& obligation, const ObligationVersion& version,
                const Schedule& schedule, const Date& nominal) {
    const Date last_day = moved(schedule, version.adjust, nominal);
    Occurrence out;
    out.obligation = obligation.id;
    out.id = obligation.id + ":" + calendar::to_text(nominal);
    out.nominal = nominal;
    out.due_ns = schedule.zone.instant(calendar::add_days(last_day, 1));
    out.warn_ns = subtract(schedule.zone, out.due_ns, version.warn_before);
    out.overdue_ns = add(schedule.zone, out.due_ns, version.grace);
    out.holidays_known = version.adjust == Adjust::none || schedule.business_days.knows(nominal);
    return out;
}

/// All occurrences from the start on with nominal days up to `last`, whatever their deadlines.
Result<std::vector<Occurrence>> from_start(const Obligation& obligation, const Schedule& schedule,
                                           const Date& last) {
    std::vector<Occurrence> out;
    const Date start = schedule.zone.date(schedule.start_ns);
    for (std::size_t i = 0; i < obligation.versions.size(); ++i) {
        const ObligationVersion& version = obligation.versions[i];
        const bool is_last = i + 1 == obligation.versions.size();
        const Date end =
            is_last ? last
                    : std::min(last, calendar::add_days(obligation.versions[i + 1].valid_from, -1));
        const Date begin = std::max(calendar::add_days(start, -moved_days_max), version.valid_from);
        if (end < begin) continue;
        const Result<std::vector<Date>> days = recur(version.rrule, version.anchor, {begin, end});
        if (!days) return fail(days.error());
        const WallNs earliest = add(schedule.zone, schedule.start_ns, version.lead);
        for (const Date& nominal : *days) {
            Occurrence next = make(obligation, version, schedule, nominal);
            // Two days that move to the same business day (a daily duty over a weekend) are one
            // occasion.
            if (next.due_ns < earliest || (!out.empty() && next.due_ns <= out.back().due_ns))
                continue;
            next.opens_ns = out.empty() ? schedule.start_ns : out.back().due_ns;
            out.push_back(std::move(next));
        }
    }
    return out;
}

bool is_open(OccurrenceState state) {
    return state == OccurrenceState::due_soon || state == OccurrenceState::due ||
           state == OccurrenceState::overdue;
}

}  // namespace

Result<Schedule> make_schedule(const Content& content, std::string_view zone, WallNs start_ns) {
    Result<calendar::Zone> found = calendar::Zone::find(zone);
    if (!found) return fail(std::move(found.error()));
    std::vector<Date> days;
    // Without a table only weekends are known: a range of one day long ago.
    calendar::DateRange known{calendar::date_of(0), calendar::date_of(0)};
    for (const auto& [id, table] : content.holidays) {
        const bool is_first = days.empty();
        known.first = is_first ? table.known.first : std::min(known.first, table.known.first);
        known.last = is_first ? table.known.last : std::max(known.last, table.known.last);
        for (const Holiday& day : table.days) days.push_back(day.date);
    }
    Result<calendar::BusinessDays> business_days =
        calendar::BusinessDays::create(std::move(days), known);
    if (!business_days) return fail(std::move(business_days.error()));
    return Schedule{std::move(*found), std::move(*business_days), start_ns};
}

Result<std::vector<Occurrence>> occurrences(const Obligation& obligation, const Schedule& schedule,
                                            WallNs from_ns, WallNs to_ns) {
    const Date last = calendar::add_days(schedule.zone.date(to_ns), moved_days_max);
    Result<std::vector<Occurrence>> all = from_start(obligation, schedule, last);
    if (!all) return all;
    std::erase_if(
        *all, [&](const Occurrence& one) { return one.due_ns < from_ns || one.due_ns >= to_ns; });
    return all;
}

std::string_view name_of(OccurrenceState state) noexcept {
    switch (state) {
        case OccurrenceState::upcoming:
            return "upcoming";
        case OccurrenceState::due_soon:
            return "due_soon";
        case OccurrenceState::due:
            return "due";
        case OccurrenceState::overdue:
            return "overdue";
        case OccurrenceState::done:
            return "done";
        case OccurrenceState::done_late:
            return "done_late";
    }
    return "upcoming";
}

OccurrenceStatus state_of(const Occurrence& occurrence, const std::vector<Done>& completions,
                          WallNs as_of) {
    OccurrenceStatus out{occurrence, OccurrenceState::upcoming, std::nullopt, false};
    for (const Done& done : completions) {
        if (done.occurrence != occurrence.id || done.completed_ns > as_of) continue;
        out.completed_ns =
            std::min(out.completed_ns.value_or(done.completed_ns), done.completed_ns);
    }
    if (out.completed_ns) {
        out.state = *out.completed_ns < occurrence.overdue_ns ? OccurrenceState::done
                                                              : OccurrenceState::done_late;
    } else if (as_of >= occurrence.overdue_ns) {
        out.state = OccurrenceState::overdue;
    } else if (as_of >= occurrence.due_ns) {
        out.state = OccurrenceState::due;
    } else if (as_of >= occurrence.warn_ns && as_of >= occurrence.opens_ns) {
        out.state = OccurrenceState::due_soon;
    }
    return out;
}

std::vector<OccurrenceStatus> states_of(const Obligation& obligation,
                                        const std::vector<Occurrence>& run,
                                        const std::vector<Done>& completions, WallNs as_of) {
    std::vector<OccurrenceStatus> out;
    out.reserve(run.size());
    for (const Occurrence& occurrence : run)
        out.push_back(state_of(occurrence, completions, as_of));
    if (!obligation.covers_earlier) return out;
    std::optional<WallNs> later;  // the earliest completion of anything after this one
    for (auto status = out.rbegin(); status != out.rend(); ++status) {
        if (status->completed_ns) {
            later = std::min(later.value_or(*status->completed_ns), *status->completed_ns);
        } else if (later) {
            status->completed_ns = later;
            status->by_later = true;
            status->state = *later < status->occurrence.overdue_ns ? OccurrenceState::done
                                                                   : OccurrenceState::done_late;
        }
    }
    return out;
}

std::optional<Occurrence> open_occurrence(const std::vector<OccurrenceStatus>& statuses,
                                          WallNs as_of) {
    for (const OccurrenceStatus& status : statuses) {
        if (!status.completed_ns && status.occurrence.opens_ns <= as_of) return status.occurrence;
    }
    return std::nullopt;
}

std::string extra_occurrence(const Obligation& obligation, const calendar::Zone& zone,
                             WallNs as_of) {
    return obligation.id + ":extra-" + zone.to_text(as_of);
}

std::optional<Reminder> reminder(const Obligation& obligation,
                                 const std::vector<OccurrenceStatus>& statuses) {
    Reminder out;
    out.obligation = obligation.id;
    for (const OccurrenceStatus& status : statuses) {
        if (!is_open(status.state)) continue;
        if (out.occurrences.empty()) out.by_ns = status.occurrence.due_ns;
        out.occurrences.push_back(status.occurrence.id);
        out.state = std::max(out.state, status.state);
    }
    if (out.occurrences.empty()) return std::nullopt;
    out.key = out.occurrences.back() + "/" + std::string(name_of(out.state));
    return out;
}

}  // namespace daicho::register_
