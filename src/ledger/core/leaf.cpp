#include "ledger/core/leaf.hpp"

#include "base/fault.hpp"
#include "ledger/core/chunk.hpp"

namespace daicho::ledger::core {
namespace {

constexpr std::uint8_t leaf_version = 1;

void start(ByteWriter& out, LeafType type) {
    out.u8(static_cast<std::uint8_t>(type));
    out.u8(leaf_version);
}

bool plausible(const BatchLeaf& leaf) {
    if (!is_class_name(leaf.retention_class)) return false;
    if (leaf.count == 0 || leaf.count > batch_events_max) return false;
    if (leaf.sources.empty() || leaf.sources.size() > batch_sources_max) return false;
    if (leaf.wall_first_ns > leaf.wall_last_ns) return false;
    if (leaf.monotonic_first_ns > leaf.monotonic_last_ns) return false;
    if (leaf.first_seq < leaf.segment) return false;
    std::uint64_t events = 0;
    for (const BatchSource& source : leaf.sources) {
        if (source.id.empty() || source.id.size() > source_id_size_max || source.events == 0)
            return false;
        events += source.events;
    }
    return events == leaf.count;
}

}  // namespace

bool is_class_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > class_size_max) return false;
    return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
           std::string_view::npos;
}

Bytes encode(const BatchLeaf& leaf) {
    check(plausible(leaf), "a batch leaf that could not be decoded again");
    Bytes bytes;
    ByteWriter out(bytes);
    start(out, LeafType::batch);
    out.text16(leaf.retention_class);
    out.u64(leaf.segment);
    out.u64(leaf.first_seq);
    out.u32(leaf.count);
    out.u64(static_cast<std::uint64_t>(leaf.wall_first_ns));
    out.u64(static_cast<std::uint64_t>(leaf.wall_last_ns));
    out.u64(static_cast<std::uint64_t>(leaf.monotonic_first_ns));
    out.u64(static_cast<std::uint64_t>(leaf.monotonic_last_ns));
    out.raw(leaf.boot_id);
    out.raw(leaf.event_root.view());
    out.raw(leaf.previous.view());
    out.u16(static_cast<std::uint16_t>(leaf.sources.size()));
    for (const BatchSource& source : leaf.sources) {
        out.text16(source.id);
        out.u32(source.events);
        out.u64(source.bytes);
    }
    check(bytes.size() <= leaf_size_max, "a batch leaf over the limit of a tile entry");
    return bytes;
}

Bytes encode(const NoticeLeaf& leaf) {
    check(leaf.type != LeafType::batch && leaf.type <= LeafType::read, "a notice of a known type");
    Bytes bytes;
    ByteWriter out(bytes);
    start(out, leaf.type);
    out.u64(static_cast<std::uint64_t>(leaf.wall_ns));
    out.raw(view_of(leaf.json));
    check(bytes.size() <= leaf_size_max, "a notice over the limit of a tile entry");
    return bytes;
}

Result<LeafType> leaf_type_of(ByteView entry) {
    if (entry.size() < 2 || entry[0] < 1 || entry[0] > static_cast<std::uint8_t>(LeafType::read)) {
        return fail(Errc::invalid, "a leaf of an unknown type");
    }
    if (entry[1] != leaf_version) return fail(Errc::invalid, "a leaf of an unknown version");
    return static_cast<LeafType>(entry[0]);
}

Result<BatchLeaf> decode_batch(ByteView entry) {
    const Result<LeafType> type = leaf_type_of(entry);
    if (!type) return fail(type.error());
    if (*type != LeafType::batch) return fail(Errc::invalid, "not a BATCH leaf");
    ByteReader in(entry.subspan(2));
    BatchLeaf out;
    out.retention_class = in.text16();
    out.segment = in.u64();
    out.first_seq = in.u64();
    out.count = in.u32();
    out.wall_first_ns = static_cast<WallNs>(in.u64());
    out.wall_last_ns = static_cast<WallNs>(in.u64());
    out.monotonic_first_ns = static_cast<std::int64_t>(in.u64());
    out.monotonic_last_ns = static_cast<std::int64_t>(in.u64());
    out.boot_id = in.array<16>();
    out.event_root.bytes = in.array<32>();
    out.previous.bytes = in.array<32>();
    const std::uint16_t sources = in.u16();
    for (std::uint16_t i = 0; i < sources && in.ok(); ++i) {
        BatchSource source;
        source.id = in.text16();
        source.events = in.u32();
        source.bytes = in.u64();
        out.sources.push_back(std::move(source));
    }
    if (!in.done() || !plausible(out)) return fail(Errc::invalid, "a malformed BATCH leaf");
    return out;
}

Result<NoticeLeaf> decode_notice(ByteView entry) {
    const Result<LeafType> type = leaf_type_of(entry);
    if (!type) return fail(type.error());
    if (*type == LeafType::batch) return fail(Errc::invalid, "a BATCH leaf is no notice");
    ByteReader in(entry.subspan(2));
    NoticeLeaf out;
    out.type = *type;
    out.wall_ns = static_cast<WallNs>(in.u64());
    out.json = std::string(text_of(in.raw(in.left())));
    if (!in.done()) return fail(Errc::invalid, "a malformed leaf");
    return out;
}

std::string_view name_of(LeafType type) noexcept {
    switch (type) {
        case LeafType::batch:
            return "BATCH";
        case LeafType::seal:
            return "SEAL";
        case LeafType::export_:
            return "EXPORT";
        case LeafType::timestamp:
            return "TIMESTAMP";
        case LeafType::witness:
            return "WITNESS";
        case LeafType::key_rotation:
            return "KEYROT";
        case LeafType::retire:
            return "RETIRE";
        case LeafType::gap:
            return "GAP";
        case LeafType::clock:
            return "CLOCK";
        case LeafType::heartbeat:
            return "HEARTBEAT";
        case LeafType::config:
            return "CONFIG";
        case LeafType::read:
            return "READ";
    }
    return "UNKNOWN";
}

}  // namespace daicho::ledger::core
