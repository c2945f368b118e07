#include "ledger/core/codec/huffman.hpp"

#include <algorithm>
#include <array>

namespace daicho::ledger::core::codec {
namespace {

std::uint16_t reversed(std::uint32_t bits, unsigned length) {
    std::uint32_t out = 0;
    for (unsigned i = 0; i < length; ++i) out |= ((bits >> i) & 1u) << (length - 1 - i);
    return static_cast<std::uint16_t>(out);
}

using LengthCounts = std::array<std::uint32_t, 64>;

/// First code of each length (canonical order: by length, then by symbol).
std::array<std::uint32_t, code_length_max + 2> first_codes(const LengthCounts& of_length) {
    std::array<std::uint32_t, code_length_max + 2> first{};
    std::uint32_t code = 0;
    for (unsigned length = 1; length <= code_length_max; ++length) {
        first[length] = code;
        code = (code + of_length[length]) << 1;
    }
    return first;
}

/// Shortens codes over the limit and pays for them by lengthening the longest that are not yet at
/// it.
void limit(LengthCounts& of_length) {
    for (unsigned length = code_length_max + 1; length < of_length.size(); ++length) {
        of_length[code_length_max] += of_length[length];
        of_length[length] = 0;
    }
    std::uint64_t used = 0;
    for (unsigned length = 1; length <= code_length_max; ++length) {
        used += std::uint64_t{of_length[length]} << (code_length_max - length);
    }
    while (used > std::uint64_t{1} << code_length_max) {
        unsigned length = code_length_max - 1;
        while (of_length[length] == 0) --length;
        --of_length[length];
        of_length[length + 1] += 2;
        --of_length[code_length_max];
        --used;
    }
}

struct Leaf {
    std::uint32_t count;
    std::uint16_t symbol;
};

/// Depths of a Huffman tree over leaves in ascending order of count (two queues, in place).
void count_depths(const std::vector<Leaf>& leaves, LengthCounts& of_length) {
    const std::size_t n = leaves.size();
    std::vector<std::uint64_t> weight(n - 1);
    std::vector<std::uint32_t> parent(2 * n - 1, 0);
    std::size_t leaf = 0;
    std::size_t inner = 0;
    for (std::size_t made = 0; made < n - 1; ++made) {
        std::uint64_t sum = 0;
        for (int i = 0; i < 2; ++i) {
            const bool take_leaf =
                leaf < n && (inner >= made || leaves[leaf].count <= weight[inner]);
            if (take_leaf) {
                sum += leaves[leaf].count;
                parent[leaf++] = static_cast<std::uint32_t>(n + made);
            } else {
                sum += weight[inner];
                parent[n + inner++] = static_cast<std::uint32_t>(n + made);
            }
        }
        weight[made] = sum;
    }
    std::vector<std::uint8_t> depth(2 * n - 1, 0);
    for (std::size_t node = 2 * n - 2; node-- > 0;) {
        depth[node] = static_cast<std::uint8_t>(depth[parent[node]] + 1);
    }
    for (std::size_t i = 0; i < n; ++i) ++of_length[depth[i]];
}

}  // namespace

void code_lengths(std::span<const std::uint32_t> counts, std::vector<std::uint8_t>& lengths) {
    std::vector<Leaf> leaves;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0) leaves.push_back({counts[i], static_cast<std::uint16_t>(i)});
    }
    std::sort(leaves.begin(), leaves.end(), [](const Leaf& a, const Leaf& b) {
        return a.count != b.count ? a.count < b.count : a.symbol < b.symbol;
    });
    LengthCounts of_length{};
    count_depths(leaves, of_length);
    limit(of_length);
    lengths.assign(counts.size(), 0);
    std::size_t next = 0;
    for (unsigned length = code_length_max; length > 0; --length) {
        for (std::uint32_t i = 0; i < of_length[length]; ++i) {
            lengths[leaves[next++].symbol] = static_cast<std::uint8_t>(length);
        }
    }
}

void assign_codes(std::span<const std::uint8_t> lengths, std::vector<Code>& codes) {
    LengthCounts of_length{};
    for (const std::uint8_t length : lengths) ++of_length[length];
    of_length[0] = 0;
    auto next = first_codes(of_length);
    codes.assign(lengths.size(), {});
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        if (lengths[i] > 0) codes[i] = {reversed(next[lengths[i]]++, lengths[i]), lengths[i]};
    }
}

Status DecodeTable::build(std::span<const std::uint8_t> lengths) {
    LengthCounts of_length{};
    unsigned longest = 0;
    for (const std::uint8_t length : lengths) {
        if (length > code_length_max) return fail(Errc::tampered, "code length out of range");
        ++of_length[length];
        longest = std::max<unsigned>(longest, length);
    }
    of_length[0] = 0;
    std::uint64_t used = 0;
    for (unsigned length = 1; length <= code_length_max; ++length) {
        used += std::uint64_t{of_length[length]} << (code_length_max - length);
    }
    if (longest == 0 || used != std::uint64_t{1} << code_length_max) {
        return fail(Errc::tampered, "incomplete code");
    }
    bits_ = longest;
    entries_.resize(std::size_t{1} << longest);
    auto next = first_codes(of_length);
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        const unsigned length = lengths[i];
        if (length == 0) continue;
        const Entry entry{static_cast<std::uint16_t>(i), static_cast<std::uint8_t>(length)};
        const std::size_t step = std::size_t{1} << length;
        for (std::size_t at = reversed(next[length]++, length); at < entries_.size(); at += step) {
            entries_[at] = entry;
        }
    }
    return {};
}

}  // namespace daicho::ledger::core::codec
