#include <algorithm>

#include "ledger/core/codec/bits.hpp"
#include "ledger/core/codec/column.hpp"
#include "ledger/core/codec/column_form.hpp"

namespace daicho::ledger::core::codec {
namespace {

constexpr unsigned none = ~0u;

tl::unexpected<Error> corrupt() {
    return fail(Errc::tampered, "corrupt column");
}

bool get_lengths(ByteReader& in, std::size_t count, std::vector<std::uint8_t>& lengths) {
    const ByteView packed = in.raw((count + 1) / 2);
    if (!in.ok()) return false;
    lengths.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        lengths[i] = static_cast<std::uint8_t>((packed[i / 2] >> (i % 2 * 4)) & 15);
    }
    return count % 2 == 0 || packed.back() >> 4 == 0;
}

}  // namespace

Result<std::size_t> ColumnDecoder::decode(ByteView in, std::size_t count,
                                          std::vector<std::uint64_t>& out) {
    out.resize(count);
    return decode_at(in, out, 0);
}

Result<std::size_t> ColumnDecoder::decode(ByteView in, std::span<std::uint64_t> out) {
    return decode_at(in, out, 0);
}

Result<std::size_t> ColumnDecoder::decode_at(ByteView in, std::span<std::uint64_t> out,
                                             unsigned depth) {
    if (in.empty() || out.empty()) return corrupt();
    Result<std::size_t> used =
        read_form(static_cast<Form>(in[0]), in.subspan(1), out, depth < depth_max ? depth : none);
    if (used) ++*used;
    return used;
}

/// At depth `none` there is no room for a form that holds columns.
Result<std::size_t> ColumnDecoder::read_form(Form form, ByteView in, std::span<std::uint64_t> out,
                                             unsigned depth) {
    switch (form) {
        case Form::constant: {
            ByteReader reader(in);
            std::fill(out.begin(), out.end(), reader.varint());
            if (!reader.ok()) return corrupt();
            return reader.position();
        }
        case Form::packed:
            return read_packed(in, out);
        case Form::dictionary:
            return read_dictionary(in, out);
        case Form::buckets:
            return read_buckets(in, out);
        case Form::runs:
            if (depth == none) return corrupt();
            return read_runs(in, out, depth);
        case Form::deltas:
            if (depth == none) return corrupt();
            return read_deltas(in, out, depth);
        case Form::planes:
            if (depth == none) return corrupt();
            return read_planes(in, out, depth);
    }
    return corrupt();
}

Result<std::size_t> ColumnDecoder::read_packed(ByteView in, std::span<std::uint64_t> out) {
    ByteReader reader(in);
    const unsigned width = reader.u8();
    const std::uint64_t low = reader.varint();
    if (!reader.ok() || width == 0 || width > 64) return corrupt();
    BitReader bits(in.subspan(reader.position()));
    if (width <= 28) {
        std::size_t i = 0;
        for (; i + 2 <= out.size(); i += 2) {
            bits.refill();
            out[i] = low + bits.peek(width);
            bits.skip(width);
            out[i + 1] = low + bits.peek(width);
            bits.skip(width);
        }
        if (i < out.size()) out[i] = low + bits.take_wide(width);
    } else {
        for (std::uint64_t& value : out) value = low + bits.take_wide(width);
    }
    if (!bits.ok()) return corrupt();
    return reader.position() + bits.used();
}

Result<std::size_t> ColumnDecoder::read_dictionary(ByteView in, std::span<std::uint64_t> out) {
    ByteReader reader(in);
    const std::uint64_t count = reader.varint();
    if (!reader.ok() || count < 2 || count > symbols_max) return corrupt();
    values_.resize(count);
    std::uint64_t value = 0;
    for (std::uint64_t& entry : values_) entry = value += reader.varint();
    if (!get_lengths(reader, count, lengths_)) return corrupt();
    const Status built = table_.build(lengths_);
    if (!built) return tl::unexpected(built.error());

    BitReader bits(in.subspan(reader.position()));
    const unsigned width = table_.table_bits();
    const DecodeTable::Entry* entries = table_.entries();
    static_assert(4 * code_length_max <= 56);
    const auto next = [&] {
        const DecodeTable::Entry entry = entries[bits.peek(width)];
        bits.skip(entry.length);
        return values_[entry.symbol];
    };
    std::size_t i = 0;
    for (; i + 4 <= out.size(); i += 4) {
        bits.refill();
        out[i] = next();
        out[i + 1] = next();
        out[i + 2] = next();
        out[i + 3] = next();
    }
    for (; i < out.size(); ++i) {
        bits.refill();
        out[i] = next();
    }
    if (!bits.ok()) return corrupt();
    return reader.position() + bits.used();
}

