#include "app/node/services/event_service.hpp"

#include <chrono>
#include <limits>
#include <tuple>

#include "app/api/reply.hpp"
#include "app/node/services/display.hpp"
#include "app/node/services/ledger_damage.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

constexpr std::size_t row_bytes_shown = 2048;
constexpr std::size_t event_bytes_shown = std::size_t{64} << 10;

const char* transport_name(ledger::Transport transport) {
    switch (transport) {
        case ledger::Transport::internal:
            return "internal";
        case ledger::Transport::tls:
            return "tls";
        case ledger::Transport::tcp:
            return "tcp";
        case ledger::Transport::udp:
            return "udp";
        case ledger::Transport::file:
            return "file";
    }
    return "internal";
}

const char* framing_name(ledger::Framing framing) {
    switch (framing) {
        case ledger::Framing::whole:
            return "none";
        case ledger::Framing::octet_counted:
            return "octet_counting";
        case ledger::Framing::line:
            return "line";
        case ledger::Framing::datagram:
            return "datagram";
    }
    return "none";
}

}  // namespace

json proof_step(const char* kind, const std::string& key, json params) {
    return {{"kind", kind},
            {"holds", true},
            {"detail", {{"text_key", key}, {"params", std::move(params)}}}};
}

Result<ledger::ReadRecord> read_record(access::Access& access, const access::Caller& by,
                                       access::Permission permission, const std::string& purpose) {
    const Result<access::Grounds> grounds = access.require_grounds(by, permission);
    if (!grounds) return fail(grounds.error());
    ledger::ReadRecord record;
    record.actor = by.actor();
    record.purpose = purpose;
    if (grounds->delegation_id) {
        record.right = "delegation";
        record.delegation = "delegation:" + std::to_string(*grounds->delegation_id);
    } else {
        record.right = "role";
        for (const access::Role role : by.roles.list()) {
            if (role == access::Role::security_officer) record.role = access::name_of(role);
        }
    }
    return record;
}

json Events::name_or_null(const std::string& source) const {
    const std::optional<std::string> name = sources_.name_of(source);
    return name ? json(*name) : json(nullptr);
}

Result<json> Events::search(const access::Caller& by, const ledger::search::Query& query) {
    Result<ledger::ReadRecord> record =
        read_record(access_, by, access::Permission::log_read, "search");
    if (!record) return fail(record.error());
    const auto started = std::chrono::steady_clock::now();
    const Result<ledger::search::Page> page = searcher_.search(query);
    if (!page) return fail(page.error());
    record->events = page->matches.size();
    std::tie(record->first_seq, record->last_seq) = page->seq_span();
    const Result<std::uint64_t> noted = ledger_.record_read(*record);
    if (!noted) return fail(noted.error());
    const auto extractor = make_extractor_();
    json events = json::array();
    for (const ledger::search::Match& match : page->matches) {
        ledger::search::Fields fields;
        extractor->extract(match.raw, match.wall_ns, fields);
        events.push_back(
            {{"seq", std::to_string(match.seq)},
             {"received_at", api::time_text(match.wall_ns)},
             {"source_id", match.source},
             {"source_name", name_or_null(match.source)},
             {"fields", fields_view(fields)},
             {"display", display_of(match.raw, query.terms, query.ignore_case, row_bytes_shown)},
             {"flags", flags_view(match.flags)}});
    }
    const auto elapsed = std::chrono::steady_clock::now() - started;
    json out{
        {"events", events},
        {"next_cursor", page->next ? json(std::to_string(*page->next)) : json(nullptr)},
        {"complete", page->segments_expired == 0},
        {"elapsed_ms", std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count()}};
    const json missing =
        missing_message(ledger_, query.seq_from.value_or(0),
                        query.seq_to.value_or(std::numeric_limits<std::uint64_t>::max()));
    if (!missing.is_null()) {
        out["complete"] = false;
        out["incomplete_reason"] = missing;
    } else if (page->segments_expired > 0) {
        out["incomplete_reason"] = {
            {"text_key", "search.destroyed"},
            {"params", {{"segments", std::to_string(page->segments_expired)}}}};
    }
    return out;
}

