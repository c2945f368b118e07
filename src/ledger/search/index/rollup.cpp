#include "ledger/search/index/rollup.hpp"

#include <algorithm>
#include <cstring>

namespace daicho::ledger::search {
namespace {

std::uint64_t mix(std::uint64_t value) {
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93ull;
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93ull;
    return value ^ value >> 32;
}

std::uint64_t hash_of(const RollupBuilder::Key& key) {
    return mix(static_cast<std::uint64_t>(key.hour) << 40 ^ std::uint64_t{key.source} << 24 ^
               key.user);
}

}  // namespace

std::size_t RollupBuilder::row_of(const Key& key) {
    // Neighbouring events often fall into the same row.
    if (last_ < rows_.size() && rows_[last_].key == key) return last_;
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash_of(key) & mask;
    for (; slots_[at] != 0; at = (at + 1) & mask) {
        if (rows_[slots_[at] - 1].key == key) return last_ = slots_[at] - 1;
    }
    rows_.push_back({key, {}});
    slots_[at] = static_cast<std::uint32_t>(rows_.size());
    last_ = rows_.size() - 1;
    if (2 * rows_.size() > slots_.size()) grow();
    return last_;
}

void RollupBuilder::grow() {
    slots_.assign(2 * slots_.size(), 0);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        std::size_t at = hash_of(rows_[row].key) & mask;
        while (slots_[at] != 0) at = (at + 1) & mask;
        slots_[at] = static_cast<std::uint32_t>(row + 1);
    }
}

bool RollupBuilder::is_new_address(std::size_t row, const Address& address) {
    std::uint64_t high;
    std::uint64_t low;
    std::memcpy(&high, address.data(), 8);
    std::memcpy(&low, address.data() + 8, 8);
    // 64 bits stand for row and address: two of a million pairs are the same with a chance below
    // 1e-7.
    const std::uint64_t hash = mix(mix(mix(row + 1) ^ high) ^ low) | 1;
    std::size_t mask = seen_.size() - 1;
    std::size_t at = hash >> 20 & mask;
    for (; seen_[at] != 0; at = (at + 1) & mask) {
        if (seen_[at] == hash) return false;
    }
    seen_[at] = hash;
    if (2 * ++seen_count_ <= seen_.size()) return true;
    std::vector<std::uint64_t> old(2 * seen_.size(), 0);
    old.swap(seen_);
    mask = seen_.size() - 1;
    for (const std::uint64_t entry : old) {
        if (entry == 0) continue;
        at = entry >> 20 & mask;
        while (seen_[at] != 0) at = (at + 1) & mask;
        seen_[at] = entry;
    }
    return true;
}

void RollupBuilder::add(const Key& key, const Kind& kind, std::size_t raw_bytes,
                        const std::optional<Address>& address) {
    const std::size_t row = row_of(key);
    const bool fresh = address && is_new_address(row, *address);
    RollupSums& sums = rows_[row].sums;
    const bool failed = kind.outcome == Outcome::failure;
    ++sums.events;
    sums.bytes += raw_bytes;
    sums.failures += failed;
    sums.sign_ins += kind.is_sign_in() && kind.outcome == Outcome::success;
    sums.sign_ins_failed += kind.is_sign_in() && failed;
    sums.addresses += fresh;
}

std::vector<std::pair<RollupBuilder::Key, RollupSums>> RollupBuilder::sorted() const {
    std::vector<std::pair<Key, RollupSums>> out;
    out.reserve(rows_.size());
    for (const Row& row : rows_) out.emplace_back(row.key, row.sums);
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return out;
}

void RollupBuilder::clear() {
    rows_.clear();
    std::fill(slots_.begin(), slots_.end(), 0u);
    std::fill(seen_.begin(), seen_.end(), std::uint64_t{0});
    seen_count_ = 0;
    last_ = 0;
}

}  // namespace daicho::ledger::search
