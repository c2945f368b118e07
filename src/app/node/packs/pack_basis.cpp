#include "app/node/packs/pack_basis.hpp"

#include <set>

#include "evidence/assess/status_json.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;
using Places = std::set<std::uint64_t>;

struct Found {
    Places seqs;
    Places leaves;
};

Found places_of(const std::vector<evidence::assess::Evidence>& evidence) {
    Found out;
    for (const evidence::assess::Evidence& one : evidence) {
        if (one.seq >= 0) out.seqs.insert(static_cast<std::uint64_t>(one.seq));
        if (one.leaf >= 0) out.leaves.insert(static_cast<std::uint64_t>(one.leaf));
    }
    return out;
}

}  // namespace

PackBasis pack_basis_of(const register_::Content& content, const calendar::Zone& zone,
                        const evidence::assess::Assessment& assessment,
                        const std::vector<std::string>& wanted) {
    Found all;
    json clauses = json::array();
    for (const std::string& id : wanted) {
        const evidence::assess::ClauseStatus& clause = assessment.clauses.at(id);
        Found own;
        json controls = json::array();
        for (const std::string& control : clause.controls) {
            const evidence::assess::ControlStatus& status = assessment.controls.at(control);
            controls.push_back(evidence::assess::to_json(content, zone, status));
            Found found = places_of(status.finding.evidence);
            own.seqs.merge(found.seqs);
            own.leaves.merge(found.leaves);
        }
        json evidence = json::array();
        for (const std::uint64_t seq : own.seqs) evidence.push_back({{"seq", seq}});
        for (const std::uint64_t leaf : own.leaves) evidence.push_back({{"leaf", leaf}});
        clauses.push_back({{"id", id},
                           {"status", evidence::assess::name_of(clause.state)},
                           {"evidence", evidence},
                           {"controls", controls}});
        all.seqs.merge(own.seqs);
        all.leaves.merge(own.leaves);
    }
    return {{{"clauses", clauses}, {"content_version", assessment.content_version.hex()}},
            {all.seqs.begin(), all.seqs.end()},
            {all.leaves.begin(), all.leaves.end()}};
}

}  // namespace daicho::app::node
