#pragma once
// What lies in an evidence pack, and how its parts are written: shared by whoever builds one and
// whoever checks it (docs/formats/pack.md).
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ledger/core/origin.hpp"
#include "ledger/core/tlog/merkle.hpp"

namespace daicho::ledger::core::verify {

namespace member {
inline constexpr const char* readme_en = "README.en.txt";
inline constexpr const char* readme_ja = "README.ja.txt";
inline constexpr const char* checkpoint = "checkpoint";
inline constexpr const char* certificate = "checkpoint.certificate";
inline constexpr const char* consistency = "manifest.consistency";
inline constexpr const char* manifest = "manifest.json";
inline constexpr const char* manifest_proof = "manifest.tlog-proof";
inline constexpr const char* origin = "origin";
inline constexpr const char* status = "status.json";
}  // namespace member

inline constexpr std::string_view pack_format = "daicho pack 1";
/// Who writes the event that a pack hangs on, and in which class.
inline constexpr std::string_view pack_event_source = "daicho";
inline constexpr std::string_view pack_event_class = "evidence";

/// `events/<seq, 20 digits>.tlog-proof`, `.raw` beside it, `leaves/<index, 20 digits>.tlog-proof`.
[[nodiscard]] std::string event_member(std::uint64_t seq, std::string_view suffix);
[[nodiscard]] std::string leaf_member(std::uint64_t index);

struct PackMember {
    std::string name;
    std::uint64_t size = 0;
    crypto::Digest digest;
    bool operator==(const PackMember&) const = default;
};

struct Manifest {
    std::string organisation;
    std::string software;
    std::string from;  // days, both included
    std::string to;
    std::string as_of;    // RFC 3339: the moment the status is of
    std::string made_at;  // RFC 3339
    std::vector<std::string> clauses;
    std::vector<PackMember> members;  // all but those whose name begins with "manifest."
    bool operator==(const Manifest&) const = default;
};
[[nodiscard]] std::string format_manifest(const Manifest& manifest);
/// Strict: one manifest has one text.
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text);

/// The event that binds a manifest to the ledger.
[[nodiscard]] std::string pack_event_text(const crypto::Digest& manifest);

/// Three lines: day, vkey, signature in base64.
[[nodiscard]] std::string format_certificate(const DayCertificate& certificate);
[[nodiscard]] Result<DayCertificate> parse_certificate(std::string_view text);

/// One base64 hash per line.
[[nodiscard]] std::string format_consistency(const Proof& proof);
[[nodiscard]] Result<Proof> parse_consistency(std::string_view text);

/// The extra data of a leaf's tlog-proof: the leaf itself.
[[nodiscard]] Bytes leaf_extra(ByteView leaf);
/// Errc::invalid if it is none.
[[nodiscard]] Result<Bytes> leaf_of_extra(ByteView extra);

/// Where the status of a clause points to.
struct Evidence {
    bool is_leaf = false;
    std::uint64_t position = 0;  // sequence number or leaf index
};
struct ClauseStatus {
    std::string clause;
    std::string status;
    std::vector<Evidence> evidence;
};
/// What the verifier reads of status.json: canonical JSON, an object with `clauses`, each with
/// `id`, `status` and `evidence` (a list of `{"seq": N}` or `{"leaf": N}`); other members are the
/// caller's.
[[nodiscard]] Result<std::vector<ClauseStatus>> parse_status(std::string_view text);

[[nodiscard]] std::string_view readme(bool japanese) noexcept;

}  // namespace daicho::ledger::core::verify
