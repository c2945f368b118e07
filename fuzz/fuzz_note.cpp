// links: ledger_core
// Signed notes, checkpoint texts and verifier keys: what parses has one form, and writing gives it
// back.
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "ledger/core/tlog/checkpoint.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::ledger::core;
    const std::string_view text = text_of({data, size});

    if (const auto note = parse_note(text)) {
        const auto again = format_note(*note);
        check(again && *again == text, "a note has one form");
        check(note->signatures.size() <= note_signatures_max, "the limit on signatures holds");
        // Every signer of the note is taken as known, with a key that made none of the signatures.
        for (const NoteSignature& signature : note->signatures) {
            const auto key = VerifierKey::make(signature.name, crypto::PublicKey{});
            check(key.has_value(), "the name of a signature is a key name");
            check(!open_note(text, std::span(&*key, 1)), "nobody signs with the zero key");
        }
        (void)open_checkpoint(text, "fuzz.example", {});
        (void)parse_checkpoint(note->text);
    }
    if (const auto checkpoint = parse_checkpoint(text)) {
        const auto again = format_checkpoint(*checkpoint);
        check(again && *again == text, "a checkpoint has one form");
        check(checkpoint->head.size <= tree_size_max, "the limit on the size holds");
    }
    if (const auto key = VerifierKey::parse(text)) {
        check(key->format() == text, "a verifier key has one form");
    }
    return 0;
}
