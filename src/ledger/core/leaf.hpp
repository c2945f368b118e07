#pragma once
// The leaves of the ledger's tree: BATCH commits to events, the other types say what happened to
// the ledger itself. Every leaf is an entry < 64 KiB of a C2SP tlog-tiles log
// (docs/formats/ledger.md, "Leaves"), readable by anyone who holds the tiles: leaves carry ids,
// counts, times and digests, never the content of an event.
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/digest.hpp"

namespace daicho::ledger::core {

/// Values are part of the ledger format: never renumber.
enum class LeafType : std::uint8_t {
    batch = 1,
    seal = 2,       // a segment was closed: its digest
    export_ = 3,    // a write-once copy was made and read back
    timestamp = 4,  // RFC 3161 token (a later issue fills it)
    witness = 5,    // cosignature (a later issue fills it)
    key_rotation = 6,
    retire = 7,      // a key was destroyed: these events are gone, lawfully
    gap = 8,         // declared loss
    clock = 9,       // the wall clock stepped
    heartbeat = 10,  // nothing came: silence is provable
    config = 11,
    read = 12,  // sealed history was read
};

inline constexpr std::size_t leaf_size_max = 65535;
inline constexpr std::size_t batch_sources_max = 128;
inline constexpr std::size_t batch_events_max = 65536;
inline constexpr std::size_t class_size_max = 32;  // [a-z0-9-]+: it becomes part of file names

struct BatchSource {
    std::string id;
    std::uint32_t events = 0;
    std::uint64_t bytes = 0;
    bool operator==(const BatchSource&) const = default;
};

struct BatchLeaf {
    std::string retention_class;  // decides when these events may be destroyed
    std::uint64_t segment = 0;    // the segment these events will be sealed into
    std::uint64_t first_seq = 0;
    std::uint32_t count = 0;
    WallNs wall_first_ns = 0;  // receive times, smallest and largest
    WallNs wall_last_ns = 0;
    std::int64_t monotonic_first_ns = 0;
    std::int64_t monotonic_last_ns = 0;
    BootId boot_id{};
    crypto::Digest event_root;  // RFC 9162 root over the event commitments
    crypto::Digest previous;    // leaf hash of the BATCH leaf before this one; zero for the first
    std::vector<BatchSource> sources;
    bool operator==(const BatchLeaf&) const = default;
};

/// A leaf of any other type: its facts are canonical JSON (sorted keys, no spaces), small and rare.
struct NoticeLeaf {
    LeafType type = LeafType::heartbeat;
    WallNs wall_ns = 0;
    std::string json;
    bool operator==(const NoticeLeaf&) const = default;
};

/// Lower-case letters, digits and '-', 1 to class_size_max.
[[nodiscard]] bool is_class_name(std::string_view name) noexcept;
[[nodiscard]] Bytes encode(const BatchLeaf& leaf);
[[nodiscard]] Bytes encode(const NoticeLeaf& leaf);
[[nodiscard]] Result<LeafType> leaf_type_of(ByteView entry);
/// Strict: whatever encode() would not give is Errc::invalid, so one leaf has one form.
[[nodiscard]] Result<BatchLeaf> decode_batch(ByteView entry);
[[nodiscard]] Result<NoticeLeaf> decode_notice(ByteView entry);
/// The upper-case word for reports: BATCH, SEAL, EXPORT, …
[[nodiscard]] std::string_view name_of(LeafType type) noexcept;

}  // namespace daicho::ledger::core
