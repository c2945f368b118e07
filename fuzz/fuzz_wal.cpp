// links: ledger_core
// Write-ahead files: what parses has one form, and a reader never claims more than was there.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "ledger/core/wal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::ledger::core;
    const ByteView file(data, size);
    if (const auto head = decode_frame_head(file)) {
        const auto again = encode(*head);
        check(std::equal(again.begin(), again.end(), data), "a frame head has one form");
    }
    std::uint64_t work = 0;
    const ReadWal read = [&](std::uint64_t offset, std::size_t wanted) {
        const ByteView part = file.subspan(std::min<std::size_t>(offset, size));
        const ByteView out = part.first(std::min(wanted, part.size()));
        work += out.size();
        return Bytes(out.begin(), out.end());
    };
    // What lies between two parts is read twice; an input is smaller than a part.
    (void)synced_frame_after(read, size, 0, 0);
    check(work <= 5 * size + frame_head_size, "no more work than the file is worth");
    const auto content = read_wal(file);
    if (!content) return 0;
    const Bytes header = encode(content->header);
    check(header.size() <= size && std::equal(header.begin(), header.end(), data),
          "a header has one form");
    check(content->end.good_bytes <= size, "no more than is there");
    std::uint64_t at = header.size();
    std::uint64_t index = content->header.first_leaf;
    for (const Frame& frame : content->frames) {
        check(frame.offset == at && frame.head.leaf_index == index++, "frames follow each other");
        check(frame_crc(frame.head, frame.leaf, frame.body) == frame.head.crc, "checked");
        at += frame_head_size + frame.leaf.size() + frame.body.size();
    }
    check(at == content->end.good_bytes, "frames fill the good part");
    Bytes leaves;
    const auto cheap = read_wal_leaves(read, size, leaves);
    check(cheap && cheap->frames.size() >= content->frames.size() && cheap->end.good_bytes <= size,
          "without bodies at least the frames that are whole are found");
    for (std::size_t i = 0; i < content->frames.size(); ++i) {
        const ByteView mine = cheap->frames[i].leaf;
        const ByteView other = content->frames[i].leaf;
        check(std::equal(mine.begin(), mine.end(), other.begin(), other.end()), "the same leaves");
    }
    return 0;
}
