#pragma once
// A sealed segment's file form: header, encrypted blocks, footer with the digest of every block,
// trailer. Its SEAL leaf holds the file's size and the digest of header and footer, so every byte
// of the file is committed to by the tree and can be checked without a key (docs/formats/ledger.md,
// "Segment").
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "crypto/digest.hpp"
#include "ledger/core/wal.hpp"

namespace daicho::ledger::core {

/// A block's plain form is core/block.hpp; stored, it is AES-256-GCM under the block key.
inline constexpr std::size_t block_stored_max = std::size_t{40} << 20;
inline constexpr std::size_t segment_footer_max = std::size_t{64} << 20;

struct SegmentHeader {
    std::uint64_t segment = 0;
    ClassKey key;
    bool operator==(const SegmentHeader&) const = default;
};

/// Which batches of the tree the events of this segment belong to.
struct SegmentBatch {
    std::uint64_t leaf_index = 0;
    std::uint64_t first_seq = 0;
    std::uint32_t count = 0;
    bool operator==(const SegmentBatch&) const = default;
};

struct SegmentBlock {
    std::uint64_t offset = 0;        // in the file
    std::uint32_t stored_bytes = 0;  // with the AEAD tag
    std::uint32_t events = 0;
    std::uint64_t first_seq = 0;  // smallest; events of other blocks may lie between
    std::uint64_t last_seq = 0;   // largest
    std::uint64_t raw_bytes = 0;
    WallNs wall_first_ns = 0;
    WallNs wall_last_ns = 0;
    crypto::Digest digest;  // SHA-256 of the stored bytes
    bool operator==(const SegmentBlock&) const = default;
};

struct SegmentFooter {
    std::vector<SegmentBatch> batches;  // ascending
    std::vector<SegmentBlock> blocks;   // in file order
    bool operator==(const SegmentFooter&) const = default;
};

struct SegmentDirectory {
    SegmentHeader header;
    SegmentFooter footer;
    crypto::Digest digest;  // SHA-256 of header and footer bytes: what SEAL commits to
    std::uint64_t file_bytes = 0;
};

inline constexpr std::size_t segment_trailer_size = 48;

[[nodiscard]] Bytes encode(const SegmentHeader& header);
[[nodiscard]] Bytes encode(const SegmentFooter& footer);
/// Offset of the footer, digest of header and footer, end mark.
[[nodiscard]] Bytes encode_trailer(std::uint64_t footer_offset, const crypto::Digest& digest);

/// Reads header, footer and trailer through `read(offset, size)`, which gives fewer bytes at the
/// end of the file. The blocks must fill the space between header and footer exactly.
/// Errc::tampered otherwise.
using ReadAt = std::function<Bytes(std::uint64_t offset, std::size_t size)>;
[[nodiscard]] Result<SegmentDirectory> read_directory(const ReadAt& read, std::uint64_t file_bytes);

/// `<first sequence number, 20 digits>-<class>.seg`
[[nodiscard]] std::string segment_name(std::uint64_t segment, std::string_view retention_class);

/// Associated data of block `index`: binds it to its segment, class and place.
[[nodiscard]] Bytes block_context(const SegmentHeader& header, std::uint32_t index, bool last);
/// 96-bit nonce of block `index`; the key is used for one segment only.
[[nodiscard]] std::array<std::uint8_t, 12> block_nonce(std::uint32_t index) noexcept;

}  // namespace daicho::ledger::core