Result<std::size_t> ColumnDecoder::read_buckets(ByteView in, std::span<std::uint64_t> out) {
    ByteReader reader(in);
    const std::uint64_t low = reader.varint();
    const unsigned count = reader.u8();
    if (!reader.ok() || count == 0 || count > bucket_count) return corrupt();
    if (!get_lengths(reader, count, lengths_)) return corrupt();
    const Status built = table_.build(lengths_);
    if (!built) return tl::unexpected(built.error());

    BitReader bits(in.subspan(reader.position()));
    const unsigned width = table_.table_bits();
    const DecodeTable::Entry* entries = table_.entries();
    for (std::uint64_t& value : out) {
        bits.refill();
        const DecodeTable::Entry entry = entries[bits.peek(width)];
        bits.skip(entry.length);
        const unsigned bucket = entry.symbol;
        if (bucket < 2) {
            value = low + bucket;
        } else if (bucket <= 40) {
            value = low + (bits.peek(bucket - 1) | std::uint64_t{1} << (bucket - 1));
            bits.skip(bucket - 1);
        } else {
            value = low + (bits.take_wide(bucket - 1) | std::uint64_t{1} << (bucket - 1));
        }
    }
    if (!bits.ok()) return corrupt();
    return reader.position() + bits.used();
}

Result<std::size_t> ColumnDecoder::read_runs(ByteView in, std::span<std::uint64_t> out,
                                             unsigned depth) {
    ByteReader reader(in);
    const std::uint64_t runs = reader.varint();
    if (!reader.ok() || runs == 0 || runs > out.size()) return corrupt();
    std::vector<std::uint64_t> heads(runs);
    std::vector<std::uint64_t> lengths(runs);
    std::size_t at = reader.position();
    const Result<std::size_t> first = decode_at(in.subspan(at), heads, depth + 1);
    if (!first) return first;
    at += *first;
    const Result<std::size_t> second = decode_at(in.subspan(at), lengths, depth + 1);
    if (!second) return second;
    std::size_t filled = 0;
    for (std::size_t i = 0; i < runs; ++i) {
        if (lengths[i] >= out.size() - filled) return corrupt();
        std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(filled), lengths[i] + 1, heads[i]);
        filled += lengths[i] + 1;
    }
    if (filled != out.size()) return corrupt();
    return at + *second;
}

Result<std::size_t> ColumnDecoder::read_deltas(ByteView in, std::span<std::uint64_t> out,
                                               unsigned depth) {
    ByteReader reader(in);
    std::uint64_t value = reader.varint();
    if (!reader.ok() || out.size() < 2) return corrupt();
    const Result<std::size_t> used =
        decode_at(in.subspan(reader.position()), out.subspan(1), depth + 1);
    if (!used) return used;
    out[0] = value;
    for (std::size_t i = 1; i < out.size(); ++i) {
        value += static_cast<std::uint64_t>(unzigzag(out[i]));
        out[i] = value;
    }
    return reader.position() + *used;
}

Result<std::size_t> ColumnDecoder::read_planes(ByteView in, std::span<std::uint64_t> out,
                                               unsigned depth) {
    if (in.empty() || in[0] == 0 || in[0] > 8) return corrupt();
    std::vector<std::uint64_t> plane(out.size());
    std::fill(out.begin(), out.end(), 0);
    std::size_t at = 1;
    for (unsigned p = 0; p < in[0]; ++p) {
        const Result<std::size_t> used = decode_at(in.subspan(at), plane, depth + 1);
        if (!used) return used;
        at += *used;
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (plane[i] > 0xff) return corrupt();
            out[i] |= plane[i] << (8 * p);
        }
    }
    return at;
}

}  // namespace daicho::ledger::core::codec
