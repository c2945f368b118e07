#include "ledger/core/event_proof.hpp"

#include <algorithm>
#include <array>

namespace daicho::ledger::core {
namespace {

constexpr std::string_view extra_magic = "DEVP0001";

Bytes encode_extra(const EventProof& proof) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.raw(view_of(extra_magic));
    out.text16(proof.origin_note);
    out.text16(proof.certificate.day);
    out.text16(proof.certificate.vkey);
    out.raw(proof.certificate.signature);
    out.u16(static_cast<std::uint16_t>(proof.batch_leaf.size()));
    out.raw(proof.batch_leaf);
    out.raw(encode(proof.envelope));
    out.raw(proof.salt);
    out.u8(static_cast<std::uint8_t>(proof.inner.size()));
    for (const crypto::Digest& hash : proof.inner) out.raw(hash.view());
    out.u8(proof.raw ? 1 : 0);
    if (proof.raw) out.raw(*proof.raw);
    return bytes;
}

Bytes bytes16(ByteReader& in) {
    const ByteView part = in.raw(in.u16());
    return {part.begin(), part.end()};
}

Status step(bool holds, std::string what) {
    if (holds) return {};
    return fail(Errc::tampered, std::move(what));
}

}  // namespace

Result<std::string> format_event_proof(const EventProof& proof) {
    if (proof.origin_note.size() > leaf_size_max || proof.certificate.day.size() > leaf_size_max ||
        proof.certificate.vkey.size() > leaf_size_max ||
        proof.certificate.signature.size() != crypto::Signature::size ||
        proof.batch_leaf.size() > leaf_size_max || proof.inner.size() > proof_length_max ||
        (proof.raw && proof.raw->size() > embedded_raw_max)) {
        return fail(Errc::too_large, "a part of the proof is too large");
    }
    return format_tlog_proof(
        {encode_extra(proof), proof.leaf_index, proof.outer, proof.checkpoint});
}

Result<EventProof> parse_event_proof(std::string_view file) {
    Result<TlogProof> outer = parse_tlog_proof(file);
    if (!outer) return fail(outer.error());
    ByteReader in(outer->extra);
    if (text_of(in.raw(extra_magic.size())) != extra_magic) {
        return fail(Errc::invalid, "a proof of something else than an event of daicho");
    }
    EventProof out;
    out.origin_note = in.text16();
    out.certificate.day = in.text16();
    out.certificate.vkey = in.text16();
    const ByteView signature = in.raw(crypto::Signature::size);
    out.certificate.signature.assign(signature.begin(), signature.end());
    out.batch_leaf = bytes16(in);
    Result<Envelope> envelope = decode_envelope(in.raw(envelope_size));
    if (!envelope) return fail(envelope.error());
    out.envelope = *envelope;
    out.salt = in.array<salt_size>();
    const std::uint8_t hashes = in.u8();
    for (std::uint8_t i = 0; i < hashes && in.ok(); ++i) out.inner.push_back({in.array<32>()});
    const std::uint8_t has_raw = in.u8();
    if (has_raw == 1) {
        const ByteView raw = in.raw(in.left());
        out.raw = Bytes(raw.begin(), raw.end());
    }
    if (!in.done() || has_raw > 1 || (out.raw && out.raw->size() > embedded_raw_max)) {
        return fail(Errc::invalid, "the proof's own data is malformed");
    }
    out.leaf_index = outer->index;
    out.outer = std::move(outer->path);
    out.checkpoint = std::move(outer->checkpoint);
    return out;
}

Result<ProvenEvent> verify_event_proof(const EventProof& proof, std::optional<ByteView> given,
                                       const std::optional<VerifierKey>& trusted_log_key) {
    Result<Origin> origin = open_origin(proof.origin_note);
    if (!origin) return fail(origin.error());
    if (trusted_log_key && *trusted_log_key != origin->log_key) {
        return fail(Errc::tampered, "the log key is not the one that you trust");
    }
    const Result<VerifierKey> day_key = open_certificate(proof.certificate, *origin);
    if (!day_key) return fail(day_key.error());

    if (given && proof.raw &&
        !std::equal(given->begin(), given->end(), proof.raw->begin(), proof.raw->end())) {
        return fail(Errc::tampered, "the bytes beside the proof are not the ones in it");
    }
    if (!given && !proof.raw)
        return fail(Errc::invalid, "the proof needs the event's bytes beside it");
    const ByteView raw = given ? *given : ByteView(*proof.raw);

    Result<BatchLeaf> leaf = decode_batch(proof.batch_leaf);
    if (!leaf) return fail(Errc::tampered, "the BATCH leaf can't be read");
    const Envelope& envelope = proof.envelope;
    const Status belongs =
        step(envelope.raw_length == raw.size() && envelope.seq >= leaf->first_seq &&
                 envelope.seq - leaf->first_seq < leaf->count &&
                 envelope.source < leaf->sources.size() &&
                 envelope.wall_ns >= leaf->wall_first_ns && envelope.wall_ns <= leaf->wall_last_ns,
             "the envelope does not fit the event or its batch");
    if (!belongs) return fail(belongs.error());
    const crypto::Digest commitment = event_commitment(proof.salt, envelope, raw);
    const Status inner = verify_inclusion(commitment, envelope.seq - leaf->first_seq,
                                          {leaf->count, leaf->event_root}, proof.inner);
    if (!inner)
        return fail(Errc::tampered, "the event is not one of those that the BATCH leaf commits to");

    const std::array<VerifierKey, 1> keys{*day_key};
    const TlogProof outer{{}, proof.leaf_index, proof.outer, proof.checkpoint};
    const Result<OpenCheckpoint> opened =
        verify_tlog_proof(outer, crypto::hash_leaf(proof.batch_leaf), origin->name, keys);
    if (!opened)
        return fail(Errc::tampered,
                    "the BATCH leaf is not in the signed tree: " + opened.error().message);
    ProvenEvent out{std::move(*origin),
                    proof.certificate.day,
                    opened->checkpoint.head,
                    std::move(*leaf),
                    envelope,
                    {},
                    {}};
    out.source = out.leaf.sources[envelope.source].id;
    out.raw.assign(raw.begin(), raw.end());
    return out;
}

}  // namespace daicho::ledger::core
