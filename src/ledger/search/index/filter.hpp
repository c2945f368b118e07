#pragma once
// A set of 64-bit hashes in about 9.5 bits each that answers "certainly not" or "perhaps" (1 in 256
// is wrong): a binary fuse filter (Graf and Lemire, 2022), three probes. Static: built once from
// distinct hashes.
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace daicho::ledger::search {

inline constexpr std::size_t filter_keys_max = std::size_t{1} << 24;

/// Keeps its buffers between filters. Not synchronised.
class FilterBuilder {
public:
    /// Appends a filter of `hashes`, which are distinct, at most filter_keys_max, and may be none.
    void build(std::span<const std::uint64_t> hashes, Bytes& out);

private:
    [[nodiscard]] bool peel(std::span<const std::uint64_t> hashes, std::uint64_t seed);

    std::vector<std::uint64_t> xored_;
    std::vector<std::uint32_t> degree_;
    std::vector<std::uint32_t> queue_;
    struct Taken {
        std::uint64_t hash;
        std::uint32_t slot;
    };
    std::vector<Taken> order_;
    std::uint32_t segment_ = 0;
    std::uint32_t spread_ = 0;
};

/// A view of a filter within bytes it does not own.
class Filter {
public:
    /// Errc::tampered unless `bytes` is exactly one filter.
    [[nodiscard]] static Result<Filter> parse(ByteView bytes);
    [[nodiscard]] bool may_contain(std::uint64_t hash) const noexcept;

private:
    ByteView prints_;
    std::uint64_t seed_ = 0;
    std::uint32_t segment_ = 0;  // slots of a segment, a power of two
    std::uint32_t spread_ = 0;   // slots in which the first probe lies
};

}  // namespace daicho::ledger::search
