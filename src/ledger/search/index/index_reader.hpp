#pragma once
// Reads what IndexBuilder wrote. The bytes come from a file that may be damaged: every failure is
// Errc::tampered, and every count is bounded before it allocates.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "ledger/core/codec/column.hpp"
#include "ledger/search/index.hpp"
#include "ledger/search/index/filter.hpp"
#include "ledger/search/index/index_form.hpp"
#include "ledger/search/index/rollup.hpp"

namespace daicho::ledger::search {

struct BlockInfo {
    std::uint32_t events = 0;
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
    WallNs wall_first_ns = 0;
    WallNs wall_last_ns = 0;
    std::int64_t seconds_first = 0;  // event time
    std::int64_t seconds_last = 0;
    std::size_t columns_offset = 0;  // in the section
    std::size_t columns_size = 0;
    std::size_t filter_offset = 0;
    std::size_t filter_size = 0;
};

/// Immutable: may be read by several threads.
class IndexHead {
public:
    [[nodiscard]] static Result<std::shared_ptr<const IndexHead>> parse(ByteView section);
    [[nodiscard]] const std::vector<BlockInfo>& blocks() const noexcept { return blocks_; }
    /// Code `code_first + i` is value i; an address has its 16 bytes.
    [[nodiscard]] const std::vector<std::string>& values(Field field) const noexcept {
        return dictionaries_[static_cast<std::size_t>(field)];
    }
    /// Code `profile_first + i` is profile i.
    [[nodiscard]] const std::vector<Profile>& profiles() const noexcept { return profiles_; }
    [[nodiscard]] std::optional<std::uint64_t> find(Field field, std::string_view value) const;
    [[nodiscard]] std::size_t memory_bytes() const noexcept { return memory_bytes_; }

private:
    [[nodiscard]] Status read_blocks(ByteReader& in, ByteView section);
    [[nodiscard]] Status read_dictionaries(ByteReader& in);
    [[nodiscard]] Status read_profiles(ByteReader& in);
    std::vector<BlockInfo> blocks_;
    std::array<std::vector<std::string>, field_count> dictionaries_;
    std::vector<Profile> profiles_;
    std::size_t memory_bytes_ = 0;
};

/// Reads columns of blocks; one per thread.
class ColumnReader {
public:
    /// One value for each event of the block. Codes are checked against the dictionaries.
    [[nodiscard]] Status read(ByteView section, const IndexHead& head, const BlockInfo& block,
                              Column column, std::vector<std::uint64_t>& out);

private:
    core::codec::ColumnDecoder decoder_;
};

[[nodiscard]] Result<Filter> read_filter(ByteView section, const BlockInfo& block);
[[nodiscard]] Status check_section(ByteView bytes, Section section);

struct RollupEntry {
    std::int64_t hour = 0;
    std::uint64_t source = 0;  // code
    std::uint64_t user = 0;    // code
    RollupSums sums;
};
/// Errc::not_found when the segment has too many rows: they must be made from the events.
[[nodiscard]] Result<std::vector<RollupEntry>> read_rollup(ByteView section, const IndexHead& head);

}  // namespace daicho::ledger::search
