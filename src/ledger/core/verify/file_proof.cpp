#include "ledger/core/verify/file_proof.hpp"

#include "base/calendar/timestamp.hpp"
#include "base/text.hpp"
#include "ledger/core/event_proof.hpp"
#include "ledger/core/verify/collector.hpp"

namespace daicho::ledger::core::verify {

Report verify_proof_file(std::string_view file, std::optional<ByteView> raw,
                         const std::optional<VerifierKey>& log_key) {
    Report report;
    report.subject = Subject::event;
    Collector out(report, 1);
    const Result<EventProof> proof = parse_event_proof(file);
    if (!proof) {
        out.add(Problem::proof, {}, proof.error().message);
        return report;
    }
    const Result<ProvenEvent> event = verify_event_proof(*proof, raw, log_key);
    if (!event) {
        out.add(Problem::proof, {}, event.error().message);
        return report;
    }
    Proven& proven = report.proven;
    proven.origin = event->origin.name;
    proven.log_key = event->origin.log_key.format();
    proven.log_key_trusted = log_key.has_value();
    proven.head = event->head;
    proven.signing_day = event->signing_day;
    proven.events = 1;
    report.extra = {{"seq", event->envelope.seq},
                    {"received", calendar::to_rfc3339(event->envelope.wall_ns)},
                    {"source", safe_display(event->source)},
                    {"class", event->leaf.retention_class},
                    {"authenticated", (event->envelope.flags & event_flag::unauthenticated) == 0},
                    {"bytes", event->raw.size()},
                    {"leaf", proof->leaf_index},
                    {"text", safe_display(text_of(event->raw))}};
    return report;
}

}  // namespace daicho::ledger::core::verify
