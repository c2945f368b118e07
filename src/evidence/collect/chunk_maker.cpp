#include "evidence/collect/chunk_maker.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"

namespace daicho::evidence::collect {
namespace {

bool is_access(const ledger::search::Fields& fields) {
    using ledger::search::Category;
    return fields.category == Category::authentication || fields.category == Category::session ||
           fields.category == Category::database || fields.category == Category::web;
}

/// One event that stands for `weight` of its kind.
void cover(const ledger::search::Fields& fields, std::uint64_t weight, Coverage& out) {
    using ledger::search::Action;
    using ledger::search::Outcome;
    constexpr std::uint8_t error_severity = 3;
    if (fields.severity <= error_severity || fields.action == Action::error) out.errors += weight;
    if (!is_access(fields)) return;
    out.access_events += weight;
    if (fields.time_ns) out.with_time += weight;
    if (!fields.user.empty()) out.with_user += weight;
    if (fields.address) out.with_address += weight;
    if (fields.outcome != Outcome::unknown) out.with_outcome += weight;
    if (fields.action == Action::sign_in) out.sign_ins += weight;
    if (fields.action == Action::sign_out) out.sign_outs += weight;
    if (fields.outcome == Outcome::failure) out.failures += weight;
    if (fields.outcome == Outcome::success) out.successes += weight;
}

}  // namespace

namespace flag = ledger::event_flag;

bool is_ascii(ByteView bytes) noexcept {
    // The compiler makes vector code of the inner loop; leaving after each 4 KiB keeps binary data
    // cheap too.
    constexpr std::size_t step = 4096;
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    while (left >= 8) {
        const std::size_t size = std::min(left, step) & ~std::size_t{7};
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < size; i += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, at + i, 8);
            seen |= word;
        }
        if ((seen & high_bits) != 0) return false;
        at += size;
        left -= size;
    }
    for (; left > 0; --left) {
        if ((*at++ & 0x80) != 0) return false;
    }
    return true;
}

ledger::Chunk ChunkMaker::make(FrameBatch&& batch, const SourceIdentity& who, WallNs wall_ns,
                               std::int64_t monotonic_ns, ChunkStats& stats) {
    ledger::Chunk chunk;
    chunk.source = who.source;
    chunk.retention_class = who.retention_class;
    chunk.transport = who.transport;
    chunk.framing = batch.framing;
    chunk.wall_ns = wall_ns;
    chunk.monotonic_ns = monotonic_ns;
    chunk.data = std::move(batch.data);
    chunk.items = std::move(batch.items);

    stats = ChunkStats{};
    stats.events = chunk.items.size();
    stats.framing_errors = batch.framing_errors;
    stats.wall_ns = wall_ns;
    stats.transport = who.transport;
    stats.registered = who.registered;
    std::uint16_t common = 0;
    if (!who.authenticated && who.transport != ledger::Transport::file)
        common |= flag::unauthenticated;
    if (!who.registered && who.transport != ledger::Transport::file) common |= flag::unregistered;
    const bool ascii = is_ascii(chunk.data);
    for (ledger::Item& item : chunk.items) {
        item.flags |= common;
        stats.bytes += item.true_length;
        if ((item.flags & flag::truncated) != 0) ++stats.truncated;
        if (ascii) continue;
        const std::string_view text =
            text_of(ByteView(chunk.data).subspan(item.offset, item.length));
        if (!is_utf8(text)) item.flags |= flag::invalid_utf8;
    }
    look_at(chunk, stats);
    return chunk;
}

/// Clock skew of every event, and the fields of some. The events of a file are old by nature: no
/// skew.
void ChunkMaker::look_at(ledger::Chunk& chunk, ChunkStats& stats) {
    const ByteView data = chunk.data;
    const bool live = chunk.transport != ledger::Transport::file;
    for (std::size_t i = 0; i < chunk.items.size(); ++i) {
        ledger::Item& item = chunk.items[i];
        const ByteView raw = data.subspan(item.offset, item.length);
        if (live) {
            const auto time = parse::quick_time(text_of(raw), chunk.wall_ns, zone_);
            if (time) {
                const std::int64_t skew = *time - chunk.wall_ns;
                stats.skew.add(skew);
                if (skew > skew_flag_ns || skew < -skew_flag_ns) item.flags |= flag::clock_skew;
            }
        }
        if (i % coverage_stride != 0) continue;
        const std::uint64_t stands_for = std::min(coverage_stride, chunk.items.size() - i);
        extractor_.extract(raw, chunk.wall_ns, fields_);
        ++stats.coverage.sampled;
        cover(fields_, stands_for, stats.coverage);
    }
}

}  // namespace daicho::evidence::collect
