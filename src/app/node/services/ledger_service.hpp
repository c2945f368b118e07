#pragma once
// The ledger's state and its write-once copies, for the screen and for the scheduler.
#include <optional>
#include <string>

#include "app/api/logs/services.hpp"
#include "app/node/jobs.hpp"
#include "app/node/pump.hpp"
#include "ledger/keep/exporter.hpp"
#include "store/database.hpp"

namespace daicho::app::node {

/// 003-01-4.5-9a gives 24 hours; the first two marks leave time to act.
inline constexpr std::int64_t export_warning_ns = 12 * hour_ns;
inline constexpr std::int64_t export_critical_ns = 20 * hour_ns;
inline constexpr std::int64_t export_breach_ns = 24 * hour_ns;

struct ExportSetting {
    std::int64_t version = 0;
    std::string directory;           // empty: none is set
    bool allow_same_volume = false;  // set by the command line only, for trying out
};

/// What lies in the ledger and on no write-once medium yet.
struct Backlog {
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::optional<WallNs> oldest_ns;
};

/// Growth is measured over this much history at most: what was a month ago says little.
inline constexpr std::int64_t growth_window_ns = 7 * day_ns;
/// Nothing is foretold from less.
inline constexpr std::int64_t growth_window_ns_min = hour_ns;

/// Whole days until only the reserve is left, when `grown_bytes` came in `over_ns`; nullopt when
/// too little is known or nothing grows.
[[nodiscard]] std::optional<std::int64_t> days_left(std::uint64_t free_bytes,
                                                    std::uint64_t reserved_bytes,
                                                    std::uint64_t grown_bytes,
                                                    std::int64_t over_ns) noexcept;

/// Thread-safe.
class LedgerUpkeep final : public api::LedgerService {
public:
    LedgerUpkeep(store::Database& database, ledger::Ledger& ledger, Pump& pump, Jobs& jobs,
                 const Clock& clock)
        : database_(database), ledger_(ledger), pump_(pump), jobs_(jobs), clock_(clock) {}

    [[nodiscard]] Result<nlohmann::json> state() override;
    [[nodiscard]] Result<nlohmann::json> exports(const std::string& cursor) override;
    [[nodiscard]] Result<nlohmann::json> start_export(const access::Caller& by) override;
    [[nodiscard]] Result<nlohmann::json> export_target() override;
    [[nodiscard]] Result<nlohmann::json> set_export_target(const access::Caller& by,
                                                           const std::string& directory,
                                                           std::int64_t version) override;

    [[nodiscard]] Result<ExportSetting> export_setting();
    [[nodiscard]] Status store_export_setting(const std::string& actor,
                                              const ExportSetting& setting);
    /// Copies now, on the caller's thread: the scheduler and the command line. To `once` instead of
    /// the directory that is set.
    [[nodiscard]] Result<ledger::keep::ExportReport> export_now(
        Progress* progress, const std::optional<ledger::keep::ExportTarget>& once = std::nullopt);
    [[nodiscard]] Result<Backlog> backlog();
    /// Alarm objects of openapi.yaml.
    [[nodiscard]] Result<nlohmann::json> alarms();
    [[nodiscard]] Status measure_capacity();
    [[nodiscard]] Status measure_backlog();

private:
    [[nodiscard]] nlohmann::json capacity_view(const ledger::write::CommitFigures& figures);
    [[nodiscard]] Result<nlohmann::json> target_view(const ExportSetting& setting);
    [[nodiscard]] std::uint64_t stored_bytes(const ledger::read::SealedFile& sealed) const;

    store::Database& database_;
    ledger::Ledger& ledger_;
    Pump& pump_;
    Jobs& jobs_;
    const Clock& clock_;
};

}  // namespace daicho::app::node
