#include "ledger/core/codec/column.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "ledger/core/codec/bits.hpp"
#include "ledger/core/codec/column_form.hpp"

namespace daicho::ledger::core::codec {
namespace {

constexpr std::size_t slot_bits = 12;
constexpr std::size_t slot_total = std::size_t{1} << slot_bits;
/// A column whose first values are nearly all different is not going to have a small dictionary.
constexpr std::size_t sample_size = 256;
constexpr std::size_t sample_distinct_max = 224;
/// Below this a run costs more than the values it stands for.
constexpr std::size_t run_length_mean_min = 10;
/// Too few values to pay for a code table.
constexpr std::size_t coded_size_min = 12;

unsigned width_of(std::uint64_t value) {
    return static_cast<unsigned>(std::bit_width(value));
}

void put_lengths(std::span<const std::uint8_t> lengths, Bytes& out) {
    for (std::size_t i = 0; i < lengths.size(); i += 2) {
        const unsigned second = i + 1 < lengths.size() ? lengths[i + 1] : 0;
        out.push_back(static_cast<std::uint8_t>(lengths[i] | second << 4));
    }
}

void write_packed(std::span<const std::uint64_t> values, std::uint64_t low, unsigned width,
                  Bytes& out) {
    ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(Form::packed));
    writer.u8(static_cast<std::uint8_t>(width));
    writer.varint(low);
    BitWriter bits(out, std::uint64_t{width} * values.size());
    for (const std::uint64_t value : values) bits.put_wide(value - low, width);
    bits.finish();
}

std::uint64_t price_deltas(std::span<const std::uint64_t> values) {
    std::uint64_t bits = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
        bits += width_of(zigzag(static_cast<std::int64_t>(values[i] - values[i - 1]))) + 1;
    }
    return bits;
}

}  // namespace

ColumnEncoder::ColumnEncoder() : slots_(slot_total) {}

void ColumnEncoder::encode(std::span<const std::uint64_t> values, Shape shape, Bytes& out) {
    encode_at(values, shape, 0, out);
}

void ColumnEncoder::encode_at(std::span<const std::uint64_t> values, Shape shape, unsigned depth,
                              Bytes& out) {
    std::uint64_t low = values[0];
    std::uint64_t high = values[0];
    std::size_t runs = 1;
    for (std::size_t i = 1; i < values.size(); ++i) {
        low = std::min(low, values[i]);
        high = std::max(high, values[i]);
        runs += values[i] != values[i - 1];
    }
    if (low == high) {
        ByteWriter writer(out);
        writer.u8(static_cast<std::uint8_t>(Form::constant));
        writer.varint(low);
    } else if (depth < depth_max && runs <= values.size() / run_length_mean_min) {
        encode_runs(values, runs, depth, out);
    } else {
        encode_plain(values, low, high, shape, depth, out);
    }
}

void ColumnEncoder::encode_plain(std::span<const std::uint64_t> values, std::uint64_t low,
                                 std::uint64_t high, Shape shape, unsigned depth, Bytes& out) {
    const unsigned width = width_of(high - low);
    const std::uint64_t packed = std::uint64_t{width} * values.size();
    if (values.size() < coded_size_min) return write_packed(values, low, width, out);
    const bool small = collect(values);
    const std::uint64_t coded = small ? price_dictionary() : ~std::uint64_t{0};
    if (!small && shape == Shape::bytes && depth < depth_max) {
        return encode_planes(values, high, depth, out);
    }
    const std::uint64_t bucketed = price_buckets(values, low);
    const std::uint64_t best = std::min(coded, bucketed);
    if (depth < depth_max && price_deltas(values) < best) return encode_deltas(values, depth, out);
    // The packed form decodes fastest, so it wins when it is as good as the others.
    if (packed <= best + best / 64) {
        write_packed(values, low, width, out);
    } else if (coded <= bucketed) {
        write_dictionary(out);
    } else {
        write_buckets(values, low, out);
    }
}

bool ColumnEncoder::collect(std::span<const std::uint64_t> values) {
    ++generation_;
    if (generation_ == 0) {
        std::fill(slots_.begin(), slots_.end(), Slot{});
        generation_ = 1;
    }
    Dictionary& d = dictionary_;
    d.values.clear();
    d.counts.clear();
    d.symbols.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::size_t at = (values[i] * 0x9e3779b97f4a7c15ull) >> (64 - slot_bits);
        while (slots_[at].generation == generation_ && slots_[at].value != values[i]) {
            at = (at + 1) % slot_total;
        }
        Slot& slot = slots_[at];
        if (slot.generation != generation_) {
            if (d.values.size() == symbols_max) return false;
            slot = {values[i], generation_, static_cast<std::uint16_t>(d.values.size())};
            d.values.push_back(values[i]);
            d.counts.push_back(0);
        }
        ++d.counts[slot.symbol];
        d.symbols[i] = slot.symbol;
        if (i + 1 == sample_size && d.values.size() > sample_distinct_max) return false;
    }
    return d.values.size() * 2 <= values.size();
}

