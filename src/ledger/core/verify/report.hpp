#pragma once
// What a verification found, as values: every consumer (text, JSON, tests, the status page) reads
// the same ones. A report never says more than was checked; what was not checked has its own list.
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/leaf.hpp"
#include "ledger/core/tlog/merkle.hpp"

namespace daicho::ledger::core::verify {

/// Why something is not proven. Each has its words in texts.cpp, in both languages.
enum class Problem : std::uint8_t {
    unreadable,    // it could not be read, so nothing is known of it
    origin,        // the note that says whose ledger this is
    log_key,       // another log key than the one asked for
    checkpoint,    // the signed statement about the tree
    tree,          // entries and signed root do not belong together
    tile,          // a stored hash file is not what the entries give
    missing_file,  // it must be there and is not
    unknown_file,  // nothing vouches for it
    leftover,      // an interrupted write left it
    leaf,          // an entry of the tree that no writer makes
    key_chain,     // the succession of signing keys is broken
    batch_chain,   // sequence numbers, digests or segments of batches do not follow each other
    seal,          // a SEAL, EXPORT or RETIRE leaf contradicts what went before
    segment,       // a sealed file is not the one that was sealed
    content,       // its events are not the ones that the tree commits to
    missing_events,
    wal,        // a damaged write-ahead log
    torn_tail,  // its last write is not whole
    mac,        // a frame that its writer did not make
    key,        // a key is missing or not of this ledger
    key_day,    // old events under a newer key
    rolled_back,
    since,   // not a continuation of the remembered checkpoint
    moving,  // it changed while it was being read
    proof,   // an event proof
    pack_form,
    pack_member,
    pack_manifest,
};

/// Closed ranges of sequence numbers.
struct SeqRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool operator==(const SeqRange&) const = default;
};

struct Finding {
    Problem problem = Problem::unreadable;
    std::string file;  // relative to what was verified; may be empty
    std::optional<SeqRange> seqs;
    std::optional<std::uint64_t> leaf;
    std::string detail;  // English, technical
};

/// What is no failure but must be known to judge the verdict.
enum class Remark : std::uint8_t {
    silence,              // no leaf from `first` to `last` (nanoseconds)
    not_sealed,           // events `first` to `last`: not sealed when this bundle was made
    retired_still_there,  // destroyed by its leaf, but the file lies there
    key_destroyed,        // its key is destroyed as recorded: ciphertext only
    held_twice,           // sealed, and its write-ahead log not dropped yet
    sealed_twice,         // two equal SEAL leaves: a crash came between
    clock_stepped,        // `first` times
    declared_loss,        // `first` events in `last` GAP leaves
    retired_not_here,     // `first` files of `last` events, destroyed by their leaves
    checkpoints_absent,   // of `first` exports that the tree records; the newest had size `last`
    behind_keys,          // the keys signed `first` leaves more, up to the size `last`
    unrecorded_bundle,    // the keys signed nothing after it, so no leaf records this export
};
struct Observation {
    Remark remark = Remark::silence;
    std::string file;
    std::int64_t first = 0;
    std::int64_t last = 0;
};

enum class Subject : std::uint8_t { ledger, bundle, event, pack };

/// Whatever was verified; empty where it was not.
struct Proven {
    std::string origin;
    std::string log_key;  // vkey
    bool log_key_trusted = false;
    std::optional<TreeHead> head;
    std::string signing_day;
    WallNs last_leaf_ns = 0;
    std::array<std::uint64_t, 13> leaves{};  // by LeafType
    std::uint64_t events = 0;
    std::uint64_t sealed_events = 0;
    std::uint64_t wal_events = 0;
    std::uint64_t retired_events = 0;
    std::uint64_t absent_events = 0;     // in the tree, but not sealed when the bundle was made
    std::optional<SeqRange> absent;      // from the first to the last of these
    std::uint64_t opened_events = 0;     // decrypted and hashed again
    std::uint64_t destroyed_events = 0;  // there as ciphertext, key lawfully gone
    std::uint64_t segments = 0;
    std::uint64_t stored_bytes = 0;
    std::uint64_t older_checkpoints = 0;
    std::uint64_t unsigned_leaves = 0;  // durable, not yet in a signed checkpoint
    std::uint64_t unsigned_events = 0;
    std::optional<std::uint64_t> since_size;
    std::optional<std::uint64_t> head_size;  // the key folder's own memory of the newest tree
};

struct Report {
    Subject subject = Subject::ledger;
    bool deep = false;
    Proven proven;
    std::vector<Finding> findings;  // at most Options::findings_max
    std::uint64_t findings_total = 0;
    std::vector<Observation> notes;
    /// Details of an event or a pack for both forms of output (texts in it are of the ledger).
    nlohmann::json extra = nlohmann::json::object();

    [[nodiscard]] bool passed() const noexcept { return findings_total == 0; }
};

}  // namespace daicho::ledger::core::verify
