#include "ledger/core/block.hpp"

#include <zstd.h>

#include <algorithm>

#include "base/fault.hpp"
#include "ledger/core/codec/block_form.hpp"
#include "ledger/core/codec/column.hpp"
#include "ledger/core/codec/tokenizer.hpp"

namespace daicho::ledger::core {
namespace {

using Values = std::vector<std::uint64_t>;

Status check_input(std::span<const BlockEvent> events, std::span<const std::string> sources) {
    if (events.empty()) return fail(Errc::invalid, "a block holds at least one event");
    if (events.size() > block_events_max)
        return fail(Errc::too_large, "too many events for a block");
    if (sources.size() > block_sources_max)
        return fail(Errc::too_large, "too many sources for a block");
    for (const std::string& source : sources) {
        if (source.size() > source_id_size_max) return fail(Errc::invalid, "source id too long");
    }
    std::size_t total = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const BlockEvent& event = events[i];
        if (i > 0 && event.seq <= events[i - 1].seq) {
            return fail(Errc::invalid, "sequence numbers of a block must rise");
        }
        if (event.source >= sources.size())
            return fail(Errc::invalid, "event of an unknown source");
        if (event.true_length < event.raw.size())
            return fail(Errc::invalid, "true length too small");
        if (event.raw.size() > event_size_max) return fail(Errc::too_large, "event too long");
        total += event.raw.size();
    }
    if (total > block_raw_bytes_max) return fail(Errc::too_large, "too many bytes for a block");
    return {};
}

}  // namespace

