#include "ledger/core/tlog/note.hpp"

#include <algorithm>
#include <utility>

#include "base/fault.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"

namespace daicho::ledger::core {
namespace {

constexpr std::string_view line_start = "\u2014 ";  // em dash, space
constexpr std::size_t key_id_size = 4;
constexpr std::size_t key_id_hex_size = 2 * key_id_size;

/// White_Space of Unicode without the ASCII ones; in valid UTF-8 a search for bytes finds only
/// whole characters.
constexpr std::string_view wide_spaces[] = {"\u0085", "\u00A0", "\u1680", "\u2000", "\u2001",
                                            "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
                                            "\u2007", "\u2008", "\u2009", "\u200A", "\u2028",
                                            "\u2029", "\u202F", "\u205F", "\u3000"};

std::uint32_t key_id_of(std::string_view name, const crypto::PublicKey& key) {
    constexpr std::uint8_t middle[] = {'\n', note_alg_ed25519};
    const crypto::Digest digest = crypto::sha256({view_of(name), ByteView(middle), key.view()});
    return ByteReader(digest.view()).u32();
}

std::string id_hex(std::uint32_t id) {
    Bytes bytes;
    ByteWriter(bytes).u32(id);
    return to_hex(bytes);
}

std::string signature_line(const NoteSignature& signature) {
    Bytes bytes;
    ByteWriter writer(bytes);
    writer.u32(signature.key_id);
    writer.raw(signature.signature);
    return std::string(line_start) + signature.name + " " + to_base64(bytes) + "\n";
}

Result<NoteSignature> parse_line(std::string_view line) {
    if (!line.starts_with(line_start)) {
        return fail(Errc::invalid, "a signature line of a note begins with an em dash and a space");
    }
    line.remove_prefix(line_start.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) {
        return fail(Errc::invalid, "a signature line of a note has no valid key name");
    }
    const auto bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() <= key_id_size) {
        return fail(Errc::invalid, "a signature line of a note has no valid signature");
    }
    ByteReader reader(*bytes);
    NoteSignature signature{std::string(line.substr(0, space)), reader.u32(), {}};
    const ByteView rest = reader.raw(reader.left());
    signature.signature.assign(rest.begin(), rest.end());
    return signature;
}

/// Where the one known key with this name and id is; npos if there is none.
Result<std::size_t> find_key(const NoteSignature& signature, std::span<const VerifierKey> known) {
    std::size_t found = std::string::npos;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (known[i].id() != signature.key_id || known[i].name() != signature.name) continue;
        if (found == std::string::npos) found = i;
        if (!(known[found] == known[i])) {
            return fail(Errc::conflict, "two different known keys share a name and a key id");
        }
    }
    return found;
}

Result<NoteSignature> sign_with(NoteSigner& signer, std::string_view text) {
    auto made = signer.sign(view_of(text));
    if (!made) return fail(made.error());
    if (!signer.key().verify(text, *made)) {
        throw Fault("a signer made a signature that its own public key refuses");
    }
    return NoteSignature{signer.key().name(), signer.key().id(), std::move(*made)};
}

}  // namespace

bool is_note_text(std::string_view text) noexcept {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n';
    };
    return std::ranges::none_of(text, is_control) && is_utf8(text);
}

bool is_key_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > key_name_size_max || !is_note_text(name)) return false;
    if (name.find_first_of(" +\n") != std::string_view::npos) return false;
    return std::ranges::none_of(wide_spaces, [&](std::string_view space) {
        return name.find(space) != std::string_view::npos;
    });
}

Result<VerifierKey> VerifierKey::make(std::string name, const crypto::PublicKey& public_key) {
    if (!is_key_name(name)) return fail(Errc::invalid, "not a valid key name");
    VerifierKey key;
    key.id_ = key_id_of(name, public_key);
    key.name_ = std::move(name);
    key.public_key_ = public_key;
    return key;
}

Result<VerifierKey> VerifierKey::parse(std::string_view vkey) {
    const auto malformed = [] {
        return fail(Errc::invalid, "not a verifier key of the form name+id+key");
    };
    const std::size_t first = vkey.find('+');
    if (first == std::string_view::npos) return malformed();
    const std::string_view rest = vkey.substr(first + 1);
    if (rest.size() <= key_id_hex_size || rest[key_id_hex_size] != '+') return malformed();
    const auto bytes = from_base64(rest.substr(key_id_hex_size + 1));
    if (!bytes || bytes->size() != 1 + crypto::PublicKey::size) return malformed();
    if (bytes->front() != note_alg_ed25519) {
        return fail(Errc::invalid, "a verifier key of another algorithm than Ed25519");
    }
    const auto public_key = crypto::PublicKey::from(ByteView(*bytes).subspan(1));
    if (!public_key) return fail(public_key.error());
    auto key = make(std::string(vkey.substr(0, first)), *public_key);
    if (!key) return key;
    if (id_hex(key->id()) != rest.substr(0, key_id_hex_size)) {
        return fail(Errc::invalid, "the id of a verifier key does not belong to its name and key");
    }
    return key;
}

