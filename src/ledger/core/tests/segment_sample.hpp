#pragma once
// A segment file of two batches, one in each block, made from the format's own parts.
#include "ledger/core/segment_check.hpp"
#include "ledger/core/tests/sample.hpp"

namespace daicho::ledger::core::sample {

struct SegmentFile {
    SegmentHeader header{90, class_key()};
    Batch first{key_of(1), 100};
    Batch second{key_of(1), 104};
    std::vector<Bytes> stored;
    SegmentFooter footer;
    Bytes bytes;

    SegmentFile() {
        std::uint64_t at = encode(header).size();
        crypto::Aead aead(block_key(key_of(1)));
        for (const Batch* batch : {&first, &second}) {
            const auto index = static_cast<std::uint32_t>(stored.size());
            const std::vector<std::string> sources{"import:a", "udp:192.0.2.1"};
            const Result<Bytes> packed = encode_block(batch->events, sources);
            Bytes sealed;
            aead.seal(block_nonce(index), block_context(header, index, index == 1), *packed,
                      sealed);
            SegmentBlock place;
            place.offset = at;
            place.stored_bytes = static_cast<std::uint32_t>(sealed.size());
            place.events = batch->leaf.count;
            place.first_seq = batch->leaf.first_seq;
            place.last_seq = batch->leaf.first_seq + batch->leaf.count - 1;
            for (const std::string& line : batch->lines) place.raw_bytes += line.size();
            place.wall_first_ns = batch->leaf.wall_first_ns;
            place.wall_last_ns = batch->leaf.wall_last_ns;
            place.digest = crypto::sha256(sealed);
            footer.blocks.push_back(place);
            footer.batches.push_back({index, batch->leaf.first_seq, batch->leaf.count});
            at += sealed.size();
            stored.push_back(std::move(sealed));
        }
        finish();
    }
    SegmentFile(const SegmentFile&) = delete;
    SegmentFile& operator=(const SegmentFile&) = delete;

    /// Puts the file together anew after `footer` was changed.
    void finish() {
        const Bytes head = encode(header);
        const Bytes tail = encode(footer);
        bytes = head;
        for (const Bytes& block : stored) bytes.insert(bytes.end(), block.begin(), block.end());
        const Bytes trailer =
            encode_trailer(bytes.size(), crypto::sha256({ByteView(head), ByteView(tail)}));
        bytes.insert(bytes.end(), tail.begin(), tail.end());
        bytes.insert(bytes.end(), trailer.begin(), trailer.end());
    }
    [[nodiscard]] ReadAt read() const {
        return [this](std::uint64_t offset, std::size_t size) {
            const std::size_t from = std::min<std::size_t>(offset, bytes.size());
            const std::size_t to = from + std::min(size, bytes.size() - from);
            return Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                         bytes.begin() + static_cast<std::ptrdiff_t>(to));
        };
    }
    [[nodiscard]] Result<SegmentDirectory> directory() const {
        return read_directory(read(), bytes.size());
    }
    [[nodiscard]] std::vector<BatchLeaf> leaves() const { return {first.leaf, second.leaf}; }
};

}  // namespace daicho::ledger::core::sample
