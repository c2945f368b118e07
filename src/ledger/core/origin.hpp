#pragma once
// The note that says who a ledger is, and the chain of keys that leads from it to a checkpoint:
// origin note -> log key -> KEYROT leaves -> day key -> checkpoint.
#include <optional>
#include <string>
#include <string_view>

#include "ledger/core/leaf.hpp"
#include "ledger/core/tlog/note.hpp"

namespace daicho::ledger::core {

struct Origin {
    std::string name;
    std::string created;  // RFC 3339
    VerifierKey log_key;
};

/// The text to be signed by the log key.
[[nodiscard]] std::string origin_text(std::string_view name, std::string_view created,
                                      const VerifierKey& log_key);
/// Reads a note and verifies it with the key that it names itself: consistent, but only as trusted
/// as where it came from.
[[nodiscard]] Result<Origin> open_origin(std::string_view note);
/// The name of the log key of an origin.
[[nodiscard]] std::string log_key_name(std::string_view origin);

/// What makes a day key a key of this ledger: the log key's signature over certificate_text().
struct DayCertificate {
    std::string day;
    std::string vkey;
    Bytes signature;
    bool operator==(const DayCertificate&) const = default;
};
/// The key, if the log key certifies it for this day; Errc::tampered otherwise.
[[nodiscard]] Result<VerifierKey> open_certificate(const DayCertificate& certificate,
                                                   const Origin& origin);

/// A KEYROT leaf read and checked against the log key, and, from the second on, against the key
/// before it.
struct KeyRotation {
    std::string day;
    VerifierKey key;
    DayCertificate certificate;
    std::string previous_checkpoint;  // note; empty for the first
    std::optional<VerifierKey> previous_key;
};
/// Errc::tampered if a certificate or signature does not verify.
[[nodiscard]] Result<KeyRotation> open_key_rotation(const NoticeLeaf& leaf, const Origin& origin);

}  // namespace daicho::ledger::core
