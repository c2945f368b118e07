// What the ledger says of itself (an export was read back, nothing came, a key was destroyed) has
// no sequence number: it is proven as a leaf of the tree.
#include "app/api/reply.hpp"
#include "app/node/services/event_service.hpp"
#include "base/data/json.hpp"
#include "ledger/core/verify/pack/pack_form.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;
namespace core = ledger::core;

struct Shown {
    std::string type;
    WallNs wall_ns = 0;
    json facts;
};

/// Numbers of a leaf may pass 2^53, where readers of JSON begin to round.
json with_numbers_as_text(const json& value) {
    if (value.is_number()) return value.dump();
    if (!value.is_structured()) return value;
    json out = value;
    for (json& element : out) element = with_numbers_as_text(element);
    return out;
}

Result<Shown> shown_of(ByteView bytes) {
    const Result<core::LeafType> type = core::leaf_type_of(bytes);
    if (!type) return fail(type.error());
    if (*type != core::LeafType::batch) {
        const Result<core::NoticeLeaf> leaf = core::decode_notice(bytes);
        if (!leaf) return fail(leaf.error());
        Result<json> facts = data::parse_json(leaf->json);
        if (!facts) return fail(facts.error());
        return Shown{std::string(core::name_of(*type)), leaf->wall_ns, std::move(*facts)};
    }
    const Result<core::BatchLeaf> leaf = core::decode_batch(bytes);
    if (!leaf) return fail(leaf.error());
    json sources = json::array();
    for (const core::BatchSource& one : leaf->sources)
        sources.push_back({{"bytes", one.bytes}, {"events", one.events}, {"source", one.id}});
    return Shown{std::string(core::name_of(*type)),
                 leaf->wall_last_ns,
                 {{"class", leaf->retention_class},
                  {"event_root", leaf->event_root.hex()},
                  {"events", leaf->count},
                  {"first_seq", leaf->first_seq},
                  {"last_seq", leaf->first_seq + leaf->count - 1},
                  {"previous", leaf->previous.hex()},
                  {"sources", sources}}};
}

/// As a stranger would: from the proof alone, with the log key that is known.
Result<core::OpenCheckpoint> verified(const core::TlogProof& proof, ByteView leaf,
                                      const std::string& origin_note,
                                      const core::DayCertificate& certificate,
                                      const core::VerifierKey& log_key) {
    const Result<core::Origin> origin = core::open_origin(origin_note);
    if (!origin) return fail(origin.error());
    if (origin->log_key != log_key)
        return fail(Errc::tampered, "the origin note names another log key");
    const Result<core::VerifierKey> day_key = core::open_certificate(certificate, *origin);
    if (!day_key) return fail(day_key.error());
    const std::array<core::VerifierKey, 1> keys{*day_key};
    return core::verify_tlog_proof(proof, crypto::hash_leaf(leaf), origin->name, keys);
}

}  // namespace

Result<json> Events::leaf_proof(std::uint64_t leaf_index) {
    Result<ledger::read::Prover> prover = ledger_.prover();
    if (!prover) return fail(prover.error());
    if (leaf_index >= prover->head().size) {
        if (leaf_index >= ledger_.figures().tree_size)
            return fail(Errc::not_found, "there is no such leaf");
        return refuse(Errc::unavailable, "ledger.not_published_yet",
                      "the newest checkpoint does not cover this leaf yet");
    }
    const Result<Bytes> leaf = prover->leaf(leaf_index);
    if (!leaf) return fail(leaf.error());
    const Result<Shown> shown = shown_of(*leaf);
    if (!shown) return fail(shown.error());
    Result<core::Proof> path = prover->prove_leaf(leaf_index);
    if (!path) return fail(path.error());
    const core::TlogProof proof{core::verify::leaf_extra(*leaf), leaf_index, std::move(*path),
                                prover->checkpoint()};
    const Result<core::DayCertificate> certificate = prover->certificate();
    if (!certificate) return fail(certificate.error());
    const auto opened =
        verified(proof, *leaf, prover->origin_note(), *certificate, ledger_.log_key());
    if (!opened) return fail(opened.error());
    const Result<std::string> file = core::format_tlog_proof(proof);
    if (!file) return fail(file.error());
    const core::TreeHead& head = opened->checkpoint.head;
    const std::string size = std::to_string(head.size);
    json steps = json::array();
    steps.push_back(proof_step("leaf_in_tree", "proof.tree",
                               {{"leaf", std::to_string(leaf_index)}, {"size", size}}));
    steps.push_back(proof_step("checkpoint_signed", "proof.checkpoint",
                               {{"size", size}, {"day", certificate->day}}));
    steps.push_back(
        proof_step("signing_key_certified", "proof.certificate", {{"day", certificate->day}}));
    return json{{"leaf_index", std::to_string(leaf_index)},
                {"type", shown->type},
                {"recorded_at", api::time_text(shown->wall_ns)},
                {"facts", with_numbers_as_text(shown->facts)},
                {"verified", true},
                {"steps", steps},
                {"tree_size", size},
                {"root", head.root.hex()},
                {"checkpoint", proof.checkpoint},
                {"tlog_proof", *file},
                {"file_name", "leaf-" + std::to_string(leaf_index) + ".tlog-proof"}};
}

}  // namespace daicho::app::node
