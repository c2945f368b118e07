#include "ledger/core/verify/pack/pack.hpp"

#include <map>
#include <set>

#include "base/text.hpp"
#include "ledger/core/event_proof.hpp"
#include "ledger/core/verify/collector.hpp"
#include "ledger/core/verify/pack/pack_form.hpp"
#include "ledger/core/verify/pack/zip.hpp"

namespace daicho::ledger::core::verify {
namespace {

/// The largest member is the raw bytes of one event.
constexpr std::uint32_t member_size_max = std::uint32_t{32} << 20;

class PackCheck {
public:
    PackCheck(const File& file, const std::optional<VerifierKey>& log_key, Collector& out)
        : log_key_(log_key), out_(out), size_(file.size()) {
        read_ = [&file](std::uint64_t offset, std::size_t size) {
            return file.read_at(offset, size);
        };
    }
    void run();

private:
    [[nodiscard]] std::optional<Bytes> content(const std::string& name);
    bool check_manifest();
    bool check_manifest_event(const Bytes& text);
    void check_members();
    bool check_checkpoint();
    void check_leaf(const std::string& name);
    void check_event(const std::string& name);
    void check_rest();
    void check_status();
    void bad(const std::string& name, std::string reason) {
        out_.add(Problem::pack_member, name, std::move(reason));
    }