std::string VerifierKey::format() const {
    Bytes bytes{note_alg_ed25519};
    ByteWriter(bytes).raw(public_key_.view());
    return name_ + "+" + id_hex(id_) + "+" + to_base64(bytes);
}

bool VerifierKey::verify(std::string_view text, ByteView signature) const {
    const auto parsed = crypto::Signature::from(signature);
    return parsed && crypto::verify(public_key_, view_of(text), *parsed);
}

Result<KeySigner> KeySigner::make(std::string name, const crypto::SigningKey& key) {
    auto verifier = VerifierKey::make(std::move(name), key.public_key());
    if (!verifier) return fail(verifier.error());
    return KeySigner(std::move(*verifier), key);
}

Result<Bytes> KeySigner::sign(ByteView text) {
    const crypto::Signature signature = key_->sign(text);
    return Bytes(signature.bytes.begin(), signature.bytes.end());
}

Result<Note> parse_note(std::string_view bytes) {
    if (bytes.size() > note_size_max) return fail(Errc::too_large, "the note is too large");
    if (!is_note_text(bytes)) {
        return fail(Errc::invalid, "a note is UTF-8 without control characters");
    }
    // The text may hold empty lines, a signature line is never empty: the last empty line parts the
    // two.
    const std::size_t end_of_text = bytes.rfind("\n\n");
    if (end_of_text == std::string_view::npos) {
        return fail(Errc::invalid, "a note has an empty line before its signatures");
    }
    Note note{std::string(bytes.substr(0, end_of_text + 1)), {}};
    std::string_view lines = bytes.substr(end_of_text + 2);
    if (lines.empty() || lines.back() != '\n') {
        return fail(Errc::invalid, "a note ends with a whole signature line");
    }
    while (!lines.empty()) {
        if (note.signatures.size() == note_signatures_max) {
            return fail(Errc::too_large, "the note has too many signatures");
        }
        const std::size_t end = lines.find('\n');
        auto signature = parse_line(lines.substr(0, end));
        if (!signature) return fail(signature.error());
        note.signatures.push_back(std::move(*signature));
        lines.remove_prefix(end + 1);
    }
    return note;
}

Result<std::string> format_note(const Note& note) {
    std::string out = note.text + "\n";
    for (const NoteSignature& signature : note.signatures) out += signature_line(signature);
    const auto back = parse_note(out);
    if (!back) return fail(back.error());
    if (!(*back == note)) return fail(Errc::invalid, "the text does not end in a newline");
    return out;
}

Result<OpenNote> open_note(std::string_view bytes, std::span<const VerifierKey> known) {
    auto note = parse_note(bytes);
    if (!note) return fail(note.error());
    OpenNote open{std::move(note->text), {}, 0};
    for (const NoteSignature& signature : note->signatures) {
        const auto at = find_key(signature, known);
        if (!at) return fail(at.error());
        if (*at == std::string::npos) {
            ++open.unknown;
            continue;
        }
        if (std::ranges::find(open.verified, *at) != open.verified.end()) {
            return fail(Errc::tampered, "a known key has signed the note twice");
        }
        if (!known[*at].verify(open.text, signature.signature)) {
            return fail(Errc::tampered, "the signature of a known key does not verify");
        }
        open.verified.push_back(*at);
    }
    if (open.verified.empty()) return fail(Errc::unauthorised, "no known key has signed the note");
    return open;
}

Result<std::string> sign_note(std::string_view text, std::span<NoteSigner* const> signers) {
    Note note{std::string(text), {}};
    for (NoteSigner* const signer : signers) {
        auto signature = sign_with(*signer, text);
        if (!signature) return fail(signature.error());
        note.signatures.push_back(std::move(*signature));
    }
    return format_note(note);
}

Result<std::string> add_signature(std::string_view bytes, NoteSigner& signer) {
    auto note = parse_note(bytes);
    if (!note) return fail(note.error());
    for (const NoteSignature& present : note->signatures) {
        if (present.name == signer.key().name() && present.key_id == signer.key().id()) {
            return fail(Errc::conflict, "this key has signed the note already");
        }
    }
    auto signature = sign_with(signer, note->text);
    if (!signature) return fail(signature.error());
    note->signatures.push_back(std::move(*signature));
    return format_note(*note);
}

}  // namespace daicho::ledger::core
