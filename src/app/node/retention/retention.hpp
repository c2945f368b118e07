#pragma once
// Retention as people see it: what is past its period, the application of one person, the decision
// of another, and the destruction of keys that follows.
#include <string>

#include "app/api/retention/services.hpp"
#include "app/node/jobs.hpp"
#include "app/node/pump.hpp"
#include "app/node/retention/disposal.hpp"
#include "app/node/retention/hold.hpp"
#include "app/node/retention/rules.hpp"
#include "ledger/keep/retention.hpp"

namespace daicho::app::node {

/// Days listed per class; the rest becomes visible when these are gone.
inline constexpr std::size_t retention_days_listed = 400;

/// Thread-safe.
class Retention final : public api::RetentionService {
public:
    struct Parts {
        store::Database& database;
        const register_::Content& content;
        ledger::Ledger& ledger;
        Pump& pump;
        Jobs& jobs;
        const Clock& clock;
        Log& log;
    };
    Retention(Parts parts, calendar::Zone zone)
        : parts_(parts),
          zone_(std::move(zone)),
          rules_(parts.database, parts.content),
          holds_(parts.database, parts.ledger, parts.pump, zone_) {}

    [[nodiscard]] Result<nlohmann::json> overview() override;
    [[nodiscard]] Result<nlohmann::json> set_period(const access::Caller& by,
                                                    const std::string& retention_class,
                                                    const std::string& period,
                                                    std::int64_t version) override;
    [[nodiscard]] Result<nlohmann::json> disposals(const std::string& cursor) override;
    [[nodiscard]] Result<nlohmann::json> apply(const access::Caller& by,
                                               const api::DisposalRequest& request) override;
    [[nodiscard]] Result<nlohmann::json> decide(const access::Caller& by, const std::string& id,
                                                const api::DisposalAnswer& answer) override;

    [[nodiscard]] RetentionRules& rules() noexcept { return rules_; }
    [[nodiscard]] Holds& holds() noexcept { return holds_; }
    /// Starts what is approved and not finished, if a stop came in between. Cheap when there is
    /// nothing.
    void resume();
    /// Carries out all that is approved, on the caller's thread. Errc::unavailable: cancelled, or
    /// the ledger takes nothing; what is left is done next time.
    [[nodiscard]] Status carry_out(Progress& progress);

private:
    struct Judged {
        RetentionRule rule;
        ledger::keep::RetentionUnit unit;
        WallNs kept_until_ns = 0;
    };
    /// "ready", or why not: "kept", "held", "not_sealed".
    [[nodiscard]] const char* state_of(const Judged& judged) const;
    [[nodiscard]] nlohmann::json class_view(const RetentionRule& rule,
                                            const std::vector<ledger::keep::RetentionUnit>& units,
                                            const std::vector<Disposal>& open,
                                            const std::vector<LegalHold>& holds) const;
    [[nodiscard]] Result<nlohmann::json> view(const Disposal& disposal);
    [[nodiscard]] Judged judge(const RetentionRule& rule, const std::string& day,
                               const std::vector<LegalHold>& holds);
    /// Errc::conflict with the first day that may not be destroyed now, or what is doubtful about
    /// the clock.
    [[nodiscard]] Result<std::vector<DisposalDay>> ready_days(const RetentionRule& rule,
                                                              std::vector<std::string> days);
    [[nodiscard]] Status judge_decision(const access::Caller& by, const Disposal& disposal,
                                        const api::DisposalAnswer& answer);
    [[nodiscard]] Status carry_out(const Disposal& disposal, Progress& progress);
    [[nodiscard]] Result<DisposalDay> destroy(const Disposal& disposal, DisposalDay day);
    [[nodiscard]] Result<std::optional<std::uint64_t>> leaf_of(const std::string& retention_class,
                                                               const std::string& day);

    Parts parts_;
    calendar::Zone zone_;
    RetentionRules rules_;
    Holds holds_;
};

}  // namespace daicho::app::node
