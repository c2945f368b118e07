#pragma once
// When a duty falls due, and how each occasion stands. Pure functions: the same content, start,
// completions and moment give the same answer, whenever and however often they are asked. Nothing
// is stored when time passes, so a tick that was missed while the program was down is simply there
// afterwards.
//
// Invariants: (1) occurrences are ordered and have distinct deadlines; (2) a rule that takes effect
// later changes no occurrence before its date; (3) a completion after `as_of` does not matter.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar/business_days.hpp"
#include "base/calendar/zone.hpp"
#include "register/content/content.hpp"

namespace daicho::register_ {

/// What an organisation's calendar adds to the rules.
struct Schedule {
    calendar::Zone zone;
    calendar::BusinessDays business_days;
    WallNs start_ns = 0;  // when the organisation took the duty on; nothing is demanded for before
};

/// Schedule of a zone with all holiday tables of the content together. Errc::not_found for an
/// unknown zone.
[[nodiscard]] Result<Schedule> make_schedule(const Content& content, std::string_view zone,
                                             WallNs start_ns);

struct Occurrence {
    std::string id;  // "weekly-access-log-review:2026-11-27": obligation and the rule's own day
    std::string obligation;
    calendar::Date nominal;  // the rule's day, before it is moved to a business day
    WallNs opens_ns = 0;     // the deadline before it, or the start
    WallNs warn_ns = 0;
    WallNs due_ns = 0;      // end of the local day
    WallNs overdue_ns = 0;  // due and grace
    bool holidays_known =
        true;  // false: the deadline may still move when the year's holidays are published
};

/// Occurrences whose deadline lies in [from_ns, to_ns), in order.
[[nodiscard]] Result<std::vector<Occurrence>> occurrences(const Obligation& obligation,
                                                          const Schedule& schedule, WallNs from_ns,
                                                          WallNs to_ns);

enum class OccurrenceState { upcoming, due_soon, due, overdue, done, done_late };
[[nodiscard]] std::string_view name_of(OccurrenceState state) noexcept;

/// What is known of a completion here; the record is in completion.hpp.
struct Done {
    std::string occurrence;
    WallNs completed_ns = 0;
};

struct OccurrenceStatus {
    Occurrence occurrence;
    OccurrenceState state = OccurrenceState::upcoming;
    std::optional<WallNs> completed_ns;
    bool by_later = false;  // settled by a later occurrence (covers_earlier)
};

/// The state of one occurrence on its own.
[[nodiscard]] OccurrenceStatus state_of(const Occurrence& occurrence,
                                        const std::vector<Done>& completions, WallNs as_of);
/// The states of a run of occurrences of one obligation, with covers_earlier.
[[nodiscard]] std::vector<OccurrenceStatus> states_of(const Obligation& obligation,
                                                      const std::vector<Occurrence>& run,
                                                      const std::vector<Done>& completions,
                                                      WallNs as_of);

/// The occurrence that work done now belongs to: the oldest one open and undone, or nullopt when
/// none is open; then the work is extra (an analysis on suspicion), see extra_occurrence.
[[nodiscard]] std::optional<Occurrence> open_occurrence(
    const std::vector<OccurrenceStatus>& statuses, WallNs as_of);
/// Id for work that no occurrence asked for.
[[nodiscard]] std::string extra_occurrence(const Obligation& obligation, const calendar::Zone& zone,
                                           WallNs as_of);

/// One reminder per obligation, however many of its occurrences are open.
struct Reminder {
    std::string obligation;
    OccurrenceState state = OccurrenceState::due_soon;  // the most urgent
    std::vector<std::string> occurrences;               // open ones, oldest first
    WallNs by_ns = 0;                                   // the oldest deadline
    /// Send once per key: it changes when the state worsens or another occurrence falls due, not
    /// with time alone.
    std::string key;
};
[[nodiscard]] std::optional<Reminder> reminder(const Obligation& obligation,
                                               const std::vector<OccurrenceStatus>& statuses);

}  // namespace daicho::register_
