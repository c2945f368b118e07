#include "ledger/search/index/index_reader.hpp"

#include <algorithm>
#include <limits>

namespace daicho::ledger::search {
namespace {

using core::codec::unzigzag;
using Values = std::vector<std::uint64_t>;

constexpr std::size_t section_header_size = 5;

tl::unexpected<Error> corrupt() {
    return fail(Errc::tampered, "corrupt search index");
}

/// How many codes a column's values may have; profiles and dictionaries count differently.
std::uint64_t codes_end(const IndexHead& head, Column column) {
    switch (column) {
        case Column::profile:
            return head.profiles().size() + profile_first;
        case Column::user:
        case Column::target:
            return head.values(Field::user).size() + code_first;
        case Column::address:
            return head.values(Field::address).size() + code_first;
        case Column::source:
            return head.values(Field::source).size() + code_first;
        case Column::seconds:
            break;
    }
    return 0;
}

/// Reads one column and moves `in` behind it.
Status take_column(core::codec::ColumnDecoder& decoder, ByteView& in, std::size_t count,
                   Values& out) {
    const Result<std::size_t> used = decoder.decode(in, count, out);
    if (!used) return tl::unexpected(used.error());
    in = in.subspan(*used);
    return {};
}

}  // namespace

Status check_section(ByteView bytes, Section section) {
    ByteReader in(bytes);
    const bool good = in.u32() == index_magic && in.u8() == static_cast<std::uint8_t>(section);
    if (!in.ok() || !good) return fail(Errc::tampered, "not an index section of a known version");
    return {};
}

Result<std::shared_ptr<const IndexHead>> IndexHead::parse(ByteView section) {
    const Status header = check_section(section, Section::head);
    if (!header) return tl::unexpected(header.error());
    auto head = std::make_shared<IndexHead>();
    ByteReader in(section.subspan(section_header_size));
    const Status blocks = head->read_blocks(in, section);
    if (!blocks) return tl::unexpected(blocks.error());
    const Status dictionaries = head->read_dictionaries(in);
    if (!dictionaries) return tl::unexpected(dictionaries.error());
    if (!in.done()) return corrupt();
    head->memory_bytes_ = sizeof(IndexHead) + head->blocks_.size() * sizeof(BlockInfo);
    for (const auto& values : head->dictionaries_) {
        for (const std::string& value : values) {
            head->memory_bytes_ += sizeof value + (value.size() > 15 ? value.capacity() : 0);
        }
    }
    return head;
}

Status IndexHead::read_blocks(ByteReader& in, ByteView section) {
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > blocks_max) return corrupt();
    if (count == 0) return {};
    core::codec::ColumnDecoder decoder;
    ByteView rest = section.subspan(section_header_size + in.position());
    std::array<Values, 9> parts;
    for (Values& part : parts) {
        const Status read = take_column(decoder, rest, count, part);
        if (!read) return read;
    }
    static_cast<void>(in.raw(in.left() - rest.size()));
    const auto& [events, first_seq, seq_span, wall_first, wall_span, seconds_first, seconds_span,
                 columns, filter] = parts;
    std::size_t columns_offset = section_header_size;
    std::size_t filter_offset = section_header_size;
    constexpr std::uint64_t size_max = std::uint64_t{1} << 32;
    for (std::size_t i = 0; i < count; ++i) {
        BlockInfo block;
        if (events[i] == 0 || events[i] > core::block_events_max) return corrupt();
        if (columns[i] > size_max || filter[i] > size_max) return corrupt();
        if (seq_span[i] > std::numeric_limits<std::uint64_t>::max() - first_seq[i])
            return corrupt();
        block.events = static_cast<std::uint32_t>(events[i]);
        block.first_seq = first_seq[i];
        block.last_seq = first_seq[i] + seq_span[i];
        block.wall_first_ns = unzigzag(wall_first[i]);
        block.wall_last_ns =
            static_cast<WallNs>(static_cast<std::uint64_t>(block.wall_first_ns) + wall_span[i]);
        block.seconds_first = unzigzag(seconds_first[i]);
        block.seconds_last = static_cast<std::int64_t>(
            static_cast<std::uint64_t>(block.seconds_first) + seconds_span[i]);
        if (block.wall_last_ns < block.wall_first_ns || block.seconds_last < block.seconds_first) {
            return corrupt();
        }
        block.columns_offset = columns_offset;
        block.columns_size = columns[i];
        block.filter_offset = filter_offset;
        block.filter_size = filter[i];
        columns_offset += columns[i];
        filter_offset += filter[i];
        blocks_.push_back(block);
    }
    return {};
}

