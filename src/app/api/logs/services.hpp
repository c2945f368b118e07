#pragma once
// What the handlers of logs and ledger need from the rest of the program. Answers are JSON of the
// schema of openapi.yaml that each method names; a test checks every one against it. All methods
// are thread-safe.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "access/caller.hpp"
#include "base/result.hpp"
#include "ledger/search/query.hpp"

namespace daicho::app::api {

/// Absent members stay as they are.
struct SourceChange {
    std::optional<std::string> name;
    std::optional<std::string> kind;
    std::optional<std::string> owner_post;
    std::optional<std::optional<std::int64_t>>
        silence_minutes_max;  // inner nullopt: no expectation
    std::optional<std::vector<std::string>> flags;
    std::int64_t version = 0;
};

class SourceService {
public:
    virtual ~SourceService() = default;
    /// SourceList.
    [[nodiscard]] virtual Result<nlohmann::json> list() = 0;
    /// Source. Errc::not_found, Errc::conflict, Errc::invalid (an owner_post that does not exist).
    [[nodiscard]] virtual Result<nlohmann::json> change(const access::Caller& by,
                                                        const std::string& id,
                                                        const SourceChange& change) = 0;
};

/// Each reading of logs is recorded durably before it is answered. event() and proof() give
/// daicho's own entries to whoever has evidence.read, without a record.
class EventService {
public:
    virtual ~EventService() = default;
    /// EventPage. The terms of the query are marked in the display.
    [[nodiscard]] virtual Result<nlohmann::json> search(const access::Caller& by,
                                                        const ledger::search::Query& query) = 0;
    /// Event. Errc::not_found; Errc::denied.
    [[nodiscard]] virtual Result<nlohmann::json> event(const access::Caller& by,
                                                       std::uint64_t seq) = 0;
    /// EventProof. Errc::unavailable ("ledger.not_published_yet").
    [[nodiscard]] virtual Result<nlohmann::json> proof(const access::Caller& by,
                                                       std::uint64_t seq) = 0;
    /// LeafProof. Errc::not_found; Errc::unavailable as above.
    [[nodiscard]] virtual Result<nlohmann::json> leaf_proof(std::uint64_t leaf_index) = 0;
};

class LedgerService {
public:
    virtual ~LedgerService() = default;
    /// LedgerState.
    [[nodiscard]] virtual Result<nlohmann::json> state() = 0;
    /// ExportPage. `cursor` is empty or a next_cursor; Errc::invalid otherwise.
    [[nodiscard]] virtual Result<nlohmann::json> exports(const std::string& cursor) = 0;
    /// Job. Errc::conflict while one runs or without a target.
    [[nodiscard]] virtual Result<nlohmann::json> start_export(const access::Caller& by) = 0;
    /// ExportTarget.
    [[nodiscard]] virtual Result<nlohmann::json> export_target() = 0;
    /// ExportTarget. Errc::invalid for a directory that can't be one, Errc::conflict.
    [[nodiscard]] virtual Result<nlohmann::json> set_export_target(const access::Caller& by,
                                                                   const std::string& directory,
                                                                   std::int64_t version) = 0;
};

}  // namespace daicho::app::api
