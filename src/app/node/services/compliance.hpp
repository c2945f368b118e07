#pragma once
// 遵守状況: the assessment as the screen shows it. Computed at every question from content and
// facts; nothing is stored.
#include <string>

#include "app/api/duties/services.hpp"
#include "app/node/sources.hpp"
#include "evidence/assess/assess.hpp"
#include "register/content/content.hpp"
#include "store/database.hpp"

namespace daicho::app::node {

/// Thread-safe.
class Compliance final : public api::ComplianceService {
public:
    /// `sources` gives the names that people know sources by.
    Compliance(store::Database& database, const register_::Content& content, const Sources& sources)
        : database_(database), content_(content), sources_(sources) {}

    [[nodiscard]] Result<nlohmann::json> overview(WallNs as_of_ns) override;
    [[nodiscard]] Result<nlohmann::json> clause(const std::string& id, WallNs as_of_ns) override;

    [[nodiscard]] Result<evidence::assess::Assessment> assess(WallNs as_of_ns);
    /// What `daicho status --json` prints: see evidence/assess/status_json.hpp.
    [[nodiscard]] Result<nlohmann::json> status(WallNs as_of_ns);
    /// ClauseCounts of openapi.yaml.
    [[nodiscard]] static nlohmann::json counts_view(const evidence::assess::Assessment& assessment);
    /// Action of openapi.yaml.
    [[nodiscard]] Result<nlohmann::json> action_view(const evidence::assess::Action& action);
    [[nodiscard]] const register_::Content& content() const noexcept { return content_; }
    /// Display names of the people who hold a post now.
    [[nodiscard]] Result<std::vector<std::string>> holders(const std::string& post);
    [[nodiscard]] Result<calendar::Zone> zone();

private:
    [[nodiscard]] nlohmann::json message_view(evidence::assess::Sentence sentence) const;
    [[nodiscard]] Result<nlohmann::json> control_view(
        const evidence::assess::ControlStatus& status);
    store::Database& database_;
    const register_::Content& content_;
    const Sources& sources_;
};

[[nodiscard]] nlohmann::json text_view(const register_::Bilingual& text);

}  // namespace daicho::app::node
