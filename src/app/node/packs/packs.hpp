#pragma once
// Evidence packs for outsiders: made as a job, kept for a while, downloaded by whoever asked for
// them.
#include <string>

#include "app/api/duties/services.hpp"
#include "app/node/jobs.hpp"
#include "app/node/pump.hpp"
#include "app/node/services/compliance.hpp"
#include "ledger/ledger.hpp"

namespace daicho::app::node {

/// A pack that nobody fetched in this time is removed: it is a copy of evidence outside the
/// ledger's keys.
inline constexpr std::int64_t pack_kept_ns = 7 * day_ns;

/// Thread-safe.
class Packs final : public api::PackService {
public:
    Packs(store::Database& database, ledger::Ledger& ledger, Pump& pump, Compliance& compliance,
          Jobs& jobs, const Clock& clock, const std::string& data_directory);

    [[nodiscard]] Result<nlohmann::json> list(const access::Caller& caller) override;
    [[nodiscard]] Result<nlohmann::json> create(const access::Caller& caller,
                                                const api::PackRequest& request) override;
    [[nodiscard]] Result<api::PackFile> open(const access::Caller& caller,
                                             const std::string& id) override;

    /// Writes the pack to `path`; for the command line too. Errc::not_found for an unknown clause.
    [[nodiscard]] Status write(const api::PackRequest& request, const std::string& path,
                               Progress& progress);
    /// Knows again what earlier runs made; removes what no row speaks of (a stop while writing).
    /// Before anything is asked.
    [[nodiscard]] Status load();
    /// Removes packs that are too old. Throws IoFault.
    void sweep();

private:
    struct Kept {
        std::string id;
        std::string owner;
        api::PackRequest request;
        WallNs created_ns = 0;
        std::uint64_t bytes = 0;
        crypto::Digest digest;
    };
    [[nodiscard]] nlohmann::json view(const Kept& pack) const;
    [[nodiscard]] std::string path_of(const std::string& id) const {
        return directory_ + "/" + id + ".zip";
    }
    [[nodiscard]] Status keep(const Kept& pack);
    [[nodiscard]] Status check_clauses(const std::vector<std::string>& clauses) const;

    store::Database& database_;
    ledger::Ledger& ledger_;
    Pump& pump_;
    Compliance& compliance_;
    Jobs& jobs_;
    const Clock& clock_;
    std::string directory_;
    Mutex mutex_;
    std::map<std::string, Kept> kept_ DAICHO_GUARDED_BY(mutex_);
    std::uint64_t next_ DAICHO_GUARDED_BY(mutex_) = 1;
};

}  // namespace daicho::app::node
