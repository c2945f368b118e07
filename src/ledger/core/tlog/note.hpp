#pragma once
// C2SP signed-note: a text and the signatures under it, as lines that a person can read and print.
//   text (ends in a newline) | empty line | one or more of "— NAME base64(key id in 4 bytes,
//   signature)"
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/ed25519.hpp"

namespace daicho::ledger::core {

/// The specification demands at least 16; a log, its next key and a dozen witnesses fit twice.
inline constexpr std::size_t note_signatures_max = 32;
/// 32 signatures of the largest post-quantum kind (near 5 kB, a third more in base64) and 40 KiB of
/// text.
inline constexpr std::size_t note_size_max = std::size_t{256} << 10;
inline constexpr std::size_t key_name_size_max = 255;

/// Signature type identifier bytes of C2SP signed-note that daicho knows. ML-DSA-44 has its place
/// in the format only.
inline constexpr std::uint8_t note_alg_ed25519 = 0x01;

/// Not empty, valid UTF-8, no control character, no Unicode space, no '+', within
/// key_name_size_max.
[[nodiscard]] bool is_key_name(std::string_view name) noexcept;
/// Valid UTF-8 (RFC 3629: no surrogates, no overlong forms) and no character below U+0020 but the
/// newline.
[[nodiscard]] bool is_note_text(std::string_view text) noexcept;

/// An Ed25519 public key with its name: who may sign. A value; its key id always fits name and key.
class VerifierKey {
public:
    [[nodiscard]] static Result<VerifierKey> make(std::string name,
                                                  const crypto::PublicKey& public_key);
    /// Reads a vkey, `NAME+key id in 8 lower-case hex digits+base64(0x01, public key)`; the id is
    /// recomputed.
    [[nodiscard]] static Result<VerifierKey> parse(std::string_view vkey);
    [[nodiscard]] std::string format() const;
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// First four bytes, big-endian, of SHA-256(name, newline, 0x01, public key).
    [[nodiscard]] std::uint32_t id() const noexcept { return id_; }
    [[nodiscard]] const crypto::PublicKey& public_key() const noexcept { return public_key_; }
    [[nodiscard]] bool verify(std::string_view text, ByteView signature) const;
    bool operator==(const VerifierKey&) const = default;

private:
    VerifierKey() = default;
    std::string name_;
    std::uint32_t id_ = 0;
    crypto::PublicKey public_key_;
};

/// Holds a private key, or knows who does. sign_note() calls it once per note.
class NoteSigner {
public:
    virtual ~NoteSigner() = default;
    [[nodiscard]] virtual const VerifierKey& key() const = 0;
    /// The raw signature over exactly these bytes; Errc::unavailable or Errc::expired if there can
    /// be none now.
    [[nodiscard]] virtual Result<Bytes> sign(ByteView text) = 0;
};

/// Signs with a key in memory, which must outlive it.
class KeySigner final : public NoteSigner {
public:
    /// Errc::invalid unless `name` is a key name.
    [[nodiscard]] static Result<KeySigner> make(std::string name, const crypto::SigningKey& key);
    [[nodiscard]] const VerifierKey& key() const override { return verifier_; }
    [[nodiscard]] Result<Bytes> sign(ByteView text) override;

private:
    KeySigner(VerifierKey verifier, const crypto::SigningKey& key)
        : verifier_(std::move(verifier)), key_(&key) {}
    VerifierKey verifier_;
    const crypto::SigningKey* key_;
};

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    Bytes signature;  // without the key id; not empty
    bool operator==(const NoteSignature&) const = default;
};

/// A note taken apart, with nothing verified: do not act on `text`.
struct Note {
    std::string text;  // with its last newline, without the empty line
    std::vector<NoteSignature> signatures;
    bool operator==(const Note&) const = default;
};

/// Strict: any byte sequence is either refused or the one form of its Note (format_note gives it
/// back).
[[nodiscard]] Result<Note> parse_note(std::string_view bytes);
/// Errc::invalid if parse_note would refuse the outcome.
[[nodiscard]] Result<std::string> format_note(const Note& note);

/// A note that at least one known key has signed.
struct OpenNote {
    std::string text;
    std::vector<std::size_t>
        verified;  // positions in the list of known keys, each once, in the order of the lines
    std::size_t unknown =
        0;  // signatures of keys not on the list: present, but nothing is known of them
};

/// Parses and verifies. A signature whose name *and* key id are on the list must verify and must be
/// there once, or the note is refused as a whole (Errc::tampered); others are ignored. None from
/// the list: Errc::unauthorised.
[[nodiscard]] Result<OpenNote> open_note(std::string_view bytes,
                                         std::span<const VerifierKey> known);

/// Signs `text` (which must end in a newline) with every signer, in order. Throws Fault if a signer
/// makes what its own key refuses: a note that nobody can open must not get out.
[[nodiscard]] Result<std::string> sign_note(std::string_view text,
                                            std::span<NoteSigner* const> signers);
/// Adds a line to a note that is kept byte for byte; Errc::conflict if this key has signed it
/// already.
[[nodiscard]] Result<std::string> add_signature(std::string_view bytes, NoteSigner& signer);

}  // namespace daicho::ledger::core
