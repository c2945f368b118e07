#include <zstd.h>

#include <algorithm>
#include <limits>

#include "ledger/core/block.hpp"
#include "ledger/core/codec/block_form.hpp"
#include "ledger/core/codec/column.hpp"
#include "ledger/core/codec/printer.hpp"

namespace daicho::ledger::core {
namespace {

using Values = std::vector<std::uint64_t>;

tl::unexpected<Error> corrupt(const char* what) {
    return fail(Errc::tampered, what);
}
tl::unexpected<Error> corrupt() {
    return corrupt("corrupt block");
}

constexpr unsigned level_count = codec::nesting_max + 1;

}  // namespace

/// One use per block. Nothing that it reads is trusted: every count is bounded by the limits before
/// it allocates, and the printed lines must fill the declared size exactly.
class BlockDecoder {
public:
    BlockDecoder(ByteView packed, const BlockLimits& limits) : in_(packed), limits_(limits) {}
    void want(std::span<const std::uint8_t> rows) {
        wanted_ = rows;
        all_wanted_ = false;
    }
    Result<Block> run();

private:
    Status read_head();
    Status read_envelopes();
    Status read_column(std::size_t count, Values& out);
    Status read_text();
    Status read_templates(ByteReader& text, unsigned depth);
    Status read_values();
    Status count_uses(const Values& template_ids, unsigned depth, std::uint64_t base);
    Status read_level_columns(unsigned depth);
    Status count_nested();
    Status print_lines();
    bool is_wanted(std::size_t row) const {
        return all_wanted_ || (row < wanted_.size() && wanted_[row] != 0);
    }

