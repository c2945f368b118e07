#pragma once
// C2SP tlog-checkpoint: a signed note whose text says how large the tree is and what its root is.
//   origin | size in decimal | root in base64 | extension lines, if any
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ledger/core/tlog/merkle.hpp"
#include "ledger/core/tlog/note.hpp"

namespace daicho::ledger::core {

/// The specification advises against extension lines at all; daicho writes none.
inline constexpr std::size_t checkpoint_extensions_max = 16;
inline constexpr std::size_t checkpoint_line_size_max = 1024;

struct Checkpoint {
    std::string origin;
    TreeHead head;
    std::vector<std::string> extensions;
    bool operator==(const Checkpoint&) const = default;
};

/// ASCII decimal without sign or leading zero, at most `max`; Errc::invalid otherwise.
[[nodiscard]] Result<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max);
/// A digest in base64; Errc::invalid unless it is exactly one.
[[nodiscard]] Result<crypto::Digest> parse_base64_digest(std::string_view text);

/// The note text. Errc::invalid if parse_checkpoint would refuse the outcome.
[[nodiscard]] Result<std::string> format_checkpoint(const Checkpoint& checkpoint);
/// Reads a note *text* whose signatures somebody has verified. Strict: one checkpoint has one text.
/// An empty tree must have the root of the empty tree, and no tree is larger than tree_size_max.
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view text);

[[nodiscard]] Result<std::string> sign_checkpoint(const Checkpoint& checkpoint,
                                                  std::span<NoteSigner* const> signers);

struct OpenCheckpoint {
    Checkpoint checkpoint;
    std::vector<std::size_t> verified;  // positions in the list of log keys
    std::size_t unknown = 0;  // signatures of other keys, for instance witnesses: not verified
};

/// Opens the note (see open_note for the refusals) and parses it; Errc::tampered if it is of
/// another log. Give keys of the log only: with a witness among them, the witness alone could speak
/// for the log.
[[nodiscard]] Result<OpenCheckpoint> open_checkpoint(std::string_view note, std::string_view origin,
                                                     std::span<const VerifierKey> log_keys);

}  // namespace daicho::ledger::core
