#pragma once
// What the handlers of retention need from the rest of the program. Answers are JSON of the schema
// of openapi.yaml that each method names; a test checks every one against it. All methods are
// thread-safe.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "access/caller.hpp"
#include "base/result.hpp"

namespace daicho::app::api {

struct DisposalRequest {
    std::string retention_class;
    std::vector<std::string> days;
    std::string reason;
};

enum class DisposalDecision { approve, reject, withdraw };
struct DisposalAnswer {
    DisposalDecision decision = DisposalDecision::reject;
    std::int64_t version = 0;  // as last read
    std::string content;       // approve: digest of what was shown
    std::string note;
};

class RetentionService {
public:
    virtual ~RetentionService() = default;
    /// Retention.
    [[nodiscard]] virtual Result<nlohmann::json> overview() = 0;
    /// RetentionClass. Errc::not_found, Errc::conflict, Errc::invalid (shorter than demanded).
    [[nodiscard]] virtual Result<nlohmann::json> set_period(const access::Caller& by,
                                                            const std::string& retention_class,
                                                            const std::string& period,
                                                            std::int64_t version) = 0;
    /// DisposalPage.
    [[nodiscard]] virtual Result<nlohmann::json> disposals(const std::string& cursor) = 0;
    /// Disposal, durable in the ledger. Errc::conflict for a day that may not be destroyed or is
    /// applied for already.
    [[nodiscard]] virtual Result<nlohmann::json> apply(const access::Caller& by,
                                                       const DisposalRequest& request) = 0;
    /// Disposal, durable in the ledger; an approved one is carried out afterwards. Errc::denied
    /// when the applicant decides, or somebody else withdraws.
    [[nodiscard]] virtual Result<nlohmann::json> decide(const access::Caller& by,
                                                        const std::string& id,
                                                        const DisposalAnswer& answer) = 0;
};

}  // namespace daicho::app::api