    ByteView in_;
    BlockLimits limits_;
    std::span<const std::uint8_t> wanted_;
    bool all_wanted_ = true;
    Block block_;
    std::size_t events_ = 0;
    std::size_t raw_size_ = 0;
    std::size_t values_left_ = 0;
    codec::ColumnDecoder columns_;
    Values template_ids_;
    Values plain_sizes_;
    Bytes text_;
    ByteView plain_;
    std::array<codec::TemplateList, level_count> levels_;
    codec::ColumnMap map_;
    std::vector<std::uint64_t> counts_;  // by column
    std::vector<Values> values_;         // by column
};

Result<Block> BlockDecoder::run() {
    for (Status (BlockDecoder::*step)() :
         {&BlockDecoder::read_head, &BlockDecoder::read_envelopes, &BlockDecoder::read_text,
          &BlockDecoder::read_values, &BlockDecoder::print_lines}) {
        const Status done = (this->*step)();
        if (!done) return tl::unexpected(done.error());
    }
    return std::move(block_);
}

Status BlockDecoder::read_head() {
    ByteReader in(in_);
    if (in.u32() != block_magic) return corrupt("not a block of a known version");
    const std::uint64_t events = in.varint();
    const std::uint64_t raw_size = in.varint();
    const std::uint64_t sources = in.varint();
    if (!in.ok() || events == 0 || sources > block_sources_max) return corrupt();
    if (events > std::min(limits_.events_max, block_events_max) ||
        raw_size > std::min(limits_.raw_bytes_max, block_raw_bytes_max)) {
        return fail(Errc::too_large, "block over the reader's limit");
    }
    for (std::uint64_t i = 0; i < sources && in.ok(); ++i) {
        block_.sources_.emplace_back(text_of(in.raw(in.u8())));
    }
    if (!in.ok()) return corrupt();
    events_ = events;
    raw_size_ = raw_size;
    values_left_ = raw_size;  // every value prints at least one byte, or stands between two quotes
    in_ = in_.subspan(in.position());
    return {};
}

Status BlockDecoder::read_column(std::size_t count, Values& out) {
    const Result<std::size_t> used = columns_.decode(in_, count, out);
    if (!used) return tl::unexpected(used.error());
    in_ = in_.subspan(*used);
    return {};
}

Status BlockDecoder::read_envelopes() {
    ByteReader in(in_);
    std::uint64_t seq = in.varint();
    if (!in.ok()) return corrupt();
    in_ = in_.subspan(in.position());
    std::array<Values, 6> parts;
    for (Values& part : parts) {
        const Status read = read_column(events_, part);
        if (!read) return read;
    }
    const auto& [gap, wall, distance, source, kind, extra] = parts;
    block_.envelopes_.resize(events_);
    for (std::size_t i = 0; i < events_; ++i) {
        if (gap[i] > std::numeric_limits<std::uint64_t>::max() - seq) return corrupt();
        seq += gap[i];
        if (source[i] >= block_.sources_.size() || kind[i] >> 32 != 0) return corrupt();
        const auto transport = static_cast<std::uint8_t>(kind[i]);
        const auto framing = static_cast<std::uint8_t>(kind[i] >> 8);
        if (transport > static_cast<std::uint8_t>(Transport::file) ||
            framing > static_cast<std::uint8_t>(Framing::datagram)) {
            return corrupt();
        }
        Block::Envelope& e = block_.envelopes_[i];
        e.seq = seq;
        e.wall_ns = static_cast<WallNs>(wall[i]);
        e.monotonic_ns = static_cast<std::int64_t>(distance[i] + wall[i]);
        e.extra_length = extra[i];
        e.source = static_cast<std::uint16_t>(source[i]);
        e.flags = static_cast<std::uint16_t>(kind[i] >> 16);
        e.transport = static_cast<Transport>(transport);
        e.framing = static_cast<Framing>(framing);
        if (i + 1 < events_ && ++seq == 0) return corrupt();
    }
    return {};
}

Status BlockDecoder::read_text() {
    const Status ids = read_column(events_, template_ids_);
    if (!ids) return ids;
    const auto plain = static_cast<std::size_t>(
        std::count(template_ids_.begin(), template_ids_.end(), std::uint64_t{0}));
    if (plain > 0) {
        const Status sizes = read_column(plain, plain_sizes_);
        if (!sizes) return sizes;
    }
    ByteReader in(in_);
    const std::uint64_t size = in.varint();
    const ByteView packed = in.raw(in.varint());
    // Sizes in front of the templates take at most three bytes each.
    constexpr std::size_t templates_room =
        codec::template_bytes_max + level_count * (4 + 4 * codec::templates_max);
    if (!in.ok() || size > raw_size_ + templates_room) return corrupt();
    text_.resize(size);
    const std::size_t got = ZSTD_decompress(text_.data(), size, packed.data(), packed.size());
    if (ZSTD_isError(got) != 0 || got != size) return corrupt();
    in_ = in_.subspan(in.position());

    ByteReader text(text_);
    for (unsigned depth = 0; depth < level_count; ++depth) {
        const Status read = read_templates(text, depth);
        if (!read) return read;
    }
    plain_ = text.raw(text.left());
    return {};
}

Status BlockDecoder::read_templates(ByteReader& text, unsigned depth) {
    codec::TemplateList& list = levels_[depth];
    const std::uint64_t count = text.varint();
    if (!text.ok() || count > codec::templates_max) return corrupt();
    std::vector<std::uint64_t> sizes(count);
    for (std::uint64_t& size : sizes) size = text.varint();
    list.entries.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        codec::TemplateList::Entry& entry = list.entries[i];
        entry.text = text.raw(sizes[i]);
        entry.first_step = static_cast<std::uint32_t>(list.steps.size());
        const Status planned = codec::plan_template(entry.text, depth, map_, list.steps);
        if (!planned) return planned;
    }
    return text.ok() ? Status{} : corrupt();
}

