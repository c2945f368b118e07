#include "ledger/core/body.hpp"

namespace daicho::ledger::core {
namespace {

constexpr std::uint8_t body_version = 1;
constexpr std::uint16_t cut_flags = event_flag::truncated | event_flag::oversize;

void write_run(ByteWriter& out, const BodyRun& run) {
    out.u16(run.source);
    out.u8(static_cast<std::uint8_t>(run.transport));
    out.u8(static_cast<std::uint8_t>(run.framing));
    out.u64(static_cast<std::uint64_t>(run.wall_ns));
    out.u64(static_cast<std::uint64_t>(run.monotonic_ns));
    out.varint(run.items.size());
    for (const BodyItem& item : run.items) {
        out.varint(item.length);
        out.varint(item.flags);
        if ((item.flags & cut_flags) != 0) out.varint(item.true_length);
    }
}

Result<BodyRun> read_run(ByteReader& in, const BatchLeaf& leaf) {
    BodyRun run;
    run.source = in.u16();
    const std::uint8_t transport = in.u8();
    const std::uint8_t framing = in.u8();
    run.wall_ns = static_cast<WallNs>(in.u64());
    run.monotonic_ns = static_cast<std::int64_t>(in.u64());
    const std::uint64_t count = in.varint();
    if (!in.ok() || run.source >= leaf.sources.size() || count == 0 || count > leaf.count ||
        transport > static_cast<std::uint8_t>(Transport::file) ||
        framing > static_cast<std::uint8_t>(Framing::datagram)) {
        return fail(Errc::tampered, "a run in a batch body is malformed");
    }
    run.transport = static_cast<Transport>(transport);
    run.framing = static_cast<Framing>(framing);
    run.items.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        BodyItem item;
        const std::uint64_t length = in.varint();
        const std::uint64_t flags = in.varint();
        if (!in.ok() || length > event_size_max || (flags & ~std::uint64_t{event_flag::all}) != 0) {
            return fail(Errc::tampered, "an event in a batch body is malformed");
        }
        item.length = static_cast<std::uint32_t>(length);
        item.flags = static_cast<std::uint16_t>(flags);
        item.true_length = (item.flags & cut_flags) != 0 ? in.varint() : length;
        if (item.true_length < length)
            return fail(Errc::tampered, "an event is longer than it was");
        run.items.push_back(item);
    }
    return run;
}

Status check_against(const std::vector<BodyRun>& runs, const BatchLeaf& leaf) {
    std::vector<BatchSource> seen(leaf.sources.size());
    for (const BodyRun& run : runs) {
        BatchSource& source = seen[run.source];
        source.events += static_cast<std::uint32_t>(run.items.size());
        for (const BodyItem& item : run.items) source.bytes += item.length;
        if (run.wall_ns < leaf.wall_first_ns || run.wall_ns > leaf.wall_last_ns ||
            run.monotonic_ns < leaf.monotonic_first_ns ||
            run.monotonic_ns > leaf.monotonic_last_ns) {
            return fail(Errc::tampered, "a run lies outside the times of its batch");
        }
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (seen[i].events != leaf.sources[i].events || seen[i].bytes != leaf.sources[i].bytes) {
            return fail(Errc::tampered, "the counters of a source do not fit its events");
        }
    }
    return {};
}

}  // namespace

Bytes encode_body_head(const std::vector<BodyRun>& runs) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.u8(body_version);
    out.varint(runs.size());
    for (const BodyRun& run : runs) write_run(out, run);
    return bytes;
}

Result<std::vector<BodyRun>> decode_body(ByteView body, const BatchLeaf& leaf) {
    ByteReader in(body);
    if (in.u8() != body_version) return fail(Errc::tampered, "a batch body of an unknown version");
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > leaf.count)
        return fail(Errc::tampered, "a batch body with too many runs");
    std::vector<BodyRun> runs;
    for (std::uint64_t i = 0; i < count; ++i) {
        Result<BodyRun> run = read_run(in, leaf);
        if (!run) return fail(run.error());
        runs.push_back(std::move(*run));
    }
    for (BodyRun& run : runs) {
        run.raw.reserve(run.items.size());
        for (const BodyItem& item : run.items) run.raw.push_back(in.raw(item.length));
    }
    if (!in.done()) return fail(Errc::tampered, "a batch body of the wrong length");
    const Status fits = check_against(runs, leaf);
    if (!fits) return fail(fits.error());
    return runs;
}

BlockEvent block_event_of(const Envelope& envelope, ByteView raw) noexcept {
    return {envelope.seq,    envelope.wall_ns,     envelope.monotonic_ns,
            envelope.source, envelope.transport,   envelope.framing,
            envelope.flags,  envelope.true_length, raw};
}

void for_each_event(const std::vector<BodyRun>& runs, std::uint64_t first_seq,
                    const std::function<void(const Envelope&, ByteView)>& each) {
    Envelope envelope;
    envelope.seq = first_seq;
    for (const BodyRun& run : runs) {
        envelope.wall_ns = run.wall_ns;
        envelope.monotonic_ns = run.monotonic_ns;
        envelope.source = run.source;
        envelope.transport = run.transport;
        envelope.framing = run.framing;
        for (std::size_t i = 0; i < run.items.size(); ++i) {
            envelope.flags = run.items[i].flags;
            envelope.raw_length = run.items[i].length;
            envelope.true_length = run.items[i].true_length;
            each(envelope, run.raw[i]);
            ++envelope.seq;
        }
    }
}

}  // namespace daicho::ledger::core