void ColumnEncoder::sort_dictionary() {
    Dictionary& d = dictionary_;
    std::vector<std::uint16_t> order(d.values.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint16_t>(i);
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return d.values[a] < d.values[b]; });
    std::vector<std::uint64_t> values(order.size());
    std::vector<std::uint32_t> counts(order.size());
    std::vector<std::uint16_t> rank(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        values[i] = d.values[order[i]];
        counts[i] = d.counts[order[i]];
        rank[order[i]] = static_cast<std::uint16_t>(i);
    }
    d.values.swap(values);
    d.counts.swap(counts);
    for (std::uint16_t& symbol : d.symbols) symbol = rank[symbol];
}

std::uint64_t ColumnEncoder::price_dictionary() {
    sort_dictionary();
    code_lengths(dictionary_.counts, dictionary_lengths_);
    std::uint64_t bits = 0;
    std::uint64_t previous = 0;
    for (std::size_t i = 0; i < dictionary_.values.size(); ++i) {
        bits += std::uint64_t{dictionary_.counts[i]} * dictionary_lengths_[i] + 4;
        bits += 8 * ((width_of(dictionary_.values[i] - previous) + 6) / 7);
        previous = dictionary_.values[i];
    }
    dictionary_bits_ = bits;
    return bits;
}

std::uint64_t ColumnEncoder::price_buckets(std::span<const std::uint64_t> values,
                                           std::uint64_t low) {
    std::array<std::uint32_t, bucket_count> counts{};
    for (const std::uint64_t value : values) ++counts[width_of(value - low)];
    code_lengths(counts, bucket_lengths_);
    std::uint64_t bits = 8 * (bucket_count / 2 + 1);
    for (unsigned i = 0; i < bucket_count; ++i) {
        bits += std::uint64_t{counts[i]} * (bucket_lengths_[i] + (i > 0 ? i - 1 : 0));
    }
    bucket_bits_ = bits;
    return bits;
}

void ColumnEncoder::write_dictionary(Bytes& out) {
    ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(Form::dictionary));
    writer.varint(dictionary_.values.size());
    std::uint64_t previous = 0;
    for (const std::uint64_t value : dictionary_.values) {
        writer.varint(value - previous);
        previous = value;
    }
    put_lengths(dictionary_lengths_, out);
    assign_codes(dictionary_lengths_, codes_);
    BitWriter bits(out, dictionary_bits_);
    for (const std::uint16_t symbol : dictionary_.symbols) {
        bits.put(codes_[symbol].bits, codes_[symbol].length);
    }
    bits.finish();
}

void ColumnEncoder::write_buckets(std::span<const std::uint64_t> values, std::uint64_t low,
                                  Bytes& out) {
    ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(Form::buckets));
    writer.varint(low);
    std::size_t used = bucket_count;
    while (bucket_lengths_[used - 1] == 0) --used;
    writer.u8(static_cast<std::uint8_t>(used));
    put_lengths(std::span(bucket_lengths_).first(used), out);
    assign_codes(bucket_lengths_, codes_);
    BitWriter bits(out, bucket_bits_);
    for (const std::uint64_t value : values) {
        const unsigned bucket = width_of(value - low);
        bits.put(codes_[bucket].bits, codes_[bucket].length);
        // The highest bit of the difference is known from the bucket.
        if (bucket > 1) {
            bits.put_wide((value - low) & ((std::uint64_t{1} << (bucket - 1)) - 1), bucket - 1);
        }
    }
    bits.finish();
}

void ColumnEncoder::encode_runs(std::span<const std::uint64_t> values, std::size_t runs,
                                unsigned depth, Bytes& out) {
    std::vector<std::uint64_t> heads;
    std::vector<std::uint64_t> lengths;
    heads.reserve(runs);
    lengths.reserve(runs);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i == 0 || values[i] != values[i - 1]) {
            heads.push_back(values[i]);
            lengths.push_back(0);
        } else {
            ++lengths.back();
        }
    }
    ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(Form::runs));
    writer.varint(heads.size());
    encode_at(heads, Shape::number, depth + 1, out);
    encode_at(lengths, Shape::number, depth + 1, out);
}

void ColumnEncoder::encode_deltas(std::span<const std::uint64_t> values, unsigned depth,
                                  Bytes& out) {
    std::vector<std::uint64_t> deltas(values.size() - 1);
    for (std::size_t i = 1; i < values.size(); ++i) {
        deltas[i - 1] = zigzag(static_cast<std::int64_t>(values[i] - values[i - 1]));
    }
    ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(Form::deltas));
    writer.varint(values[0]);
    encode_at(deltas, Shape::number, depth + 1, out);
}

void ColumnEncoder::encode_planes(std::span<const std::uint64_t> values, std::uint64_t high,
                                  unsigned depth, Bytes& out) {
    const unsigned planes = (width_of(high) + 7) / 8;
    ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(Form::planes));
    writer.u8(static_cast<std::uint8_t>(planes));
    std::vector<std::uint64_t> plane(values.size());
    for (unsigned p = 0; p < planes; ++p) {
        for (std::size_t i = 0; i < values.size(); ++i) plane[i] = (values[i] >> (8 * p)) & 0xff;
        encode_at(plane, Shape::number, depth + 1, out);
    }
}

}  // namespace daicho::ledger::core::codec
