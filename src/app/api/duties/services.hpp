#pragma once
// What the handlers of duties, compliance and packs need from the rest of the program. Answers are
// JSON of the schema of openapi.yaml that each method names; a test checks every one against it.
// All methods are thread-safe.
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "access/caller.hpp"
#include "app/http/message.hpp"
#include "base/calendar/date.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace daicho::app::api {

struct Period {
    WallNs from_ns = 0;
    WallNs to_ns = 0;  // exclusive
};

struct Finding {
    std::string text;
    std::vector<std::uint64_t> seqs;
};

struct SignOff {
    std::string obligation;
    Period period;
    std::uint64_t tree_size = 0;  // of the draft
    std::string digest;           // of the draft, hexadecimal
    std::string comment;
    std::vector<Finding> findings;       // empty: nothing was found
    std::vector<std::string> checklist;  // ids of the items answered
};

class DutyService {
public:
    virtual ~DutyService() = default;
    /// Home. `sees_status`: the caller has status.read.
    [[nodiscard]] virtual Result<nlohmann::json> home(const access::Caller& caller,
                                                      bool sees_status) = 0;
    /// ObligationList. Both days included.
    [[nodiscard]] virtual Result<nlohmann::json> obligations(const calendar::DateRange& days) = 0;
    /// ReviewDraft. Records the reading. Errc::not_found for an obligation that is no review.
    [[nodiscard]] virtual Result<nlohmann::json> draft(const access::Caller& caller,
                                                       const std::string& obligation,
                                                       const Period& period) = 0;
    /// Review, durable in the ledger. Errc::conflict ("review.summary_changed").
    [[nodiscard]] virtual Result<nlohmann::json> complete(const access::Caller& caller,
                                                          const SignOff& review) = 0;
    /// ReviewPage.
    [[nodiscard]] virtual Result<nlohmann::json> reviews(const std::string& cursor) = 0;
};

class ComplianceService {
public:
    virtual ~ComplianceService() = default;
    /// Compliance.
    [[nodiscard]] virtual Result<nlohmann::json> overview(WallNs as_of_ns) = 0;
    /// ClauseDetail. Errc::not_found.
    [[nodiscard]] virtual Result<nlohmann::json> clause(const std::string& id, WallNs as_of_ns) = 0;
};

struct PackRequest {
    std::vector<std::string> clauses;
    calendar::DateRange days;
};
struct PackFile {
    std::string file_name;  // plain ASCII
    std::uint64_t size = 0;
    std::unique_ptr<http::BodySource> source;
};

class PackService {
public:
    virtual ~PackService() = default;
    /// PackList: the caller's own.
    [[nodiscard]] virtual Result<nlohmann::json> list(const access::Caller& caller) = 0;
    /// Job. Errc::not_found for a clause that does not exist.
    [[nodiscard]] virtual Result<nlohmann::json> create(const access::Caller& caller,
                                                        const PackRequest& request) = 0;
    /// Errc::not_found unless it is the caller's own; Errc::expired once it was removed.
    [[nodiscard]] virtual Result<PackFile> open(const access::Caller& caller,
                                                const std::string& id) = 0;
};

class JobService {
public:
    virtual ~JobService() = default;
    /// Job. Errc::not_found unless it is the caller's own.
    [[nodiscard]] virtual Result<nlohmann::json> one(const access::Caller& caller,
                                                     const std::string& id) = 0;
    /// Also fine when it is finished. Errc::not_found as above.
    [[nodiscard]] virtual Status cancel(const access::Caller& caller, const std::string& id) = 0;
};

}  // namespace daicho::app::api
