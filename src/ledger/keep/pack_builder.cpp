#include "ledger/keep/pack_builder.hpp"

#include <algorithm>

#include "base/calendar/date.hpp"
#include "base/calendar/timestamp.hpp"
#include "base/data/json.hpp"
#include "ledger/core/verify/pack/pack_form.hpp"
#include "ledger/core/verify/pack/zip.hpp"

namespace daicho::ledger::keep {
namespace {

using namespace core::verify;

std::vector<std::uint64_t> in_order(std::vector<std::uint64_t> numbers) {
    std::ranges::sort(numbers);
    const auto rest = std::ranges::unique(numbers);
    numbers.erase(rest.begin(), rest.end());
    return numbers;
}

class Builder {
public:
    Builder(Ledger& ledger, const Clock& clock, const PackRequest& request, const PackSink& sink,
            Progress* progress)
        : ledger_(ledger),
          clock_(clock),
          request_(request),
          zip_(sink),
          progress_(progress),
          seqs_(in_order(request.seqs)),
          leaves_(in_order(request.leaves)) {}

    Result<PackReceipt> run();

private:
    Status prepare();
    Status add(const std::string& name, ByteView content);
    Status add(const std::string& name, std::string_view content) {
        return add(name, view_of(content));
    }
    Status add_event(std::uint64_t seq);
    Status add_leaf(std::uint64_t index);
    Status add_first_members();
    Result<std::uint64_t> record(const crypto::Digest& manifest);
    void list(const std::string& name, ByteView content) {
        manifest_.members.push_back({name, content.size(), crypto::sha256(content)});
    }

