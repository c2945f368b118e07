#pragma once
// What a pack says of each clause, and the places in the ledger that its proofs must cover.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/calendar/zone.hpp"
#include "evidence/assess/assess.hpp"

namespace daicho::app::node {

struct PackBasis {
    nlohmann::json status;              // status.json of the pack (docs/formats/pack.md)
    std::vector<std::uint64_t> seqs;    // of all clauses together, each once, rising
    std::vector<std::uint64_t> leaves;  // likewise
};

/// Every clause names all of its own evidence, whatever other clauses rest on. `wanted` are clauses
/// of the content.
[[nodiscard]] PackBasis pack_basis_of(const register_::Content& content, const calendar::Zone& zone,
                                      const evidence::assess::Assessment& assessment,
                                      const std::vector<std::string>& wanted);

}  // namespace daicho::app::node