    const std::optional<VerifierKey>& log_key_;
    Collector& out_;
    std::uint64_t size_;
    ZipRead read_;
    std::map<std::string, ZipMember> members_;
    Manifest manifest_;
    std::optional<ProvenEvent> binding_;  // the event that holds the manifest's digest
    std::string origin_note_;
    std::string checkpoint_;
    std::optional<VerifierKey> day_key_;
    std::set<std::uint64_t> events_;
    std::set<std::uint64_t> leaves_;
};

std::optional<Bytes> PackCheck::content(const std::string& name) {
    const auto found = members_.find(name);
    if (found == members_.end()) {
        bad(name, "it is missing");
        return std::nullopt;
    }
    if (found->second.size > member_size_max) {
        bad(name, "it is larger than any member");
        return std::nullopt;
    }
    Result<Bytes> bytes = read_member(read_, found->second);
    if (!bytes) {
        bad(name, bytes.error().message);
        return std::nullopt;
    }
    return std::move(*bytes);
}

bool PackCheck::check_manifest_event(const Bytes& text) {
    const std::optional<Bytes> file = content(member::manifest_proof);
    if (!file) return false;
    const auto refused = [&](const std::string& reason) {
        out_.add(Problem::pack_manifest, member::manifest_proof, reason);
        return false;
    };
    const Result<EventProof> proof = parse_event_proof(text_of(*file));
    if (!proof) return refused(proof.error().message);
    Result<ProvenEvent> event = verify_event_proof(*proof, std::nullopt, log_key_);
    if (!event) return refused(event.error().message);
    if (event->source != pack_event_source || event->leaf.retention_class != pack_event_class ||
        event->envelope.transport != Transport::internal) {
        return refused("the manifest was recorded by somebody else than daicho");
    }
    if (text_of(event->raw) != pack_event_text(crypto::sha256(text)))
        return refused("the ledger has recorded another manifest");
    origin_note_ = proof->origin_note;
    binding_ = std::move(*event);
    Proven& proven = out_.report().proven;
    proven.origin = binding_->origin.name;
    proven.log_key = binding_->origin.log_key.format();
    proven.log_key_trusted = log_key_.has_value();
    proven.head = binding_->head;
    proven.signing_day = binding_->signing_day;
    proven.last_leaf_ns = binding_->envelope.wall_ns;
    return true;
}

bool PackCheck::check_manifest() {
    const std::optional<Bytes> text = content(member::manifest);
    if (!text || !check_manifest_event(*text)) return false;
    Result<Manifest> manifest = parse_manifest(text_of(*text));
    if (!manifest) {
        out_.add(Problem::pack_manifest, member::manifest, manifest.error().message);
        return false;
    }
    manifest_ = std::move(*manifest);
    return true;
}

void PackCheck::check_members() {
    std::set<std::string> listed{member::manifest, member::manifest_proof, member::consistency};
    for (const PackMember& entry : manifest_.members) {
        if (!listed.insert(entry.name).second) bad(entry.name, "the manifest names it twice");
        const std::optional<Bytes> bytes = content(entry.name);
        if (!bytes) continue;
        if (bytes->size() != entry.size || crypto::sha256(*bytes) != entry.digest)
            bad(entry.name, "it is not the one that the manifest names");
        out_.report().proven.stored_bytes += bytes->size();
    }
    for (const auto& [name, place] : members_) {
        if (!listed.contains(name)) bad(name, "the manifest does not name it");
    }
}

bool PackCheck::check_checkpoint() {
    const std::optional<Bytes> origin = content(member::origin);
    const std::optional<Bytes> note = content(member::checkpoint);
    const std::optional<Bytes> certificate = content(member::certificate);
    const std::optional<Bytes> consistency = content(member::consistency);
    if (!origin || !note || !certificate || !consistency) return false;
    const auto refused = [&](const char* name, const std::string& reason) {
        bad(name, reason);
        return false;
    };
    if (text_of(*origin) != origin_note_)
        return refused(member::origin, "it is of another ledger than the manifest's proof");
    const Result<DayCertificate> parsed = parse_certificate(text_of(*certificate));
    if (!parsed) return refused(member::certificate, parsed.error().message);
    const Result<VerifierKey> key = open_certificate(*parsed, binding_->origin);
    if (!key) return refused(member::certificate, key.error().message);
    day_key_ = *key;
    const Result<OpenCheckpoint> opened =
        open_checkpoint(text_of(*note), binding_->origin.name, std::span(&*day_key_, 1));
    if (!opened) return refused(member::checkpoint, opened.error().message);
    checkpoint_ = std::string(text_of(*note));
    const Result<Proof> path = parse_consistency(text_of(*consistency));
    if (!path) return refused(member::consistency, path.error().message);
    const Status grown = verify_consistency(opened->checkpoint.head, binding_->head, *path);
    if (!grown)
        return refused(member::consistency,
                       "the ledger of the manifest is no continuation of the checkpoint");
    return true;
}

void PackCheck::check_leaf(const std::string& name) {
    const std::optional<Bytes> file = content(name);
    if (!file) return;
    const Result<TlogProof> proof = parse_tlog_proof(text_of(*file));
    if (!proof) return bad(name, proof.error().message);
    const Result<Bytes> leaf = leaf_of_extra(proof->extra);
    if (!leaf) return bad(name, leaf.error().message);
    if (name != leaf_member(proof->index)) return bad(name, "its name is not that of its leaf");
    if (proof->checkpoint != checkpoint_) return bad(name, "it is of another checkpoint");
    const Result<OpenCheckpoint> verified = verify_tlog_proof(
        *proof, crypto::hash_leaf(*leaf), binding_->origin.name, std::span(&*day_key_, 1));
    if (!verified) return bad(name, verified.error().message);
    const Result<LeafType> type = leaf_type_of(*leaf);
    const bool readable = type && (*type == LeafType::batch ? decode_batch(*leaf).has_value()
                                                            : decode_notice(*leaf).has_value());
    if (!readable) return bad(name, "a leaf that the ledger does not write");
    ++out_.report().proven.leaves[static_cast<std::size_t>(*type)];
    leaves_.insert(proof->index);
}

void PackCheck::check_event(const std::string& name) {
    const std::optional<Bytes> file = content(name);
    if (!file) return;
    const Result<EventProof> proof = parse_event_proof(text_of(*file));
    if (!proof) return bad(name, proof.error().message);
    const std::uint64_t seq = proof->envelope.seq;
    const std::string beside = event_member(seq, ".raw");
    if (name != event_member(seq, ".tlog-proof")) return bad(name, "it is named as another event");
    if (proof->checkpoint != checkpoint_ || proof->origin_note != origin_note_)
        return bad(name, "it is of another ledger or checkpoint");
    if (proof->raw.has_value() == members_.contains(beside))
        return bad(name, "its bytes must be either in it or beside it");
    const std::optional<Bytes> raw = proof->raw ? std::nullopt : content(beside);
    if (!proof->raw && !raw) return;
    const Result<ProvenEvent> event =
        verify_event_proof(*proof, raw ? std::optional<ByteView>(*raw) : std::nullopt, log_key_);
    if (!event) return bad(name, event.error().message);
    ++out_.report().proven.events;
    events_.insert(seq);
}

void PackCheck::check_rest() {
    constexpr std::string_view proof_suffix = ".tlog-proof";
    static const std::set<std::string> fixed{
        member::readme_en,      member::readme_ja,   member::checkpoint,
        member::certificate,    member::consistency, member::manifest,
        member::manifest_proof, member::origin,      member::status};
    for (const auto& [name, place] : members_) {
        if (fixed.contains(name)) continue;
        if (name.starts_with("leaves/")) {
            check_leaf(name);
        } else if (name.starts_with("events/") && name.ends_with(proof_suffix)) {
            check_event(name);
        } else if (!name.starts_with("events/") || !name.ends_with(".raw") ||
                   !members_.contains(name.substr(0, name.size() - 4) +
                                      std::string(proof_suffix))) {
            bad(name, "a member of no known kind");
        }
    }
    for (const char* name : {member::readme_en, member::readme_ja}) {
        if (!members_.contains(name)) bad(name, "it is missing");
    }
}

void PackCheck::check_status() {
    const std::optional<Bytes> text = content(member::status);
    if (!text) return;
    const Result<std::vector<ClauseStatus>> clauses = parse_status(text_of(*text));
    if (!clauses) return bad(member::status, clauses.error().message);
    nlohmann::json shown = nlohmann::json::object();
    for (const ClauseStatus& clause : *clauses) {
        std::size_t here = 0;
        for (const Evidence& evidence : clause.evidence)
            here += (evidence.is_leaf ? leaves_ : events_).count(evidence.position);
        shown[safe_display(clause.clause)] = {
            {"status", safe_display(clause.status)},
            {"evidence_proven", here},
            {"evidence_elsewhere", clause.evidence.size() - here}};
    }
    nlohmann::json& extra = out_.report().extra;
    extra["clauses"] = std::move(shown);
    extra["organisation"] = safe_display(manifest_.organisation);
    extra["period"] = manifest_.from + " / " + manifest_.to;
    extra["as_of"] = manifest_.as_of;
    extra["made_at"] = manifest_.made_at;
    extra["software"] = safe_display(manifest_.software);
    extra["recorded_as_event"] = binding_->envelope.seq;
    extra["members"] = members_.size();
}

void PackCheck::run() {
    Result<std::vector<ZipMember>> members = read_zip(read_, size_);
    if (!members) return out_.add(Problem::pack_form, {}, members.error().message);
    for (ZipMember& one : *members) {
        std::string name = one.name;
        members_.emplace(std::move(name), std::move(one));
    }
    if (!check_manifest()) return;
    check_members();
    if (out_.report().findings_total > 0 || !check_checkpoint()) return;
    check_rest();
    check_status();
}

}  // namespace

Report verify_pack(const File& file, const std::optional<VerifierKey>& log_key,
                   std::size_t findings_max) {
    Report report;
    report.subject = Subject::pack;
    Collector out(report, findings_max);
    PackCheck(file, log_key, out).run();
    return report;
}

}  // namespace daicho::ledger::core::verify
