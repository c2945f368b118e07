#pragma once
// The write-ahead log's file form: a header, then one frame per leaf of the tree, in order. A frame
// is durable before anything that speaks of it is published. Reading needs no key; bodies are
// ciphertext (docs/formats/ledger.md, "WAL").
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/digest.hpp"

namespace daicho::ledger::core {

inline constexpr std::size_t frame_head_size = 64;
inline constexpr std::size_t frame_mac_offset = 32;
/// One oversize event, its run and the AEAD tag; more than any group commit makes.
inline constexpr std::size_t frame_body_max = (std::size_t{16} << 20) + (std::size_t{4} << 20);
inline constexpr std::size_t wal_header_max = 16384;
/// A WAL is rotated at 64 MiB of raw events; heads, leaves and one last large group come on top.
inline constexpr std::uint64_t wal_file_max = std::uint64_t{256} << 20;

/// The keys of one retention class for one WAL file and the segment it becomes. All wrapped, none
/// in clear.
struct ClassKey {
    std::string retention_class;
    std::string day;            // of the key-encryption key, YYYY-MM-DD in UTC
    Bytes wrapped_key;          // the data key under that key-encryption key
    crypto::Digest commitment;  // key commitment of the data key
    bool operator==(const ClassKey&) const = default;
};

struct WalHeader {
    std::uint64_t first_leaf = 0;  // tree index of the first frame
    std::uint64_t segment = 0;     // sequence number of the first event; names the segment
    WallNs created_ns = 0;
    crypto::Digest previous_batch;  // leaf hash of the last BATCH leaf before this file
    Bytes wrapped_mac_key;          // k0 of the evolving frame key, under the root key
    std::vector<ClassKey> classes;
    bool operator==(const WalHeader&) const = default;
};

[[nodiscard]] Bytes encode(const WalHeader& header);
/// Also gives the length of the header in `size`.
[[nodiscard]] Result<WalHeader> decode_wal_header(ByteView bytes, std::size_t& size);

inline constexpr std::uint8_t no_class = 255;

struct FrameHead {
    std::uint64_t leaf_index = 0;
    std::uint8_t class_index =
        no_class;  // into WalHeader::classes; no_class for a notice without a body
    std::uint32_t leaf_length = 0;
    std::uint32_t body_length = 0;  // with the AEAD tag; 0 = none
    /// Frames just before this one that were not yet known to be on the medium when it was written.
    /// A crash can lose those and keep this one; it can't lose older ones.
    std::uint32_t unsynced = 0;
    std::uint32_t crc = 0;  // CRC-32C of the head (crc zero), leaf and body
    crypto::Digest mac;     // HMAC-SHA-256 of the head (crc and mac zero) and leaf under k_i
};

[[nodiscard]] std::array<std::uint8_t, frame_head_size> encode(const FrameHead& head) noexcept;
/// What the MAC begins with: the head with CRC and MAC zero.
[[nodiscard]] std::array<std::uint8_t, frame_head_size> bare_head(const FrameHead& head) noexcept;
[[nodiscard]] Result<FrameHead> decode_frame_head(ByteView bytes);
/// The checksum that belongs into `head`, whose MAC is already there. A torn write is found by it,
/// wherever it tore; only then does a wrong MAC mean forgery.
[[nodiscard]] std::uint32_t frame_crc(const FrameHead& head, ByteView leaf, ByteView body) noexcept;

/// One frame as read; views into the buffer given to next_frame().
struct Frame {
    FrameHead head;
    ByteView leaf;
    ByteView body;
    std::uint64_t offset = 0;  // in the file
};

/// How reading a WAL file ended.
struct WalEnd {
    std::uint64_t good_bytes = 0;  // up to here every frame is whole
    std::uint64_t file_bytes = 0;
    /// A whole frame further on was written when the damaged one was already on the medium: no
    /// crash does that.
    bool damaged_inside = false;
    std::string reason;  // empty when the file ends with a whole frame
};

struct WalContent {
    WalHeader header;
    std::vector<Frame> frames;
    WalEnd end;
};

/// Splits a whole file. Errc::tampered when even the header can't be read. CRCs are checked, MACs
/// and bodies are not.
[[nodiscard]] Result<WalContent> read_wal(ByteView file);

/// Reads `size` bytes at `offset`, fewer at the end of the file.
using ReadWal = std::function<Bytes(std::uint64_t offset, std::size_t size)>;
/// The same of a file that was closed in order, without its bodies: only heads and leaves are read
/// (into `leaves`, which the frames view), so a backlog of hundreds of megabytes costs next to
/// nothing. Frames have empty bodies, and their CRCs are not checked: the MAC covers head and leaf,
/// the AEAD tag the body.
[[nodiscard]] Result<WalContent> read_wal_leaves(const ReadWal& read, std::uint64_t file_bytes,
                                                 Bytes& leaves);

/// Whether a whole frame lies at `from` or beyond it that was written when leaf `damaged` was known
/// to be durable: then no crash damaged it. Reads at most five times the file; where that is not
/// enough to tell, the answer is true, because only somebody who wants it makes such a file.
[[nodiscard]] bool synced_frame_after(const ReadWal& read, std::uint64_t file_bytes,
                                      std::uint64_t from, std::uint64_t damaged);

/// The name of a file whose first frame has this tree index: 20 digits, `.wal`.
[[nodiscard]] std::string wal_name(std::uint64_t first_leaf);

}  // namespace daicho::ledger::core
