#pragma once
// What a review of logs is summed up from, over the ledger's search.
#include <functional>

#include "app/node/sources.hpp"
#include "base/calendar/zone.hpp"
#include "evidence/assess/review/summary.hpp"
#include "ledger/search/searcher.hpp"

namespace daicho::app::node {

/// Thread-safe.
class Aggregates final : public evidence::assess::review::LogAggregates {
public:
    using Slice = evidence::assess::review::Slice;
    using MakeExtractor = std::function<std::unique_ptr<ledger::search::Extractor>()>;
    Aggregates(const ledger::search::Searcher& searcher, const Sources& sources,
               store::Database& database, calendar::Zone zone, MakeExtractor make_extractor)
        : searcher_(searcher),
          sources_(sources),
          database_(database),
          zone_(std::move(zone)),
          make_extractor_(std::move(make_extractor)) {}

    [[nodiscard]] Result<std::vector<evidence::assess::review::SignIns>> sign_ins(
        const Slice& slice) override;
    [[nodiscard]] Result<std::vector<evidence::assess::review::Volume>> volumes(
        const Slice& slice) override;
    [[nodiscard]] Result<std::vector<std::string>> new_addresses(const Slice& slice,
                                                                 unsigned days) override;
    [[nodiscard]] Result<std::vector<evidence::assess::review::SourceSilence>> silent_sources(
        const Slice& slice) override;

private:
    const ledger::search::Searcher& searcher_;
    const Sources& sources_;
    store::Database& database_;
    calendar::Zone zone_;
    MakeExtractor make_extractor_;
};

}  // namespace daicho::app::node
