#include "ledger/core/wal.hpp"

#include <cstdio>

#include "base/fault.hpp"
#include "crypto/crc32c.hpp"
#include "ledger/core/leaf.hpp"

namespace daicho::ledger::core {
namespace {

constexpr std::string_view wal_magic = "DWAL0001";
constexpr std::uint32_t frame_magic = 0x44574631;  // "DWF1"
constexpr std::size_t wrapped_size_max = 512;
constexpr std::size_t classes_max = 16;
constexpr std::size_t day_size = 10;

Result<ClassKey> read_class(ByteReader& in) {
    ClassKey key;
    key.retention_class = in.text16();
    key.day = in.text16();
    const std::size_t wrapped = in.u16();
    const ByteView bytes = in.raw(wrapped);
    key.wrapped_key.assign(bytes.begin(), bytes.end());
    key.commitment.bytes = in.array<32>();
    if (!in.ok() || !is_class_name(key.retention_class) || key.day.size() != day_size ||
        wrapped > wrapped_size_max) {
        return fail(Errc::tampered, "a WAL header names a malformed key");
    }
    return key;
}

/// A leaf of some sources; larger ones are read a second time.
constexpr std::size_t leaf_size_usual = 960;

Result<Frame> frame_at(ByteView file, std::size_t at) {
    if (file.size() - at < frame_head_size)
        return fail(Errc::tampered, "the file ends inside a frame head");
    Result<FrameHead> head = decode_frame_head(file.subspan(at, frame_head_size));
    if (!head) return fail(head.error());
    const std::size_t rest = std::size_t{head->leaf_length} + head->body_length;
    if (file.size() - at - frame_head_size < rest)
        return fail(Errc::tampered, "the file ends inside a frame");
    Frame frame;
    frame.head = *head;
    frame.leaf = file.subspan(at + frame_head_size, head->leaf_length);
    frame.body = file.subspan(at + frame_head_size + head->leaf_length, head->body_length);
    frame.offset = at;
    if (frame_crc(*head, frame.leaf, frame.body) != head->crc) {
        return fail(Errc::tampered, "the checksum of a frame is wrong");
    }
    return frame;
}

}  // namespace

Bytes encode(const WalHeader& header) {
    check(header.classes.size() <= classes_max, "a WAL file of too many classes");
    Bytes bytes;
    ByteWriter out(bytes);
    out.raw(view_of(wal_magic));
    out.u32(0);  // the length, filled in below
    out.u64(header.first_leaf);
    out.u64(header.segment);
    out.u64(static_cast<std::uint64_t>(header.created_ns));
    out.raw(header.previous_batch.view());
    out.u16(static_cast<std::uint16_t>(header.wrapped_mac_key.size()));
    out.raw(header.wrapped_mac_key);
    out.u8(static_cast<std::uint8_t>(header.classes.size()));
    for (const ClassKey& key : header.classes) {
        out.text16(key.retention_class);
        out.text16(key.day);
        out.u16(static_cast<std::uint16_t>(key.wrapped_key.size()));
        out.raw(key.wrapped_key);
        out.raw(key.commitment.view());
    }
    const std::size_t size = bytes.size() + 4;
    for (unsigned i = 0; i < 4; ++i) {
        bytes[wal_magic.size() + i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
    }
    out.u32(crypto::crc32c(bytes));
    return bytes;
}

Result<WalHeader> decode_wal_header(ByteView bytes, std::size_t& size) {
    ByteReader in(bytes);
    if (text_of(in.raw(wal_magic.size())) != wal_magic)
        return fail(Errc::tampered, "not a WAL file");
    size = in.u32();
    if (!in.ok() || size > wal_header_max || size > bytes.size() || size < 16) {
        return fail(Errc::tampered, "a WAL header of an impossible length");
    }
    ByteReader tail(bytes.subspan(size - 4, 4));
    if (tail.u32() != crypto::crc32c(bytes.first(size - 4))) {
        return fail(Errc::tampered, "the checksum of a WAL header is wrong");
    }
    in = ByteReader(bytes.subspan(wal_magic.size() + 4, size - wal_magic.size() - 8));
    WalHeader out;
    out.first_leaf = in.u64();
    out.segment = in.u64();
    out.created_ns = static_cast<WallNs>(in.u64());
    out.previous_batch.bytes = in.array<32>();
    const ByteView wrapped = in.raw(in.u16());
    out.wrapped_mac_key.assign(wrapped.begin(), wrapped.end());
    const std::size_t classes = in.u8();
    if (classes > classes_max) return fail(Errc::tampered, "a WAL header of too many classes");
    for (std::size_t i = 0; i < classes; ++i) {
        Result<ClassKey> key = read_class(in);
        if (!key) return fail(key.error());
        out.classes.push_back(std::move(*key));
    }
    if (!in.done()) return fail(Errc::tampered, "a malformed WAL header");
    return out;
}

std::array<std::uint8_t, frame_head_size> bare_head(const FrameHead& head) noexcept {
    std::array<std::uint8_t, frame_head_size> out{};
    const auto put = [&out](std::size_t at, std::uint64_t value, unsigned width) {
        for (unsigned i = 0; i < width; ++i) {
            out[at + i] = static_cast<std::uint8_t>(value >> (8 * (width - 1 - i)));
        }
    };
    put(0, frame_magic, 4);
    put(4, head.leaf_index, 8);
    put(12, head.class_index, 1);
    put(16, head.leaf_length, 4);
    put(20, head.body_length, 4);
    put(28, head.unsynced, 4);
    return out;  // 13-15 are reserved and zero
}

std::array<std::uint8_t, frame_head_size> encode(const FrameHead& head) noexcept {
    auto out = bare_head(head);
    for (unsigned i = 0; i < 4; ++i)
        out[24 + i] = static_cast<std::uint8_t>(head.crc >> (24 - 8 * i));
    std::copy(head.mac.bytes.begin(), head.mac.bytes.end(), out.begin() + frame_mac_offset);
    return out;
}

std::uint32_t frame_crc(const FrameHead& head, ByteView leaf, ByteView body) noexcept {
    FrameHead zeroed = head;
    zeroed.crc = 0;
    return crypto::crc32c(body, crypto::crc32c(leaf, crypto::crc32c(encode(zeroed))));
}

Result<FrameHead> decode_frame_head(ByteView bytes) {
    ByteReader in(bytes);
    FrameHead out;
    const std::uint32_t magic = in.u32();
    out.leaf_index = in.u64();
    out.class_index = in.u8();
    const std::uint32_t reserved = std::uint32_t{in.u8()} | in.u16();
    out.leaf_length = in.u32();
    out.body_length = in.u32();
    out.crc = in.u32();
    out.unsynced = in.u32();
    out.mac.bytes = in.array<32>();
    if (!in.done() || magic != frame_magic || reserved != 0) {
        return fail(Errc::tampered, "not a frame");
    }
    if (out.leaf_length < 2 || out.leaf_length > leaf_size_max ||
        out.body_length > frame_body_max || out.unsynced > out.leaf_index ||
        (out.class_index == no_class) != (out.body_length == 0)) {
        return fail(Errc::tampered, "a frame head is malformed");
    }
    return out;
}

Result<WalContent> read_wal(ByteView file) {
    WalContent out;
    std::size_t at = 0;
    Result<WalHeader> header = decode_wal_header(file, at);
    if (!header) return fail(header.error());
    out.header = std::move(*header);
    while (at < file.size()) {
        Result<Frame> frame = frame_at(file, at);
        const std::uint64_t expected = out.header.first_leaf + out.frames.size();
        if (frame && frame->head.leaf_index != expected) {
            frame = fail(Errc::tampered, "a frame is out of order");
        }
        if (!frame) {
            out.end.reason = frame.error().message;
            const ReadWal read = [file](std::uint64_t offset, std::size_t size) {
                const ByteView part = file.subspan(std::min<std::size_t>(offset, file.size()));
                const ByteView wanted = part.first(std::min(size, part.size()));
                return Bytes(wanted.begin(), wanted.end());
            };
            out.end.damaged_inside = synced_frame_after(read, file.size(), at + 1, expected);
            break;
        }
        at += frame_head_size + frame->leaf.size() + frame->body.size();
        out.frames.push_back(std::move(*frame));
    }
    out.end.good_bytes = at;
    out.end.file_bytes = file.size();
    return out;
}

Result<WalContent> read_wal_leaves(const ReadWal& read, std::uint64_t file_bytes, Bytes& leaves) {
    WalContent out;
    std::size_t header_bytes = 0;
    Result<WalHeader> header = decode_wal_header(read(0, wal_header_max), header_bytes);
    if (!header) return fail(header.error());
    out.header = std::move(*header);
    leaves.clear();
    std::uint64_t at = header_bytes;
    std::vector<std::size_t> leaf_at;
    while (at < file_bytes && out.end.reason.empty()) {
        const Bytes start = read(at, frame_head_size + leaf_size_usual);
        const ByteView view(start);
        const Result<FrameHead> head =
            decode_frame_head(view.first(std::min(view.size(), frame_head_size)));
        const std::uint64_t size =
            head ? frame_head_size + std::uint64_t{head->leaf_length} + head->body_length : 0;
        if (!head) {
            out.end.reason = head.error().message;
        } else if (head->leaf_index != out.header.first_leaf + out.frames.size()) {
            out.end.reason = "a frame is out of order";
        } else if (size > file_bytes - at) {
            out.end.reason = "the file ends inside a frame";
        }
        if (!out.end.reason.empty()) break;
        leaf_at.push_back(leaves.size());
        if (frame_head_size + head->leaf_length <= start.size()) {
            const ByteView leaf = view.subspan(frame_head_size, head->leaf_length);
            leaves.insert(leaves.end(), leaf.begin(), leaf.end());
        } else {
            const Bytes leaf = read(at + frame_head_size, head->leaf_length);
            if (leaf.size() != head->leaf_length)
                return fail(Errc::tampered, "a WAL file became shorter while it was read");
            leaves.insert(leaves.end(), leaf.begin(), leaf.end());
        }
        out.frames.push_back({*head, {}, {}, at});
        at += size;
    }
    for (std::size_t i = 0; i < out.frames.size(); ++i) {
        out.frames[i].leaf = ByteView(leaves).subspan(leaf_at[i], out.frames[i].head.leaf_length);
    }
    out.end.good_bytes = at;
    out.end.file_bytes = file_bytes;
    return out;
}

std::string wal_name(std::uint64_t first_leaf) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%020llu.wal",
                  static_cast<unsigned long long>(first_leaf));
    return text.data();
}

}  // namespace daicho::ledger::core
