#include "ledger/core/tlog/tlog_proof.hpp"

#include <utility>

namespace daicho::ledger::core {
namespace {

constexpr std::string_view header = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_start = "extra ";
constexpr std::string_view index_start = "index ";

/// Takes the next line off `rest`; Errc::invalid if no newline ends it.
Result<std::string_view> take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return fail(Errc::invalid, "the proof is cut off");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

Result<Bytes> parse_extra(std::string_view text) {
    auto extra = from_base64(text);
    if (!extra || extra->empty()) {
        return fail(Errc::invalid, "the extra line of a proof is not base64, or empty");
    }
    if (extra->size() > proof_extra_size_max) {
        return fail(Errc::too_large, "the extra data of a proof is too large");
    }
    return extra;
}

Result<Proof> take_path(std::string_view& rest) {
    Proof path;
    for (;;) {
        const auto line = take_line(rest);
        if (!line) return fail(line.error());
        if (line->empty()) return path;
        if (path.size() == proof_length_max) return fail(Errc::too_large, "the proof is too long");
        const auto digest = parse_base64_digest(*line);
        if (!digest) return fail(digest.error());
        path.push_back(*digest);
    }
}

}  // namespace

Result<std::string> format_tlog_proof(const TlogProof& proof) {
    std::string out(header);
    out += '\n';
    if (!proof.extra.empty()) out += std::string(extra_start) + to_base64(proof.extra) + "\n";
    out += std::string(index_start) + std::to_string(proof.index) + "\n";
    for (const crypto::Digest& digest : proof.path) out += to_base64(digest.view()) + "\n";
    out += "\n" + proof.checkpoint;
    const auto back = parse_tlog_proof(out);
    if (!back) return fail(back.error());
    return out;
}

Result<TlogProof> parse_tlog_proof(std::string_view bytes) {
    if (bytes.size() > tlog_proof_size_max) return fail(Errc::too_large, "the proof is too large");
    std::string_view rest = bytes;
    TlogProof proof;
    auto line = take_line(rest);
    if (!line) return fail(line.error());
    if (*line != header) return fail(Errc::invalid, "not a tlog-proof of version 1");
    line = take_line(rest);
    if (!line) return fail(line.error());
    if (line->starts_with(extra_start)) {
        auto extra = parse_extra(line->substr(extra_start.size()));
        if (!extra) return fail(extra.error());
        proof.extra = std::move(*extra);
        line = take_line(rest);
        if (!line) return fail(line.error());
    }
    if (!line->starts_with(index_start)) return fail(Errc::invalid, "the proof has no index line");
    const auto index = parse_decimal(line->substr(index_start.size()), tree_size_max - 1);
    if (!index) return fail(index.error());
    proof.index = *index;
    auto path = take_path(rest);
    if (!path) return fail(path.error());
    proof.path = std::move(*path);
    const auto note = parse_note(rest);
    if (!note) return fail(note.error());
    proof.checkpoint = rest;
    return proof;
}

Result<OpenCheckpoint> verify_tlog_proof(const TlogProof& proof, const crypto::Digest& leaf_hash,
                                         std::string_view origin,
                                         std::span<const VerifierKey> log_keys) {
    auto open = open_checkpoint(proof.checkpoint, origin, log_keys);
    if (!open) return fail(open.error());
    const auto included =
        verify_inclusion(leaf_hash, proof.index, open->checkpoint.head, proof.path);
    if (!included) return fail(included.error());
    return open;
}

}  // namespace daicho::ledger::core