Result<ledger::read::FoundEvent> Events::open(const access::Caller& by, std::uint64_t seq,
                                              ledger::read::Prover& prover,
                                              const std::string& purpose) {
    Result<ledger::read::FoundEvent> found = prover.find(seq);
    // daicho's own entries are evidence, not contents of logs: who may see evidence sees them, and
    // no reading of logs is recorded.
    if (found && found->source == own_source) {
        const Result<bool> sees_evidence = access_.may(by, access::Permission::evidence_read);
        if (!sees_evidence) return fail(sees_evidence.error());
        if (*sees_evidence) return found;
    }
    // Before it is said whether there is such an event: without the right all numbers look alike.
    Result<ledger::ReadRecord> record =
        read_record(access_, by, access::Permission::log_read, purpose);
    if (!record) return fail(record.error());
    if (!found && found.error().code == Errc::not_found) {
        // A number that was given out and lies nowhere any more.
        using Fate = ledger::read::Absent::Fate;
        const Fate fate = ledger_.segments().absent().fate_of(seq);
        if (fate == Fate::destroyed)
            return refuse(Errc::expired, "ledger.key_destroyed",
                          "the event was lawfully destroyed");
        if (fate == Fate::missing)
            return refuse(Errc::tampered, ledger::search::segment_missing_key,
                          "the segment of the event is missing");
    }
    if (!found) return found;
    record->events = 1;
    record->first_seq = record->last_seq = seq;
    const Result<std::uint64_t> noted = ledger_.record_read(*record);
    if (!noted) return fail(noted.error());
    return found;
}

Result<json> Events::event(const access::Caller& by, std::uint64_t seq) {
    Result<ledger::read::Prover> prover = ledger_.prover();
    if (!prover) return fail(prover.error());
    const Result<ledger::read::FoundEvent> found = open(by, seq, *prover, "event");
    if (!found) return fail(found.error());
    const ledger::core::Envelope& envelope = found->envelope;
    ledger::search::Fields fields;
    const auto extractor = make_extractor_();
    extractor->extract(found->raw, envelope.wall_ns, fields);
    const json envelope_view{{"seq", std::to_string(envelope.seq)},
                             {"received_at", api::time_text(envelope.wall_ns)},
                             {"monotonic_ns", std::to_string(envelope.monotonic_ns)},
                             {"boot_id", to_hex(found->boot_id)},
                             {"source_id", found->source},
                             {"transport", transport_name(envelope.transport)},
                             {"framing", framing_name(envelope.framing)},
                             {"flags", flags_view(envelope.flags)},
                             {"raw_length", envelope.raw_length},
                             {"true_length", envelope.true_length},
                             {"retention_class", found->retention_class}};
    return json{{"envelope", envelope_view},
                {"source_name", name_or_null(found->source)},
                {"fields", fields_view(fields)},
                {"display", display_of(found->raw, {}, false, event_bytes_shown)},
                {"raw_base64", to_base64(found->raw)},
                {"hex", hex_lines(found->raw, event_bytes_shown)},
                {"shown_bytes", std::min(found->raw.size(), event_bytes_shown)},
                {"raw_length", found->raw.size()}};
}

Result<json> Events::proof(const access::Caller& by, std::uint64_t seq) {
    Result<ledger::read::Prover> prover = ledger_.prover();
    if (!prover) return fail(prover.error());
    const Result<ledger::read::FoundEvent> found = open(by, seq, *prover, "proof");
    if (!found) return fail(found.error());
    const Result<ledger::core::EventProof> proof = prover->prove(seq);
    if (!proof) return fail(proof.error());
    // What is shown as holding was verified from the proof itself, as a stranger would.
    const std::optional<ByteView> raw =
        proof->raw ? std::nullopt : std::optional(ByteView(found->raw));
    const Result<ledger::core::ProvenEvent> proven =
        ledger::core::verify_event_proof(*proof, raw, ledger_.log_key());
    if (!proven) return fail(proven.error());
    const Result<std::string> file = ledger::core::format_event_proof(*proof);
    if (!file) return fail(file.error());
    const std::string size = std::to_string(proven->head.size);
    json steps = json::array();
    steps.push_back(proof_step("bytes_hash_to_commitment", "proof.bytes",
                               {{"bytes", std::to_string(proven->raw.size())}}));
    steps.push_back(
        proof_step("commitment_in_batch", "proof.batch",
                   {{"first", std::to_string(proven->leaf.first_seq)},
                    {"last", std::to_string(proven->leaf.first_seq + proven->leaf.count - 1)}}));
    steps.push_back(proof_step("batch_in_tree", "proof.tree",
                               {{"leaf", std::to_string(proof->leaf_index)}, {"size", size}}));
    steps.push_back(proof_step("checkpoint_signed", "proof.checkpoint",
                               {{"size", size}, {"day", proven->signing_day}}));
    steps.push_back(
        proof_step("signing_key_certified", "proof.certificate", {{"day", proven->signing_day}}));
    return json{{"seq", std::to_string(seq)},
                {"verified", true},
                {"steps", steps},
                {"leaf_index", std::to_string(proof->leaf_index)},
                {"tree_size", size},
                {"root", proven->head.root.hex()},
                {"checkpoint", proof->checkpoint},
                {"tlog_proof", *file},
                {"file_name", "event-" + std::to_string(seq) + ".tlog-proof"}};
}

}  // namespace daicho::app::node
