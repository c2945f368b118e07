#pragma once
// What people must do and have done: home, obligations, the review of logs and its sign-off.
#include <string>
#include <vector>

#include "access/access.hpp"
#include "app/api/duties/services.hpp"
#include "app/node/services/aggregates.hpp"
#include "app/node/services/compliance.hpp"
#include "app/node/services/ledger_service.hpp"
#include "register/obligation/completion.hpp"
#include "register/obligation/occurrences.hpp"

namespace daicho::app::node {

/// Thread-safe.
class Duties final : public api::DutyService {
public:
    struct Parts {
        store::Database& database;
        ledger::Ledger& ledger;
        Pump& pump;
        access::Access& access;
        const Sources& sources;
        Compliance& compliance;
        LedgerUpkeep& upkeep;
        Aggregates& aggregates;
        const Clock& clock;
    };
    explicit Duties(Parts parts) : parts_(parts) {}

    [[nodiscard]] Result<nlohmann::json> home(const access::Caller& caller,
                                              bool sees_status) override;
    [[nodiscard]] Result<nlohmann::json> obligations(const calendar::DateRange& days) override;
    [[nodiscard]] Result<nlohmann::json> draft(const access::Caller& caller,
                                               const std::string& obligation,
                                               const api::Period& period) override;
    [[nodiscard]] Result<nlohmann::json> complete(const access::Caller& caller,
                                                  const api::SignOff& review) override;
    [[nodiscard]] Result<nlohmann::json> reviews(const std::string& cursor) override;

private:
    struct Statuses {
        register_::Schedule schedule;
        std::vector<register_::OccurrenceStatus> list;
    };
    /// The entries that a review of `period` covers in the tree of `tree_size` leaves.
    struct Covered {
        evidence::assess::review::Slice slice;
        ledger::core::TreeHead tree;
        WallNs through_ns = 0;
    };
    [[nodiscard]] Result<register_::Schedule> schedule();
    [[nodiscard]] Result<Statuses> statuses(const register_::Obligation& obligation, WallNs from_ns,
                                            WallNs to_ns);
    [[nodiscard]] Result<const register_::Obligation*> review_obligation(
        const std::string& id) const;
    [[nodiscard]] Result<Covered> covered(const std::string& obligation, const api::Period& period,
                                          std::optional<std::uint64_t> tree_size);
    [[nodiscard]] Result<evidence::assess::review::Summary> summary(
        const Covered& covered, const register_::Schedule& schedule);
    [[nodiscard]] Result<nlohmann::json> tasks(const access::Caller& caller);
    [[nodiscard]] Result<nlohmann::json> missing();
    [[nodiscard]] Result<nlohmann::json> review_view(const register_::Review& review);
    [[nodiscard]] nlohmann::json range_view(const Covered& covered) const;

    Parts parts_;
};

}  // namespace daicho::app::node
