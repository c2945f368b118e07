// links: evidence
// Streams into events: any cutting gives the same events, every byte is kept or is framing, and the
// budget comes back.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/fault.hpp"
#include "evidence/collect/framing.hpp"

namespace {

using namespace daicho;
using evidence::collect::FrameBatch;
using evidence::collect::FrameSplitter;

struct Event {
    std::string bytes;
    ledger::Framing framing;
    std::uint16_t flags;
    std::uint64_t true_length;
    bool operator==(const Event&) const = default;
};

std::vector<Event> split(ByteView stream, std::size_t piece, FrameSplitter::Mode mode) {
    evidence::collect::HeldBudget budget;
    const std::size_t before = budget.left();
    std::vector<Event> events;
    {
        FrameSplitter splitter(budget, mode);
        std::vector<FrameBatch> batches;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            splitter.feed(stream.subspan(at, std::min(piece, stream.size() - at)), batches);
        }
        splitter.close(batches);
        for (const FrameBatch& batch : batches) {
            std::size_t end = 0;
            for (const ledger::Item& item : batch.items) {
                check(item.offset >= end && item.length > 0, "items ascend and are not empty");
                end = std::size_t{item.offset} + item.length;
                check(end <= batch.data.size(), "items lie inside the data");
                events.push_back(
                    {std::string(text_of(ByteView(batch.data).subspan(item.offset, item.length))),
                     batch.framing, item.flags, item.true_length});
            }
        }
    }
    check(budget.left() == before, "the budget was given back");
    return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const ByteView stream(data + 2, size - 2);
    const auto mode =
        (data[0] & 1) == 0 ? FrameSplitter::Mode::detect : FrameSplitter::Mode::lines_only;
    const auto whole = split(stream, stream.size() + 1, mode);
    check(split(stream, std::size_t{data[1]} % 64 + 1, mode) == whole, "cutting changes nothing");
    std::size_t kept = 0;
    for (const Event& event : whole) kept += event.bytes.size();
    check(kept <= stream.size(), "nothing is invented");
    if (mode == FrameSplitter::Mode::lines_only) {
        std::string joined;
        std::string wanted;
        for (const Event& event : whole) joined += event.bytes;
        for (const std::uint8_t byte : stream) {
            if (byte != '\n') wanted.push_back(static_cast<char>(byte));
        }
        check(joined == wanted, "every byte but line ends is kept, in order");
    }
    return 0;
}
