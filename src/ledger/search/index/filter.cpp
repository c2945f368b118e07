#include "ledger/search/index/filter.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/fault.hpp"

namespace daicho::ledger::search {
namespace {

/// Failing once is rare, failing this often means equal hashes.
constexpr unsigned seeds_max = 100;

constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t seed) noexcept {
    hash += seed * 0x9e3779b97f4a7c15ull;
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdull;
    hash ^= hash >> 33;
    return hash;
}
constexpr std::uint8_t print_of(std::uint64_t mixed) noexcept {
    return static_cast<std::uint8_t>(mixed ^ mixed >> 32);
}

struct Geometry {
    std::uint32_t segment = 0;
    std::uint32_t spread = 0;  // a multiple of segment
    [[nodiscard]] std::uint32_t slots() const { return spread + 2 * segment; }
};

/// Integer forms of the paper's formulas, so that every machine gives the same geometry.
Geometry geometry_of(std::size_t keys) {
    Geometry g;
    const unsigned log2 = static_cast<unsigned>(std::bit_width(keys | 1)) - 1;
    // log base 3.33 of the number of keys, plus 2.25: log2 * 0.576 + 2.25.
    const unsigned exponent = std::min(18u, (log2 * 576 + 2250) / 1000);
    g.segment = 1u << exponent;
    // 0.875 + 0.25 * ln(1e6) / ln(keys), at least 1.125, in thousandths.
    const std::uint64_t factor = log2 < 2 ? 3000 : std::max<std::uint64_t>(1125, 875 + 4983 / log2);
    const std::uint64_t wanted = (keys * factor + 999) / 1000;
    const std::uint64_t segments = (wanted + g.segment - 1) / g.segment;
    g.spread = static_cast<std::uint32_t>(std::max<std::uint64_t>(segments, 3) - 2) * g.segment;
    return g;
}

std::array<std::uint32_t, 3> slots_of(std::uint64_t mixed, std::uint32_t segment,
                                      std::uint32_t spread) noexcept {
    const std::uint64_t high = (mixed >> 32) * spread >> 32;
    const auto first = static_cast<std::uint32_t>(high);
    const std::uint32_t mask = segment - 1;
    return {first, (first + segment) ^ (static_cast<std::uint32_t>(mixed >> 18) & mask),
            (first + 2 * segment) ^ (static_cast<std::uint32_t>(mixed) & mask)};
}

}  // namespace

bool FilterBuilder::peel(std::span<const std::uint64_t> hashes, std::uint64_t seed) {
    const std::size_t slots = spread_ + 2 * std::size_t{segment_};
    xored_.assign(slots, 0);
    degree_.assign(slots, 0);
    order_.clear();
    queue_.clear();
    for (const std::uint64_t hash : hashes) {
        const std::uint64_t mixed = mix(hash, seed);
        for (const std::uint32_t slot : slots_of(mixed, segment_, spread_)) {
            xored_[slot] ^= mixed;
            ++degree_[slot];
        }
    }
    for (std::uint32_t slot = 0; slot < slots; ++slot) {
        if (degree_[slot] == 1) queue_.push_back(slot);
    }
    while (!queue_.empty()) {
        const std::uint32_t slot = queue_.back();
        queue_.pop_back();
        if (degree_[slot] != 1) continue;
        const std::uint64_t mixed = xored_[slot];
        order_.push_back({mixed, slot});
        for (const std::uint32_t other : slots_of(mixed, segment_, spread_)) {
            xored_[other] ^= mixed;
            if (--degree_[other] == 1) queue_.push_back(other);
        }
    }
    return order_.size() == hashes.size();
}

void FilterBuilder::build(std::span<const std::uint64_t> hashes, Bytes& out) {
    check(hashes.size() <= filter_keys_max, "too many keys for a filter");
    const Geometry geometry = geometry_of(hashes.size());
    segment_ = geometry.segment;
    spread_ = geometry.spread;
    unsigned seed = 0;
    while (!peel(hashes, seed)) {
        ++seed;
        check(seed < seeds_max, "a filter needs distinct keys");
    }
    ByteWriter writer(out);
    writer.varint(hashes.size());
    writer.u8(static_cast<std::uint8_t>(seed));
    const std::size_t base = out.size();
    out.resize(base + (hashes.empty() ? 0 : geometry.slots()), 0);
    std::uint8_t* prints = out.data() + base;
    for (auto taken = order_.rbegin(); taken != order_.rend(); ++taken) {
        std::uint8_t print = print_of(taken->hash);
        for (const std::uint32_t slot : slots_of(taken->hash, segment_, spread_)) {
            if (slot != taken->slot) print ^= prints[slot];
        }
        prints[taken->slot] = print;
    }
}

Result<Filter> Filter::parse(ByteView bytes) {
    ByteReader reader(bytes);
    Filter filter;
    const std::uint64_t keys = reader.varint();
    filter.seed_ = reader.u8();
    if (!reader.ok() || keys > filter_keys_max) return fail(Errc::tampered, "corrupt filter");
    const Geometry geometry = geometry_of(keys);
    filter.segment_ = geometry.segment;
    filter.spread_ = geometry.spread;
    filter.prints_ = reader.raw(keys == 0 ? 0 : geometry.slots());
    if (!reader.done()) return fail(Errc::tampered, "corrupt filter");
    return filter;
}

bool Filter::may_contain(std::uint64_t hash) const noexcept {
    if (prints_.empty()) return false;
    const std::uint64_t mixed = mix(hash, seed_);
    std::uint8_t print = print_of(mixed);
    for (const std::uint32_t slot : slots_of(mixed, segment_, spread_)) print ^= prints_[slot];
    return print == 0;
}

}  // namespace daicho::ledger::search
