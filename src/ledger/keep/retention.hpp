#pragma once
// Retention by destroying keys: the key-encryption key of one retention class and day goes, and
// with it every copy of these events, on whatever medium. Tiles and BATCH leaves stay: that N
// events existed and were lawfully destroyed stays provable.
#include <string>
#include <vector>

#include "ledger/ledger.hpp"

namespace daicho::ledger::keep {

/// One class and day that may be destroyed, or not yet.
struct RetentionUnit {
    std::string retention_class;
    std::string day;
    std::uint64_t events = 0;
    WallNs last_event_ns = 0;
    std::vector<std::string> files;
    bool held = false;
    bool open = false;        // events under this key are not sealed yet
    std::uint64_t bytes = 0;  // of the files
    /// Over the class, the day, and name and digest of each file: an approval is of exactly this.
    crypto::Digest content;
};

/// All units with a key, oldest day first.
[[nodiscard]] std::vector<RetentionUnit> retention_units(Ledger& ledger);
/// One of them; without files when there is nothing of that class and day.
[[nodiscard]] RetentionUnit retention_unit(Ledger& ledger, const std::string& retention_class,
                                           const std::string& day);

struct RetireOrder {
    std::string retention_class;
    std::string day;
    std::int64_t retention_ns = 0;  // how long these events must be kept, from the last of them
    std::string rule;               // id of the rule that says so
    std::string requested_by;       // ids of two different people
    std::string approved_by;
};

/// Errc::denied: too early, under a hold, or not two people; Errc::conflict: events of that day are
/// not sealed yet; Errc::not_found: no such unit. Order: RETIRE leaf published (several for more
/// files than a leaf can list; the last one's index is given), key destroyed, files removed; a
/// crash in between is finished by calling again.
[[nodiscard]] Result<std::uint64_t> retire(Ledger& ledger, const Clock& clock,
                                           const RetireOrder& order);

}  // namespace daicho::ledger::keep
