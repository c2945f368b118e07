// links: ledger_core
// The block codec from both sides. As a packed block: whatever decodes is within its limits and
// packs again to the same events. As text: lines of any bytes come back unchanged. A few rows are
// the same rows that the whole block has.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/fault.hpp"
#include "ledger/core/block.hpp"

namespace {

using namespace daicho;
using namespace daicho::ledger;
using namespace daicho::ledger::core;

/// Keeps one input from taking seconds.
constexpr BlockLimits limits{.events_max = 4096, .raw_bytes_max = std::size_t{1} << 20};

std::vector<BlockEvent> events_of(const Block& block) {
    std::vector<BlockEvent> events;
    for (std::size_t i = 0; i < block.size(); ++i) events.push_back(block.event(i));
    return events;
}

void check_same(const std::vector<BlockEvent>& events, const Block& block) {
    check(block.size() == events.size(), "a block keeps its number of events");
    for (std::size_t i = 0; i < events.size(); ++i) {
        const BlockEvent back = block.event(i);
        check(back.seq == events[i].seq && back.wall_ns == events[i].wall_ns &&
                  back.monotonic_ns == events[i].monotonic_ns && back.source == events[i].source &&
                  back.transport == events[i].transport && back.framing == events[i].framing &&
                  back.flags == events[i].flags && back.true_length == events[i].true_length,
              "a block keeps envelopes");
        check(text_of(back.raw) == text_of(events[i].raw), "a block keeps bytes");
    }
}

/// Rows with gaps between them of every length up to the rest of the block.
std::vector<std::uint8_t> some_rows(std::size_t count) {
    std::vector<std::uint8_t> wanted(count, 0);
    for (std::size_t row = 1, gap = 1; row < count; row += gap++) wanted[row] = 1;
    return wanted;
}

void check_rows(ByteView packed, const Block& whole) {
    const std::vector<std::uint8_t> wanted = some_rows(whole.size());
    const auto some = decode_rows(packed, wanted, limits);
    check(some.has_value(), "rows of a block that decodes can be read");
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const std::string_view meant = wanted[i] != 0 ? text_of(whole.event(i).raw) : "";
        check(text_of(some->event(i).raw) == meant, "a row is what it is in the whole block");
    }
}

void check_round_trip(const std::vector<BlockEvent>& events,
                      const std::vector<std::string>& sources) {
    const auto packed = encode_block(events, sources, 1);
    check(packed.has_value(), "what is within the limits is packed");
    const auto block = decode_block(*packed);
    check(block.has_value(), "what was packed is unpacked");
    check_same(events, *block);
    check_rows(*packed, *block);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    if (const auto block = decode_block(input, limits)) {
        check(block->raw().size() <= limits.raw_bytes_max, "the limit on bytes holds");
        check(block->size() <= limits.events_max, "the limit on events holds");
        check_rows(input, *block);
        check_round_trip(events_of(*block), block->sources());
    }
    // Rows of a block that does not decode as a whole may be refused, or not be concerned.
    if (const auto rows = decode_rows(input, some_rows(limits.events_max), limits)) {
        check(rows->raw().size() <= limits.raw_bytes_max, "the limit on bytes holds for rows");
    }
    const std::vector<std::string> sources{"udp:192.0.2.1"};
    std::vector<BlockEvent> events;
    for (std::size_t at = 0; at < size && events.size() < limits.events_max;) {
        // 0xff stands between lines, so that every byte that text can have may occur inside.
        const void* found = std::memchr(data + at, 0xff, size - at);
        const std::size_t end =
            found == nullptr
                ? size
                : static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - data);
        BlockEvent event;
        event.seq = events.size() * 2;
        event.raw = input.subspan(at, end - at);
        event.true_length = event.raw.size();
        events.push_back(event);
        at = end + 1;
    }
    if (!events.empty()) check_round_trip(events, sources);
    return 0;
}
