// links: ledger_core
// tlog-proof files: what parses has one form, and nothing verifies under a key that signed none of
// it.
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "ledger/core/tlog/tlog_proof.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::ledger::core;
    const std::string_view text = text_of({data, size});
    const auto proof = parse_tlog_proof(text);
    if (!proof) return 0;
    const auto again = format_tlog_proof(*proof);
    check(again && *again == text, "a proof has one form");
    check(proof->path.size() <= proof_length_max, "the limit on the path holds");
    const auto key = VerifierKey::make("fuzz.example", crypto::PublicKey{});
    check(key.has_value(), "the name is one");
    check(!verify_tlog_proof(*proof, crypto::Digest{}, "fuzz.example", std::span(&*key, 1)),
          "nobody signs with the zero key");
    // The tree alone, without the signature: the leaf that the path wants is not the zero digest.
    const auto note = parse_note(proof->checkpoint);
    check(note.has_value(), "the checkpoint of a proof is a note");
    if (const auto checkpoint = parse_checkpoint(note->text)) {
        (void)verify_inclusion(crypto::Digest{}, proof->index, checkpoint->head, proof->path);
    }
    return 0;
}
