// links: ledger_core
// Segment files: header and footer have one form, blocks fill what lies between.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "ledger/core/segment_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::ledger::core;
    const ReadAt read = [&](std::uint64_t offset, std::size_t count) {
        const std::size_t from = std::min<std::uint64_t>(offset, size);
        return Bytes(data + from, data + from + std::min(count, size - from));
    };
    const auto directory = read_directory(read, size);
    if (!directory) return 0;
    const Bytes header = encode(directory->header);
    const Bytes footer = encode(directory->footer);
    std::uint64_t blocks = 0;
    for (const SegmentBlock& block : directory->footer.blocks) blocks += block.stored_bytes;
    check(header.size() + blocks + footer.size() + segment_trailer_size == size,
          "every byte belongs to a part");
    check(std::equal(header.begin(), header.end(), data), "a header has one form");
    check(std::equal(footer.begin(), footer.end(), data + header.size() + blocks),
          "a footer has one form");
    std::vector<SegmentFinding> findings;
    std::uint64_t bytes = 0;
    check_block_digests(*directory, read, findings, bytes);
    check(bytes == blocks, "all blocks were read");
    return 0;
}
