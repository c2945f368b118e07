#pragma once
// Events that a stranger can cause at will (refusals, failed sign-ins) must not be able to fill the
// ledger, and must still be counted exactly. The first of a kind is recorded at once; those that
// follow within a minute are counted in the database and recorded as one event with its count when
// the minute is over. The counts of all events sum up.
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace daicho::access {

inline constexpr std::int64_t tally_window_ns = minute_ns;
/// Kinds counted apart at one time; further ones share one counter per action, so memory and disk
/// stay bounded under a flood from many addresses.
inline constexpr std::int64_t tally_kinds_max = 200;

struct TallyEvent {
    std::string action;  // "access.refused"
    std::string actor;
    std::string object;
    std::string detail =
        "{}";  // a JSON object; `count` (and `from`, `to` in ns for a sum) are added to it
};

/// Thread-safe.
class Tally {
public:
    explicit Tally(store::Database& database) : database_(database) {}
    /// Counts one event in the caller's transaction, which needs no further evidence.
    [[nodiscard]] Status count(store::Transaction& tx, const TallyEvent& event);
    [[nodiscard]] Status count(const TallyEvent& event);
    /// Records the sums whose minute is over. Called by a job every minute, and once at start.
    [[nodiscard]] Status flush();

private:
    store::Database& database_;
};

}  // namespace daicho::access
