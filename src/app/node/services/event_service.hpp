#pragma once
// Searching and reading events. Every reading of logs is a READ leaf in the ledger before anything
// is shown; daicho's own entries and the leaves of the tree are evidence, and open to who sees
// that.
#include <functional>
#include <memory>

#include "access/access.hpp"
#include "app/api/logs/services.hpp"
#include "app/node/sources.hpp"
#include "ledger/ledger.hpp"
#include "ledger/search/searcher.hpp"

namespace daicho::app::node {

/// `role` and `delegation` of a reading, as the access check finds them now.
[[nodiscard]] Result<ledger::ReadRecord> read_record(access::Access& access,
                                                     const access::Caller& by,
                                                     access::Permission permission,
                                                     const std::string& purpose);

/// ProofStep of openapi.yaml, one that holds.
[[nodiscard]] nlohmann::json proof_step(const char* kind, const std::string& key,
                                        nlohmann::json params);

/// The source of daicho's own entries; no sender can have this name.
inline constexpr std::string_view own_source = "daicho";

/// Thread-safe.
class Events final : public api::EventService {
public:
    using MakeExtractor = std::function<std::unique_ptr<ledger::search::Extractor>()>;
    Events(ledger::Ledger& ledger, const ledger::search::Searcher& searcher, access::Access& access,
           const Sources& sources, MakeExtractor make_extractor)
        : ledger_(ledger),
          searcher_(searcher),
          access_(access),
          sources_(sources),
          make_extractor_(std::move(make_extractor)) {}

    [[nodiscard]] Result<nlohmann::json> search(const access::Caller& by,
                                                const ledger::search::Query& query) override;
    [[nodiscard]] Result<nlohmann::json> event(const access::Caller& by,
                                               std::uint64_t seq) override;
    [[nodiscard]] Result<nlohmann::json> proof(const access::Caller& by,
                                               std::uint64_t seq) override;
    [[nodiscard]] Result<nlohmann::json> leaf_proof(std::uint64_t leaf_index) override;

private:
    /// The event, once it is clear that the caller may see it and the reading is recorded.
    [[nodiscard]] Result<ledger::read::FoundEvent> open(const access::Caller& by, std::uint64_t seq,
                                                        ledger::read::Prover& prover,
                                                        const std::string& purpose);
    [[nodiscard]] nlohmann::json name_or_null(const std::string& source) const;
    ledger::Ledger& ledger_;
    const ledger::search::Searcher& searcher_;
    access::Access& access_;
    const Sources& sources_;
    MakeExtractor make_extractor_;
};

}  // namespace daicho::app::node
