#pragma once
// Legal holds: what was received on some days must not be destroyed, whatever its period says,
// until somebody releases it (docs/decisions/0061). Each placing and each release is a version of a
// row, and so an entry of the ledger.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/node/pump.hpp"
#include "base/calendar/zone.hpp"
#include "ledger/keep/retention.hpp"
#include "store/database.hpp"
#include "store/versioned.hpp"

namespace daicho::app::node {

/// A sentence or two with a reference; as for applications to destroy.
inline constexpr std::size_t hold_reason_bytes_max = 1'000;

struct LegalHold {
    std::int64_t id = 0;
    std::int64_t version = 0;
    calendar::Date first_day{};  // local days of receipt, both included
    calendar::Date last_day{};
    std::string reason;  // stays in the state; the ledger has a salted digest
    std::string placed_by;
    WallNs placed_ns = 0;
    std::string released_by;
    WallNs released_ns = 0;  // 0: in force
    std::string release_reason;
};

/// Of every retention class. Thread-safe.
class Holds {
public:
    Holds(store::Database& database, ledger::Ledger& ledger, Pump& pump, calendar::Zone zone)
        : database_(database), ledger_(ledger), pump_(pump), zone_(std::move(zone)) {}

    [[nodiscard]] static const store::Versioned& table();
    /// In the ledger when this returns. Errc::invalid: days in the wrong order, no reason or one
    /// that is too long.
    [[nodiscard]] Result<LegalHold> place(const std::string& actor, const calendar::Date& first,
                                          const calendar::Date& last, const std::string& reason);
    /// Errc::not_found; Errc::conflict: released already.
    [[nodiscard]] Result<LegalHold> release(const std::string& actor, std::int64_t id,
                                            const std::string& reason);
    /// Released ones too, newest first.
    [[nodiscard]] Result<std::vector<LegalHold>> all();
    [[nodiscard]] Result<std::vector<LegalHold>> in_force();
    /// Does any event under this key fall, or may it, on the days of the hold?
    [[nodiscard]] bool covers(const LegalHold& hold, const ledger::keep::RetentionUnit& unit) const;
    /// Tells the keyring, so that the ledger itself refuses whatever goes wrong above it. To be
    /// called before anything is destroyed: keys come into being under holds that are older.
    [[nodiscard]] Status mark();

private:
    store::Database& database_;
    ledger::Ledger& ledger_;
    Pump& pump_;
    calendar::Zone zone_;
};

}  // namespace daicho::app::node
