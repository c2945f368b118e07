#include "ledger/write/sealer.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/fault.hpp"
#include "ledger/core/keys.hpp"
#include "ledger/core/segment_check.hpp"

namespace daicho::ledger::write {

/// All events of one class of a WAL file, in memory: bounded by the size at which a WAL is rotated.
struct Sealer::Content {
    std::vector<LoadedBatch> batches;
    std::vector<std::string> sources;            // all of the segment
    std::vector<core::BlockEvent> events;        // by seq; `source` indexes `sources`
    std::vector<std::vector<std::size_t>> plan;  // rows of each block
    core::SegmentFooter footer;
};

namespace {

void add_events(const LoadedBatch& batch, std::map<std::string, std::uint16_t>& numbers,
                std::vector<std::string>& sources, std::vector<core::BlockEvent>& events) {
    std::vector<std::uint16_t> number_of;
    for (const core::BatchSource& source : batch.leaf.sources) {
        const auto [found, is_new] =
            numbers.try_emplace(source.id, static_cast<std::uint16_t>(sources.size()));
        if (is_new) sources.push_back(source.id);
        number_of.push_back(found->second);
    }
    core::for_each_event(batch.runs, batch.leaf.first_seq,
                         [&](const core::Envelope& envelope, ByteView raw) {
                             core::BlockEvent event = core::block_event_of(envelope, raw);
                             event.source = number_of[envelope.source];
                             events.push_back(event);
                         });
}

/// Rows of each block: one source after the other, cut at `raw_bytes`; inside a block by seq. Small
/// sources share one.
std::vector<std::vector<std::size_t>> plan_blocks(const std::vector<core::BlockEvent>& events,
                                                  std::size_t source_count, std::size_t raw_bytes) {
    std::vector<std::vector<std::size_t>> by_source(source_count);
    for (std::size_t i = 0; i < events.size(); ++i) by_source[events[i].source].push_back(i);
    std::vector<std::vector<std::size_t>> blocks;
    std::vector<std::size_t> rows;
    std::size_t bytes = 0;
    const auto cut = [&] {
        if (rows.empty()) return;
        std::sort(rows.begin(), rows.end());
        blocks.push_back(std::move(rows));
        rows.clear();
        bytes = 0;
    };
    for (const auto& source : by_source) {
        for (const std::size_t row : source) {
            const std::size_t size = events[row].raw.size();
            if (!rows.empty() &&
                (bytes + size > raw_bytes || rows.size() >= core::block_events_max))
                cut();
            rows.push_back(row);
            bytes += size;
        }
        if (bytes * 2 > raw_bytes) cut();  // a large source ends its last block rather than mix
    }
    cut();
    return blocks;
}

core::SegmentBlock place_of(const std::vector<core::BlockEvent>& events,
                            const std::vector<std::size_t>& rows) {
    core::SegmentBlock place;
    place.events = static_cast<std::uint32_t>(rows.size());
    place.first_seq = events[rows.front()].seq;
    place.last_seq = events[rows.back()].seq;
    place.wall_first_ns = place.wall_last_ns = events[rows.front()].wall_ns;
    for (const std::size_t row : rows) {
        place.raw_bytes += events[row].raw.size();
        place.wall_first_ns = std::min(place.wall_first_ns, events[row].wall_ns);
        place.wall_last_ns = std::max(place.wall_last_ns, events[row].wall_ns);
    }
    return place;
}

std::string seal_json(const std::string& file, const core::SegmentDirectory& directory) {
    nlohmann::json out;
    std::uint64_t events = 0;
    WallNs first = directory.footer.blocks.front().wall_first_ns;
    WallNs last = first;
    std::uint64_t last_seq = 0;
    std::uint64_t first_seq = directory.footer.blocks.front().first_seq;
    for (const core::SegmentBlock& block : directory.footer.blocks) {
        events += block.events;
        first = std::min(first, block.wall_first_ns);
        last = std::max(last, block.wall_last_ns);
        first_seq = std::min(first_seq, block.first_seq);
        last_seq = std::max(last_seq, block.last_seq);
    }
    out["batches"] = directory.footer.batches.size();
    out["bytes"] = directory.file_bytes;
    out["class"] = directory.header.key.retention_class;
    out["day"] = directory.header.key.day;
    out["digest"] = directory.digest.hex();
    out["events"] = events;
    out["file"] = file;
    out["first_seq"] = first_seq;
    out["last_seq"] = last_seq;
    out["segment"] = directory.header.segment;
    out["wall_first"] = first;
    out["wall_last"] = last;
    return out.dump();
}

core::ReadAt reader_of(File& file) {
    return [&file](std::uint64_t offset, std::size_t size) { return file.read_at(offset, size); };
}

bool same_event(const core::BlockEvent& read, const core::BlockEvent& meant) {
    return read.seq == meant.seq && read.wall_ns == meant.wall_ns &&
           read.monotonic_ns == meant.monotonic_ns && read.transport == meant.transport &&
           read.framing == meant.framing && read.flags == meant.flags &&
           read.true_length == meant.true_length && read.raw.size() == meant.raw.size() &&
           std::equal(read.raw.begin(), read.raw.end(), meant.raw.begin());
}

}  // namespace

/// What was written opens, unpacks and is, byte by byte, what the WAL's authenticated frames held:
/// the same events that their leaf was made of. Hashing them again would tell no more of the file
/// (docs/decisions/0051).
Status Sealer::compare_back(const core::SegmentDirectory& directory, File& file,
                            const Content& content, const crypto::Key32& data_key) {
    if (directory.footer.blocks.size() != content.plan.size()) {
        return fail(Errc::tampered, "it has another number of blocks");
    }
    crypto::Aead aead(core::block_key(data_key));
    for (std::size_t i = 0; i < content.plan.size(); ++i) {
        const core::SegmentBlock& place = directory.footer.blocks[i];
        const Bytes stored = file.read_at(place.offset, place.stored_bytes);
        const Result<core::Block> block =
            core::open_block(directory, static_cast<std::uint32_t>(i), stored, aead);
        if (!block) return fail(block.error());
        const std::vector<std::size_t>& rows = content.plan[i];
        if (block->size() != rows.size()) {
            return fail(Errc::tampered, "a block has another number of events");
        }
        for (std::size_t row = 0; row < rows.size(); ++row) {
            const core::BlockEvent read = block->event(row);
            const core::BlockEvent& meant = content.events[rows[row]];
            if (!same_event(read, meant) ||
                block->sources()[read.source] != content.sources[meant.source]) {
                return fail(Errc::tampered,
                            "event " + std::to_string(meant.seq) + " is not what was received");
            }
        }
    }
    return {};
}

Result<std::vector<SealedSegment>> Sealer::seal(const WalFile& wal) {
    std::map<std::uint8_t, std::vector<BatchRef>> by_class;
    for (const BatchRef& ref : wal.batches()) by_class[ref.class_index].push_back(ref);
    std::vector<SealedSegment> out;
    for (const auto& [class_index, refs] : by_class) {
        Result<SealedSegment> sealed = seal_class(wal, class_index, refs);
        if (!sealed) return fail(sealed.error());
        out.push_back(std::move(*sealed));
    }
    return out;
}

Bytes Sealer::encode_one(const Content& content, const std::vector<std::size_t>& rows) {
    std::map<std::uint16_t, std::uint16_t> renumbered;
    std::vector<std::string> sources;
    std::vector<core::BlockEvent> events;
    events.reserve(rows.size());
    for (const std::size_t row : rows) {
        core::BlockEvent event = content.events[row];
        const auto [found, is_new] =
            renumbered.try_emplace(event.source, static_cast<std::uint16_t>(sources.size()));
        if (is_new) sources.push_back(content.sources[event.source]);
        event.source = found->second;
        events.push_back(event);
    }
    Result<Bytes> packed = encoder_.encode(events, sources);
    if (!packed) throw Fault("a block could not be packed: " + packed.error().message);
    if (observer_ != nullptr) observer_->block(events, sources);
    return std::move(*packed);
}

void Sealer::write_segment(const std::string& path, const core::SegmentHeader& header,
                           const Content& content, const crypto::Key32& data_key) {
    if (files_.exists(path)) files_.remove(path);
    const auto file = files_.open(path, Files::Mode::create_new);
    const Bytes head = core::encode(header);
    file->append(head);
    core::SegmentFooter footer = content.footer;
    const auto& plan = content.plan;
    crypto::Aead aead(core::block_key(data_key));
    std::uint64_t at = head.size();
    Bytes stored;
    for (std::size_t i = 0; i < plan.size(); ++i) {
        const auto index = static_cast<std::uint32_t>(i);
        const Bytes packed = encode_one(content, plan[i]);
        stored.clear();
        aead.seal(core::block_nonce(index),
                  core::block_context(header, index, i + 1 == plan.size()), packed, stored);
        core::SegmentBlock place = place_of(content.events, plan[i]);
        place.offset = at;
        place.stored_bytes = static_cast<std::uint32_t>(stored.size());
        place.digest = crypto::sha256(stored);
        footer.blocks.push_back(place);
        file->append(stored);
        at += stored.size();
    }
    const Bytes tail = core::encode(footer);
    file->append(tail);
    file->append(core::encode_trailer(at, crypto::sha256({ByteView(head), ByteView(tail)})));
    file->sync_data();
}

Result<SealedSegment> Sealer::seal_class(const WalFile& wal, std::uint8_t class_index,
                                         const std::vector<BatchRef>& refs) {
    core::SegmentHeader header{wal.header().segment, wal.header().classes[class_index]};
    Content content;
    std::vector<core::BatchLeaf> leaves;
    std::map<std::string, std::uint16_t> numbers;
    content.batches.reserve(refs.size());
    std::size_t count = 0;
    for (const BatchRef& ref : refs) count += ref.count;
    content.events.reserve(count);
    for (const BatchRef& ref : refs) {
        Result<LoadedBatch> batch = wal.load(ref);
        if (!batch) return fail(batch.error());
        content.batches.push_back(std::move(*batch));
        add_events(content.batches.back(), numbers, content.sources, content.events);
        content.footer.batches.push_back({ref.leaf_index, ref.first_seq, ref.count});
        leaves.push_back(content.batches.back().leaf);
    }
    SealedSegment out;
    out.file = core::segment_name(header.segment, header.key.retention_class);
    out.events = content.events.size();
    const std::string path = directory_ + "/segment/" + out.file;
    const std::string temporary = path + ".tmp";
    // A crash between rename and SEAL leaf leaves a whole segment. It is checked and taken, never
    // written again: the same nonces must not meet other bytes.
    const bool already_there = files_.exists(path);
    const crypto::Key32& data_key = wal.data_key(class_index);
    if (!already_there) {
        if (observer_ != nullptr) observer_->begin(header);
        content.plan =
            plan_blocks(content.events, content.sources.size(), options_.block_raw_bytes);
        write_segment(temporary, header, content, data_key);
    }
    const auto file = files_.open(already_there ? path : temporary, Files::Mode::read);
    Result<core::SegmentDirectory> directory = core::read_directory(reader_of(*file), file->size());
    core::SegmentFinding finding;
    const Status checked = !directory      ? Status(fail(directory.error()))
                           : already_there ? core::check_events(*directory, reader_of(*file),
                                                                data_key, leaves, finding)
                                           : compare_back(*directory, *file, content, data_key);
    if (!checked) {
        if (observer_ != nullptr && !already_there) observer_->abandon();
        return fail(Errc::tampered, "a sealed segment did not read back as it was written: " +
                                        checked.error().message);
    }
    if (!already_there) files_.rename(temporary, path);
    files_.sync_directory(directory_ + "/segment");
    if (observer_ != nullptr && !already_there) {
        observer_->finish(out.file, *directory, core::index_key(data_key));
    }
    out.directory = std::move(*directory);
    out.seal_json = seal_json(out.file, out.directory);
    return out;
}

}  // namespace daicho::ledger::write