    Ledger& ledger_;
    const Clock& clock_;
    const PackRequest& request_;
    ZipWriter zip_;
    Progress* progress_;
    std::vector<std::uint64_t> seqs_;
    std::vector<std::uint64_t> leaves_;
    std::string status_;
    Manifest manifest_;
    std::optional<read::Prover> prover_;  // of the checkpoint in the pack
};

Status Builder::prepare() {
    if (!calendar::parse_date(request_.from) || !calendar::parse_date(request_.to) ||
        request_.from > request_.to) {
        return fail(Errc::invalid, "a pack needs a period");
    }
    status_ = data::canonical_json(request_.status);
    const auto read_back = parse_status(status_);
    if (!read_back) return fail(Errc::invalid, read_back.error().message);
    manifest_ = {request_.organisation,
                 request_.software,
                 request_.from,
                 request_.to,
                 calendar::to_rfc3339(request_.as_of_ns),
                 calendar::to_rfc3339(clock_.wall_ns()),
                 request_.clauses,
                 {}};
    const std::uint64_t size = ledger_.figures().tree_size;
    if (size == 0) return fail(Errc::unavailable, "the ledger is empty");
    const Status published = ledger_.wait_published(size - 1);
    if (!published) return published;
    Result<read::Prover> prover = ledger_.prover();
    if (!prover) return fail(prover.error());
    prover_ = std::move(*prover);
    if (progress_ != nullptr) progress_->total = seqs_.size() + leaves_.size();
    return {};
}

Status Builder::add(const std::string& name, ByteView content) {
    if (progress_ != nullptr && progress_->cancel)
        return refuse(Errc::unavailable, "pack.cancelled", "the pack was cancelled");
    if (!name.starts_with("manifest.")) list(name, content);
    return zip_.add(name, content);
}

Status Builder::add_event(std::uint64_t seq) {
    const Result<core::EventProof> proof = prover_->prove(seq);
    if (!proof) return fail(proof.error());
    std::optional<Bytes> beside;
    if (!proof->raw) {
        Result<read::FoundEvent> found = prover_->find(seq);
        if (!found) return fail(found.error());
        beside = std::move(found->raw);
    }
    const Result<std::string> file = core::format_event_proof(*proof);
    if (!file) return fail(file.error());
    if (beside) {
        const Status added = add(event_member(seq, ".raw"), *beside);
        if (!added) return added;
    }
    return add(event_member(seq, ".tlog-proof"), *file);
}

Status Builder::add_leaf(std::uint64_t index) {
    const Result<Bytes> leaf = prover_->leaf(index);
    if (!leaf) return fail(leaf.error());
    Result<core::Proof> path = prover_->prove_leaf(index);
    if (!path) return fail(path.error());
    const Result<std::string> file = core::format_tlog_proof(
        {leaf_extra(*leaf), index, std::move(*path), prover_->checkpoint()});
    if (!file) return fail(file.error());
    return add(leaf_member(index), *file);
}

Status Builder::add_first_members() {
    const Result<core::DayCertificate> certificate = prover_->certificate();
    if (!certificate) return fail(certificate.error());
    for (const auto& [name, content] : std::initializer_list<std::pair<const char*, std::string>>{
             {member::readme_en, std::string(readme(false))},
             {member::readme_ja, std::string(readme(true))},
             {member::checkpoint, prover_->checkpoint()},
             {member::certificate, format_certificate(*certificate)}}) {
        const Status added = add(name, content);
        if (!added) return added;
    }
    return {};
}

Result<std::uint64_t> Builder::record(const crypto::Digest& manifest) {
    Chunk chunk;
    chunk.source = std::string(pack_event_source);
    chunk.retention_class = std::string(pack_event_class);
    chunk.data = to_bytes(pack_event_text(manifest));
    const auto length = static_cast<std::uint32_t>(chunk.data.size());
    chunk.items.push_back({0, length, 0, length});
    const Result<Ticket> ticket = ledger_.submit(chunk);
    if (!ticket) return fail(ticket.error());
    const Result<Receipt> receipt = ledger_.wait_durable(*ticket);
    if (!receipt) return fail(receipt.error());
    // The leaf is the newest at that moment or before it, so waiting for the whole tree covers it.
    const Status published = ledger_.wait_published(ledger_.figures().tree_size - 1);
    if (!published) return fail(published.error());
    return receipt->first_seq;
}

Result<PackReceipt> Builder::run() {
    Status done = prepare();
    if (done) done = add_first_members();
    for (std::size_t i = 0; done && i < seqs_.size(); ++i) {
        done = add_event(seqs_[i]);
        if (progress_ != nullptr) ++progress_->done;
    }
    for (std::size_t i = 0; done && i < leaves_.size(); ++i) {
        done = add_leaf(leaves_[i]);
        if (progress_ != nullptr) ++progress_->done;
    }
    if (!done) return fail(done.error());
    list(member::origin, view_of(prover_->origin_note()));
    list(member::status, view_of(status_));
    const std::string manifest = format_manifest(manifest_);
    PackReceipt receipt;
    receipt.manifest = crypto::sha256(view_of(manifest));
    const Result<std::uint64_t> seq = record(receipt.manifest);
    if (!seq) return fail(seq.error());
    receipt.seq = *seq;
    Result<read::Prover> now = ledger_.prover();
    if (!now) return fail(now.error());
    const Result<core::EventProof> proof = now->prove(*seq);
    if (!proof) return fail(proof.error());
    const Result<std::string> binding = core::format_event_proof(*proof);
    if (!binding) return fail(binding.error());
    const Result<core::Proof> grown = now->prove_consistency(prover_->head().size);
    if (!grown) return fail(grown.error());
    done = add(member::consistency, format_consistency(*grown));
    if (done) done = add(member::manifest, manifest);
    if (done) done = add(member::manifest_proof, *binding);
    // Listed in the manifest above, so past the listing of add().
    if (done) done = zip_.add(member::origin, view_of(prover_->origin_note()));
    if (done) done = zip_.add(member::status, view_of(status_));
    if (done) done = zip_.finish();
    if (!done) return fail(done.error());
    receipt.bytes = zip_.bytes();
    return receipt;
}

}  // namespace

Result<PackReceipt> build_pack(Ledger& ledger, const Clock& clock, const PackRequest& request,
                               const PackSink& sink, Progress* progress) {
    return Builder(ledger, clock, request, sink, progress).run();
}

}  // namespace daicho::ledger::keep