struct BlockEncoder::State {
    explicit State(int level_) : level(level_), context(ZSTD_createCCtx()) {
        if (context == nullptr) throw Fault("out of memory for a zstd context");
    }
    ~State() { ZSTD_freeCCtx(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void put_column(const Values& values, codec::Shape shape = codec::Shape::number) {
        columns.encode(values, shape, out);
    }
    void put_head(std::span<const BlockEvent> events, std::span<const std::string> sources);
    void put_envelopes(std::span<const BlockEvent> events);
    void split_lines(std::span<const BlockEvent> events);
    void put_text();
    void put_values();

    int level;
    ZSTD_CCtx* context;
    codec::ColumnEncoder columns;
    codec::Tokenizer tokenizer;
    Values scratch;
    Values template_ids;
    Values plain_sizes;
    Bytes plain;
    Bytes text;
    Bytes out;
};

void BlockEncoder::State::put_head(std::span<const BlockEvent> events,
                                   std::span<const std::string> sources) {
    ByteWriter writer(out);
    std::uint64_t total = 0;
    for (const BlockEvent& event : events) total += event.raw.size();
    writer.u32(block_magic);
    writer.varint(events.size());
    writer.varint(total);
    writer.varint(sources.size());
    for (const std::string& source : sources) {
        writer.u8(static_cast<std::uint8_t>(source.size()));
        writer.raw(view_of(source));
    }
}

void BlockEncoder::State::put_envelopes(std::span<const BlockEvent> events) {
    const auto put = [&](auto value_of) {
        scratch.clear();
        for (const BlockEvent& event : events) scratch.push_back(value_of(event));
        put_column(scratch);
    };
    // Ascending numbers without a hole become a constant column.
    std::uint64_t expected = events[0].seq;
    ByteWriter(out).varint(expected);
    put([&](const BlockEvent& e) {
        const std::uint64_t gap = e.seq - expected;
        expected = e.seq + 1;
        return gap;
    });
    put([](const BlockEvent& e) { return static_cast<std::uint64_t>(e.wall_ns); });
    // The two clocks run alike, so their distance is nearly constant.
    put([](const BlockEvent& e) {
        return static_cast<std::uint64_t>(e.monotonic_ns) - static_cast<std::uint64_t>(e.wall_ns);
    });
    put([](const BlockEvent& e) { return std::uint64_t{e.source}; });
    put([](const BlockEvent& e) {
        return std::uint64_t{e.flags} << 16 |
               std::uint64_t{static_cast<std::uint8_t>(e.framing)} << 8 |
               static_cast<std::uint8_t>(e.transport);
    });
    put([](const BlockEvent& e) { return e.true_length - e.raw.size(); });
}

void BlockEncoder::State::split_lines(std::span<const BlockEvent> events) {
    tokenizer.clear();
    template_ids.clear();
    plain_sizes.clear();
    plain.clear();
    for (const BlockEvent& event : events) {
        const auto number = tokenizer.add(event.raw);
        template_ids.push_back(number ? *number + 1 : 0);
        if (number) continue;
        plain_sizes.push_back(event.raw.size());
        plain.insert(plain.end(), event.raw.begin(), event.raw.end());
    }
}

void BlockEncoder::State::put_text() {
    text.clear();
    ByteWriter writer(text);
    for (unsigned depth = 0; depth <= codec::nesting_max; ++depth) {
        const codec::TemplateTable& table = tokenizer.templates(depth);
        writer.varint(table.size());
        for (std::uint32_t i = 0; i < table.size(); ++i) writer.varint(table.text(i).size());
        for (std::uint32_t i = 0; i < table.size(); ++i) writer.raw(table.text(i));
    }
    writer.raw(plain);

    ByteWriter head(out);
    head.varint(text.size());
    Bytes packed(ZSTD_compressBound(text.size()));
    const std::size_t size =
        ZSTD_compressCCtx(context, packed.data(), packed.size(), text.data(), text.size(), level);
    if (ZSTD_isError(size) != 0) throw Fault("zstd could not compress a block");
    head.varint(size);
    head.raw(ByteView(packed).first(size));
}

void BlockEncoder::State::put_values() {
    // Columns go in the order in which a reader meets their marks: outer templates first.
    std::vector<bool> written(tokenizer.column_count(), false);
    for (unsigned depth = 0; depth <= codec::nesting_max; ++depth) {
        for (std::uint32_t i = 0; i < tokenizer.templates(depth).size(); ++i) {
            for (const std::uint32_t column : tokenizer.columns_of(depth, i)) {
                if (written[column]) continue;
                written[column] = true;
                put_column(tokenizer.column(column), tokenizer.map().shape(column));
            }
        }
    }
}

BlockEncoder::BlockEncoder(int level) : state_(std::make_unique<State>(level)) {}
BlockEncoder::~BlockEncoder() = default;
BlockEncoder::BlockEncoder(BlockEncoder&&) noexcept = default;
BlockEncoder& BlockEncoder::operator=(BlockEncoder&&) noexcept = default;

Result<Bytes> BlockEncoder::encode(std::span<const BlockEvent> events,
                                   std::span<const std::string> sources) {
    const Status good = check_input(events, sources);
    if (!good) return tl::unexpected(good.error());
    state_->out.clear();
    state_->put_head(events, sources);
    state_->put_envelopes(events);
    state_->split_lines(events);
    state_->put_column(state_->template_ids);
    if (!state_->plain_sizes.empty()) state_->put_column(state_->plain_sizes);
    state_->put_text();
    state_->put_values();
    return state_->out;
}

Result<Bytes> encode_block(std::span<const BlockEvent> events, std::span<const std::string> sources,
                           int level) {
    return BlockEncoder(level).encode(events, sources);
}

BlockEvent Block::event(std::size_t index) const noexcept {
    const Envelope& e = envelopes_[index];
    const ByteView raw =
        ByteView(raw_).subspan(offsets_[index], offsets_[index + 1] - offsets_[index]);
    return {e.seq,       e.wall_ns, e.monotonic_ns, e.source,
            e.transport, e.framing, e.flags,        raw.size() + e.extra_length,
            raw};
}

std::size_t Block::lower_bound(std::uint64_t seq) const noexcept {
    const auto found = std::lower_bound(
        envelopes_.begin(), envelopes_.end(), seq,
        [](const Envelope& envelope, std::uint64_t value) { return envelope.seq < value; });
    return static_cast<std::size_t>(found - envelopes_.begin());
}

std::optional<std::size_t> Block::find(std::uint64_t seq) const noexcept {
    const std::size_t at = lower_bound(seq);
    if (at == size() || envelopes_[at].seq != seq) return std::nullopt;
    return at;
}

std::size_t Block::memory_bytes() const noexcept {
    std::size_t bytes = sizeof(Block) + raw_.capacity() + envelopes_.capacity() * sizeof(Envelope) +
                        offsets_.capacity() * sizeof(std::uint32_t);
    for (const std::string& source : sources_) bytes += sizeof(std::string) + source.capacity();
    return bytes;
}

}  // namespace daicho::ledger::core
