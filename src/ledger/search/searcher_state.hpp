#pragma once
// What the parts of a Searcher share.
#include "ledger/search/searcher.hpp"
#include "ledger/search/store.hpp"

namespace daicho::ledger::search {

struct Searcher::State {
    State(const Catalog& catalog, MakeExtractor make, std::size_t cache_bytes)
        : make_extractor(std::move(make)), store(catalog, cache_bytes) {}
    MakeExtractor make_extractor;
    Store store;
};

}  // namespace daicho::ledger::search
