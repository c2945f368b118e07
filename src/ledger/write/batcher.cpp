#include "ledger/write/batcher.hpp"

#include <algorithm>
#include <map>

#include "ledger/core/batch_hasher.hpp"

namespace daicho::ledger::write {
namespace {

core::BodyRun run_of(const Chunk& chunk, std::uint16_t source) {
    core::BodyRun run;
    run.source = source;
    run.transport = chunk.transport;
    run.framing = chunk.framing;
    run.wall_ns = chunk.wall_ns;
    run.monotonic_ns = chunk.monotonic_ns;
    run.items.reserve(chunk.items.size());
    run.raw.reserve(chunk.items.size());
    for (const Item& item : chunk.items) {
        run.items.push_back({item.length, item.flags, item.true_length});
        run.raw.push_back(ByteView(chunk.data).subspan(item.offset, item.length));
    }
    return run;
}

void add_source(core::BatchLeaf& leaf, std::map<std::string_view, std::uint16_t>& numbers,
                const Chunk& chunk, std::uint16_t& number) {
    const auto [found, is_new] =
        numbers.try_emplace(chunk.source, static_cast<std::uint16_t>(leaf.sources.size()));
    if (is_new) leaf.sources.push_back({chunk.source, 0, 0});
    number = found->second;
    core::BatchSource& source = leaf.sources[number];
    source.events += static_cast<std::uint32_t>(chunk.items.size());
    for (const Item& item : chunk.items) source.bytes += item.length;
}

void widen(core::BatchLeaf& leaf, const Chunk& chunk, bool first) {
    leaf.wall_first_ns = first ? chunk.wall_ns : std::min(leaf.wall_first_ns, chunk.wall_ns);
    leaf.wall_last_ns = first ? chunk.wall_ns : std::max(leaf.wall_last_ns, chunk.wall_ns);
    leaf.monotonic_first_ns =
        first ? chunk.monotonic_ns : std::min(leaf.monotonic_first_ns, chunk.monotonic_ns);
    leaf.monotonic_last_ns =
        first ? chunk.monotonic_ns : std::max(leaf.monotonic_last_ns, chunk.monotonic_ns);
}

/// Raw bytes of neighbouring events lie side by side in their chunk, but for the line ends between
/// them.
void join_raw(NewBatch& batch) {
    for (const core::BodyRun& run : batch.runs) {
        for (const ByteView raw : run.raw) {
            if (!batch.raw_parts.empty() &&
                batch.raw_parts.back().data() + batch.raw_parts.back().size() == raw.data()) {
                batch.raw_parts.back() = {batch.raw_parts.back().data(),
                                          batch.raw_parts.back().size() + raw.size()};
            } else {
                batch.raw_parts.push_back(raw);
            }
        }
    }
}

}  // namespace

std::vector<std::vector<const PendingChunk*>> split_by_batch(
    const std::vector<PendingChunk>& chunks) {
    struct Open {
        std::size_t at = 0;
        std::size_t events = 0;
        std::size_t bytes = 0;
        std::vector<std::string_view> sources;
    };
    std::vector<std::vector<const PendingChunk*>> out;
    std::map<std::string_view, Open> open;
    for (const PendingChunk& pending : chunks) {
        const Chunk& chunk = pending.chunk;
        auto [found, is_new] = open.try_emplace(chunk.retention_class);
        Open& batch = found->second;
        const bool known = std::find(batch.sources.begin(), batch.sources.end(), chunk.source) !=
                           batch.sources.end();
        const std::size_t bytes = chunk.data.size();
        if (is_new || batch.events + chunk.items.size() > core::batch_events_max ||
            batch.bytes + bytes > batch_raw_bytes_max ||
            (!known && batch.sources.size() == core::batch_sources_max)) {
            batch = Open{out.size(), 0, 0, {}};
            out.emplace_back();
        }
        if (batch.sources.empty() || std::find(batch.sources.begin(), batch.sources.end(),
                                               chunk.source) == batch.sources.end()) {
            batch.sources.push_back(chunk.source);
        }
        batch.events += chunk.items.size();
        batch.bytes += bytes;
        out[batch.at].push_back(&pending);
    }
    return out;
}

NewBatch make_batch(const std::vector<const PendingChunk*>& chunks, const crypto::Key32& data_key,
                    BatchContext& context) {
    NewBatch out;
    core::BatchLeaf& leaf = out.leaf;
    leaf.retention_class = chunks.front()->chunk.retention_class;
    leaf.segment = context.segment;
    leaf.first_seq = context.next_seq;
    leaf.boot_id = context.boot_id;
    leaf.previous = context.previous_batch;
    std::map<std::string_view, std::uint16_t> numbers;
    for (const PendingChunk* pending : chunks) {
        const Chunk& chunk = pending->chunk;
        std::uint16_t number = 0;
        add_source(leaf, numbers, chunk, number);
        widen(leaf, chunk, out.runs.empty());
        out.runs.push_back(run_of(chunk, number));
        const auto count = static_cast<std::uint32_t>(chunk.items.size());
        out.receipts.push_back({pending->ticket, {leaf.first_seq + leaf.count, count}});
        leaf.count += count;
    }
    std::vector<crypto::Digest> commitments =
        core::commitments_of(out.runs, leaf.first_seq, data_key);
    leaf.event_root = core::root_in_place(commitments);
    out.leaf_bytes = core::encode(leaf);
    out.body_head = core::encode_body_head(out.runs);
    join_raw(out);
    context.next_seq += leaf.count;
    context.previous_batch = crypto::hash_leaf(out.leaf_bytes);
    return out;
}

}  // namespace daicho::ledger::write