Status IndexHead::read_dictionaries(ByteReader& in) {
    for (std::size_t i = 0; i < dictionaries_.size(); ++i) {
        const std::uint64_t count = in.varint();
        if (!in.ok() || count > dictionary_entries_max) return corrupt();
        const bool addresses = i == static_cast<std::size_t>(Field::address);
        for (std::uint64_t k = 0; k < count && in.ok(); ++k) {
            std::string value(text_of(in.raw(in.u8())));
            if (addresses && value.size() == sizeof(Address) - ipv4_prefix.size()) {
                value.insert(0, ipv4_prefix);
            }
            if (addresses && value.size() != sizeof(Address)) return corrupt();
            dictionaries_[i].push_back(std::move(value));
        }
    }
    return in.ok() ? read_profiles(in) : corrupt();
}

Status IndexHead::read_profiles(ByteReader& in) {
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > profiles_max) return corrupt();
    for (std::uint64_t k = 0; k < count && in.ok(); ++k) {
        const std::uint64_t host = in.varint();
        const std::uint64_t app = in.varint();
        const std::uint64_t kind = in.varint();
        if (host >= values(Field::host).size() + code_first ||
            app >= values(Field::app).size() + code_first || kind >> 24 != 0) {
            return corrupt();
        }
        profiles_.push_back({static_cast<std::uint32_t>(host), static_cast<std::uint32_t>(app),
                             Kind::unpacked(static_cast<std::uint32_t>(kind))});
    }
    return in.ok() ? Status{} : corrupt();
}

std::optional<std::uint64_t> IndexHead::find(Field field, std::string_view value) const {
    const std::vector<std::string>& all = values(field);
    const auto found = std::find(all.begin(), all.end(), value);
    if (found == all.end()) return std::nullopt;
    return static_cast<std::uint64_t>(found - all.begin()) + code_first;
}

Status ColumnReader::read(ByteView section, const IndexHead& head, const BlockInfo& block,
                          Column column, Values& out) {
    if (block.columns_offset > section.size() ||
        block.columns_size > section.size() - block.columns_offset) {
        return corrupt();
    }
    ByteReader in(section.subspan(block.columns_offset, block.columns_size));
    std::array<std::uint64_t, column_count> sizes{};
    for (std::uint64_t& size : sizes) size = in.varint();
    ByteView body;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(column); ++i) body = in.raw(sizes[i]);
    if (!in.ok()) return corrupt();
    const Result<std::size_t> used = decoder_.decode(body, block.events, out);
    if (!used) return tl::unexpected(used.error());
    if (*used != body.size()) return corrupt();
    if (column == Column::seconds) return {};
    const std::uint64_t highest = *std::max_element(out.begin(), out.end());
    return highest < codes_end(head, column) ? Status{} : corrupt();
}

Result<Filter> read_filter(ByteView section, const BlockInfo& block) {
    if (block.filter_offset > section.size() ||
        block.filter_size > section.size() - block.filter_offset) {
        return corrupt();
    }
    return Filter::parse(section.subspan(block.filter_offset, block.filter_size));
}

Result<std::vector<RollupEntry>> read_rollup(ByteView section, const IndexHead& head) {
    const Status header = check_section(section, Section::rollup);
    if (!header) return tl::unexpected(header.error());
    ByteReader in(section.subspan(section_header_size));
    if (in.u8() == 0)
        return in.done() ? fail(Errc::not_found, "no roll-up in the index") : corrupt();
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > rollup_rows_max) return corrupt();
    std::vector<RollupEntry> rows(count);
    if (count == 0) return in.done() ? Result<std::vector<RollupEntry>>(rows) : corrupt();
    core::codec::ColumnDecoder decoder;
    ByteView rest = section.subspan(section_header_size + in.position());
    std::array<Values, 9> parts;
    for (Values& part : parts) {
        const Status read = take_column(decoder, rest, count, part);
        if (!read) return tl::unexpected(read.error());
    }
    if (!rest.empty()) return corrupt();
    const std::uint64_t users = head.values(Field::user).size() + code_first;
    const std::uint64_t sources = head.values(Field::source).size() + code_first;
    for (std::size_t i = 0; i < count; ++i) {
        if (parts[1][i] < code_first || parts[1][i] >= sources) return corrupt();
        if (parts[2][i] == code_unlisted || parts[2][i] >= users) return corrupt();
        rows[i] = {unzigzag(parts[0][i]),
                   parts[1][i],
                   parts[2][i],
                   {parts[3][i], parts[4][i], parts[5][i], parts[6][i], parts[7][i], parts[8][i]}};
    }
    return rows;
}

}  // namespace daicho::ledger::search
