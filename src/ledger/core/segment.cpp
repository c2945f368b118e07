#include "ledger/core/segment.hpp"

#include <cstdio>

#include "ledger/core/leaf.hpp"

namespace daicho::ledger::core {
namespace {

constexpr std::string_view segment_magic = "DSEG0001";
constexpr std::string_view footer_magic = "DSEGFOOT";
constexpr std::string_view end_magic = "DSEGEND1";
constexpr std::size_t header_max = 4096;
constexpr std::size_t wrapped_size_max = 512;
constexpr std::size_t batch_entry_size = 20;
constexpr std::size_t block_entry_size = 88;

Result<SegmentHeader> decode_header(ByteView bytes, std::size_t& size) {
    ByteReader in(bytes);
    if (text_of(in.raw(segment_magic.size())) != segment_magic) {
        return fail(Errc::tampered, "not a segment file");
    }
    SegmentHeader out;
    out.segment = in.u64();
    out.key.retention_class = in.text16();
    out.key.day = in.text16();
    const ByteView wrapped = in.raw(in.u16());
    out.key.wrapped_key.assign(wrapped.begin(), wrapped.end());
    out.key.commitment.bytes = in.array<32>();
    if (!in.ok() || !is_class_name(out.key.retention_class) || wrapped.size() > wrapped_size_max) {
        return fail(Errc::tampered, "a malformed segment header");
    }
    size = in.position();
    return out;
}

Result<SegmentFooter> decode_footer(ByteView bytes) {
    ByteReader in(bytes);
    if (text_of(in.raw(footer_magic.size())) != footer_magic) {
        return fail(Errc::tampered, "a segment footer can't be found where the trailer says");
    }
    const std::uint32_t batches = in.u32();
    const std::uint32_t blocks = in.u32();
    if (!in.ok() || in.left() != std::size_t{batches} * batch_entry_size +
                                     std::size_t{blocks} * block_entry_size) {
        return fail(Errc::tampered, "a segment footer of the wrong length");
    }
    SegmentFooter out;
    out.batches.reserve(batches);
    for (std::uint32_t i = 0; i < batches; ++i) {
        SegmentBatch batch;
        batch.leaf_index = in.u64();
        batch.first_seq = in.u64();
        batch.count = in.u32();
        out.batches.push_back(batch);
    }
    out.blocks.reserve(blocks);
    for (std::uint32_t i = 0; i < blocks; ++i) {
        SegmentBlock block;
        block.offset = in.u64();
        block.stored_bytes = in.u32();
        block.events = in.u32();
        block.first_seq = in.u64();
        block.last_seq = in.u64();
        block.raw_bytes = in.u64();
        block.wall_first_ns = static_cast<WallNs>(in.u64());
        block.wall_last_ns = static_cast<WallNs>(in.u64());
        block.digest.bytes = in.array<32>();
        out.blocks.push_back(block);
    }
    if (!in.done()) return fail(Errc::tampered, "a malformed segment footer");
    return out;
}

Status check_layout(const SegmentFooter& footer, std::uint64_t header_size,
                    std::uint64_t footer_offset) {
    std::uint64_t at = header_size;
    for (const SegmentBlock& block : footer.blocks) {
        if (block.offset != at || block.stored_bytes > block_stored_max || block.events == 0 ||
            block.first_seq > block.last_seq) {
            return fail(Errc::tampered, "the blocks of a segment don't lie where its footer says");
        }
        at += block.stored_bytes;
    }
    if (at != footer_offset)
        return fail(Errc::tampered, "bytes between blocks and footer of a segment");
    for (std::size_t i = 1; i < footer.batches.size(); ++i) {
        if (footer.batches[i].leaf_index <= footer.batches[i - 1].leaf_index) {
            return fail(Errc::tampered, "the batches of a segment are out of order");
        }
    }
    return {};
}

}  // namespace

Bytes encode(const SegmentHeader& header) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.raw(view_of(segment_magic));
    out.u64(header.segment);
    out.text16(header.key.retention_class);
    out.text16(header.key.day);
    out.u16(static_cast<std::uint16_t>(header.key.wrapped_key.size()));
    out.raw(header.key.wrapped_key);
    out.raw(header.key.commitment.view());
    return bytes;
}

