#pragma once
// What a reviewer of logs looks at: the five signs of 003-01-4.5-10, and sources that fell silent.
// Composed from sums that the ledger's search makes; pure, so that the same range gives the same
// summary, digest and all, whenever it is asked for.
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/calendar/business_days.hpp"
#include "base/calendar/zone.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"

namespace daicho::evidence::assess::review {

inline constexpr std::size_t rows_max = 1'000;    // a person reads no more; totals stay exact
inline constexpr unsigned new_address_days = 90;  // seen in these days before: not new
inline constexpr std::uint64_t repeated_failures =
    5;  // in a row people type wrong thrice, programs go on
inline constexpr std::uint64_t frequency_factor =
    3;  // times as often as in the period before, or a third
inline constexpr std::uint64_t frequency_count_min =
    20;  // below that three times as many is chance

/// Entries first_seq .. last_seq of the ledger, received from from_ns until before to_ns.
struct Slice {
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
    WallNs from_ns = 0;
    WallNs to_ns = 0;
};

/// Sign-ins of one user from one address within one short time (a quarter of an hour, so that
/// office hours can be told).
struct SignIns {
    WallNs at_ns = 0;  // when that time began
    std::string user;
    std::string address;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    WallNs first_ns = 0;
    WallNs last_ns = 0;
    WallNs last_success_ns = 0;
    WallNs first_failure_ns = 0;
};
struct Volume {
    calendar::Date day;
    std::string source;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t failures = 0;
};
struct SourceSilence {
    std::string source;
    WallNs last_ns = 0;  // 0: never sent anything
    std::uint64_t gaps = 0;
};

/// Declared here by its consumer, implemented over ledger search. Rows in any order. Thread-safe.
class LogAggregates {
public:
    virtual ~LogAggregates() = default;
    [[nodiscard]] virtual Result<std::vector<SignIns>> sign_ins(const Slice& slice) = 0;
    /// Events by local day and source.
    [[nodiscard]] virtual Result<std::vector<Volume>> volumes(const Slice& slice) = 0;
    /// Addresses that signed in within the slice and not within `days` before it.
    [[nodiscard]] virtual Result<std::vector<std::string>> new_addresses(const Slice& slice,
                                                                         unsigned days) = 0;
    /// Registered sources without any event in the slice, or with declared gaps.
    [[nodiscard]] virtual Result<std::vector<SourceSilence>> silent_sources(const Slice& slice) = 0;
};

/// When people are expected to work; outside it access needs an explanation.
struct BusinessHours {
    std::array<bool, 7> days = {true, true, true, true, true, false, false};  // from Monday
    std::int32_t opens_s = 9 * 3600;                                          // second of the day
    std::int32_t closes_s = 18 * 3600;
};

struct Frequency {
    std::string user;  // one of the two is empty
    std::string address;
    std::uint64_t now = 0;
    std::uint64_t before = 0;  // in the period before, of the same length
};
struct Failures {
    SignIns sums;
    bool then_succeeded = false;  // guessed at last?
};

struct Summary {
    Slice slice;
    std::uint64_t events = 0;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::vector<SignIns> sign_ins;      // by user and address, most failures first
    std::vector<SignIns> out_of_hours;  // the same, at night, at weekends, on holidays
    std::vector<SignIns> new_addresses;
    std::vector<Failures> failures;
    std::vector<Frequency> frequency;  // what changed most first
    std::vector<Volume> volumes;       // by day, then source
    std::vector<SourceSilence> silent_sources;
    bool truncated = false;  // some list was cut at rows_max
    /// Of the slice, received and not there any more though nobody may have destroyed them: set by
    /// whoever keeps the ledger.
    std::uint64_t missing_events = 0;
};

[[nodiscard]] bool within_hours(const BusinessHours& hours,
                                const calendar::BusinessDays& business_days,
                                const calendar::Zone& zone, WallNs at_ns);

/// The first refusal of `logs` ends it.
[[nodiscard]] Result<Summary> summarise(LogAggregates& logs, const Slice& slice,
                                        const BusinessHours& hours,
                                        const calendar::BusinessDays& business_days,
                                        const calendar::Zone& zone);

/// Names of fields as in openapi.yaml, ReviewDraft; times RFC 3339 in UTC.
[[nodiscard]] nlohmann::json to_json(const Summary& summary);
/// SHA-256 of the canonical JSON: binds a signature to exactly what was on the screen.
[[nodiscard]] crypto::Digest digest_of(const Summary& summary);

}  // namespace daicho::evidence::assess::review
