#include "faults/watched_ledger.hpp"

#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/render.hpp"

namespace daicho::test {

std::vector<nlohmann::json> WatchedLedger::stored(ledger::core::LeafType type) {
    std::vector<nlohmann::json> out;
    const std::string folder = options.data_directory + "/ledger/wal";
    for (const DirectoryEntry& entry : disk.list(folder)) {
        const Bytes bytes = read_file(disk, folder + "/" + entry.name);
        const auto content = ledger::core::read_wal(bytes);
        for (const ledger::core::Frame& frame : content->frames) {
            const auto leaf = ledger::core::decode_notice(frame.leaf);
            if (leaf && leaf->type == type) out.push_back(nlohmann::json::parse(leaf->json));
        }
    }
    return out;
}

std::vector<Seen> WatchedLedger::events() {
    std::map<std::uint64_t, Seen> by_seq;
    const auto take = [&](const ledger::core::BlockEvent& event) {
        by_seq[event.seq] = {event.seq, event.wall_ns, event.monotonic_ns,
                             std::string(text_of(event.raw))};
    };
    for (const ledger::search::SegmentInfo& info : ledger->segments().segments()) {
        for (std::uint32_t i = 0; i < info.blocks; ++i) {
            const auto block = ledger->segments().block(info.id, i);
            for (std::size_t row = 0; row < (*block)->size(); ++row) take((*block)->event(row));
        }
    }
    EXPECT_TRUE(
        ledger->segments().tail([&](const ledger::core::BlockEvent& event, const std::string&) {
            take(event);
            return true;
        }));
    std::vector<Seen> out;
    for (auto& [seq, event] : by_seq) out.push_back(std::move(event));
    return out;
}

std::string WatchedLedger::verify() {
    ledger::core::verify::Options deep;
    deep.deep = true;
    deep.keys_directory = options.keys_directory;
    const auto report = ledger::core::verify::verify_ledger(disk, options.data_directory, deep);
    if (!report) return report.error().message;
    return report->passed()
               ? std::string()
               : ledger::core::verify::to_text(*report, "", ledger::core::verify::Language::en);
}

}  // namespace daicho::test