Bytes encode(const SegmentFooter& footer) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.raw(view_of(footer_magic));
    out.u32(static_cast<std::uint32_t>(footer.batches.size()));
    out.u32(static_cast<std::uint32_t>(footer.blocks.size()));
    for (const SegmentBatch& batch : footer.batches) {
        out.u64(batch.leaf_index);
        out.u64(batch.first_seq);
        out.u32(batch.count);
    }
    for (const SegmentBlock& block : footer.blocks) {
        out.u64(block.offset);
        out.u32(block.stored_bytes);
        out.u32(block.events);
        out.u64(block.first_seq);
        out.u64(block.last_seq);
        out.u64(block.raw_bytes);
        out.u64(static_cast<std::uint64_t>(block.wall_first_ns));
        out.u64(static_cast<std::uint64_t>(block.wall_last_ns));
        out.raw(block.digest.view());
    }
    return bytes;
}

Bytes encode_trailer(std::uint64_t footer_offset, const crypto::Digest& digest) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.u64(footer_offset);
    out.raw(digest.view());
    out.raw(view_of(end_magic));
    return bytes;
}

Result<SegmentDirectory> read_directory(const ReadAt& read, std::uint64_t file_bytes) {
    if (file_bytes < segment_trailer_size)
        return fail(Errc::tampered, "a segment file is cut short");
    const Bytes trailer = read(file_bytes - segment_trailer_size, segment_trailer_size);
    ByteReader in(trailer);
    const std::uint64_t footer_offset = in.u64();
    SegmentDirectory out;
    out.file_bytes = file_bytes;
    out.digest.bytes = in.array<32>();
    if (text_of(in.raw(end_magic.size())) != end_magic || !in.done() ||
        footer_offset > file_bytes - segment_trailer_size ||
        file_bytes - segment_trailer_size - footer_offset > segment_footer_max) {
        return fail(Errc::tampered,
                    "a segment file has no end mark: it is cut short or overwritten");
    }
    const Bytes head = read(0, std::min<std::size_t>(header_max, footer_offset));
    std::size_t header_size = 0;
    Result<SegmentHeader> header = decode_header(head, header_size);
    if (!header) return fail(header.error());
    const Bytes tail = read(footer_offset, file_bytes - segment_trailer_size - footer_offset);
    const crypto::Digest digest =
        crypto::sha256({ByteView(head).first(header_size), ByteView(tail)});
    if (digest != out.digest)
        return fail(Errc::tampered, "the header or footer of a segment was changed");
    Result<SegmentFooter> footer = decode_footer(tail);
    if (!footer) return fail(footer.error());
    const Status layout = check_layout(*footer, header_size, footer_offset);
    if (!layout) return fail(layout.error());
    out.header = std::move(*header);
    out.footer = std::move(*footer);
    return out;
}

std::string segment_name(std::uint64_t segment, std::string_view retention_class) {
    std::array<char, 24> digits{};
    std::snprintf(digits.data(), digits.size(), "%020llu",
                  static_cast<unsigned long long>(segment));
    return std::string(digits.data()) + "-" + std::string(retention_class) + ".seg";
}

Bytes block_context(const SegmentHeader& header, std::uint32_t index, bool last) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.raw(view_of("daicho block 1"));
    out.u64(header.segment);
    out.text16(header.key.retention_class);
    out.u32(index);
    out.u8(last ? 1 : 0);
    return bytes;
}

std::array<std::uint8_t, 12> block_nonce(std::uint32_t index) noexcept {
    std::array<std::uint8_t, 12> nonce{'b', 'l', 'o', 'c', 'k', 0, 0, 0, 0, 0, 0, 0};
    for (unsigned i = 0; i < 4; ++i)
        nonce[8 + i] = static_cast<std::uint8_t>(index >> (24 - 8 * i));
    return nonce;
}

}  // namespace daicho::ledger::core