Status BlockDecoder::count_uses(const Values& template_ids, unsigned depth, std::uint64_t base) {
    const codec::TemplateList& list = levels_[depth];
    std::vector<std::uint32_t> uses(list.entries.size(), 0);
    for (const std::uint64_t id : template_ids) {
        if (id < base) continue;
        if (id - base >= uses.size()) return corrupt();
        ++uses[id - base];
    }
    for (std::size_t i = 0; i < uses.size(); ++i) {
        if (uses[i] == 0) continue;
        const codec::Step* step = list.steps.data() + list.entries[i].first_step;
        for (; !step->last; ++step) {
            if (step->column == codec::no_column) continue;
            if (uses[i] > values_left_) return corrupt();
            values_left_ -= uses[i];
            counts_[step->column] += uses[i];
        }
    }
    return {};
}

Status BlockDecoder::read_level_columns(unsigned depth) {
    for (std::uint32_t column = 0; column < map_.size(); ++column) {
        if (map_.depth(column) != depth || counts_[column] == 0) continue;
        const Status read = read_column(counts_[column], values_[column]);
        if (!read) return read;
    }
    return {};
}

Status BlockDecoder::count_nested() {
    std::vector<bool> seen(map_.size(), false);
    for (const codec::Step& step : levels_[0].steps) {
        if (step.last || step.mark != codec::Mark::nested || seen[step.column]) continue;
        seen[step.column] = true;
        const Status counted = count_uses(values_[step.column], 1, 0);
        if (!counted) return counted;
    }
    return {};
}

Status BlockDecoder::read_values() {
    counts_.assign(map_.size(), 0);
    values_.resize(map_.size());
    Status done = count_uses(template_ids_, 0, 1);
    if (done) done = read_level_columns(0);
    if (done) done = count_nested();
    if (done) done = read_level_columns(1);
    if (!done) return done;
    return in_.empty() ? Status{} : corrupt("bytes behind the block");
}

Status BlockDecoder::print_lines() {
    const std::size_t room = raw_size_ + codec::printer_slack;
    // For a few rows most of a vector would be cleared in vain.
    std::unique_ptr<std::uint8_t[]> rows;
    if (all_wanted_) {
        block_.raw_.resize(room);
    } else {
        rows = std::make_unique_for_overwrite<std::uint8_t[]>(room);
    }
    std::uint8_t* const out = all_wanted_ ? block_.raw_.data() : rows.get();
    block_.offsets_.resize(events_ + 1);
    std::vector<const std::uint64_t*> cursors(values_.size());
    for (std::size_t i = 0; i < values_.size(); ++i) cursors[i] = values_[i].data();
    codec::Printer printer(levels_, std::move(cursors), out, raw_size_);
    ByteReader plain(plain_);
    std::size_t plain_next = 0;
    for (std::size_t i = 0; i < events_; ++i) {
        const std::uint64_t id = template_ids_[i];
        const auto number = static_cast<std::uint32_t>(id - 1);
        bool good = false;
        if (id == 0) {
            const ByteView bytes = plain.raw(plain_sizes_[plain_next++]);
            good = plain.ok() && (!is_wanted(i) || printer.plain(bytes));
        } else {
            good = is_wanted(i) ? printer.line(number) : printer.skip(number);
        }
        if (!good) return corrupt();
        block_.offsets_[i + 1] = static_cast<std::uint32_t>(printer.size());
        if (block_.offsets_[i + 1] - block_.offsets_[i] > event_size_max) return corrupt();
        const std::uint64_t size = block_.offsets_[i + 1] - block_.offsets_[i];
        if (block_.envelopes_[i].extra_length > std::numeric_limits<std::uint64_t>::max() - size) {
            return corrupt();
        }
    }
    if ((all_wanted_ && printer.size() != raw_size_) || !plain.done()) return corrupt();
    if (all_wanted_) {
        block_.raw_.resize(printer.size());
    } else {
        block_.raw_.assign(out, out + printer.size());
    }
    return {};
}

Result<Block> decode_block(ByteView packed, const BlockLimits& limits) {
    return BlockDecoder(packed, limits).run();
}

Result<Block> decode_rows(ByteView packed, std::span<const std::uint8_t> wanted,
                          const BlockLimits& limits) {
    BlockDecoder decoder(packed, limits);
    decoder.want(wanted);
    return decoder.run();
}

}  // namespace daicho::ledger::core
