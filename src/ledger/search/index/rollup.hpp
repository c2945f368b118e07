#pragma once
// Hourly sums by source and user, made while an index is built or from events that have none.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "ledger/search/fields.hpp"
#include "ledger/search/index/index_form.hpp"

namespace daicho::ledger::search {

struct RollupSums {
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t failures = 0;
    std::uint64_t sign_ins = 0;
    std::uint64_t sign_ins_failed = 0;
    std::uint64_t addresses = 0;
    bool operator==(const RollupSums&) const = default;
};

/// Keyed by small numbers that the caller gives to sources and users. Not synchronised.
class RollupBuilder {
public:
    struct Key {
        std::int64_t hour = 0;
        std::uint32_t source = 0;
        std::uint32_t user = 0;
        bool operator==(const Key&) const = default;
        auto operator<=>(const Key&) const = default;
    };
    void add(const Key& key, const Kind& kind, std::size_t raw_bytes,
             const std::optional<Address>& address);
    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    [[nodiscard]] std::vector<std::pair<Key, RollupSums>> sorted() const;
    void clear();

private:
    struct Row {
        Key key;
        RollupSums sums;
    };
    [[nodiscard]] std::size_t row_of(const Key& key);
    [[nodiscard]] bool is_new_address(std::size_t row, const Address& address);
    void grow();
    std::vector<Row> rows_;
    std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(1024, 0);  // row + 1
    std::vector<std::uint64_t> seen_ =
        std::vector<std::uint64_t>(1024, 0);  // hashes of row and address
    std::size_t seen_count_ = 0;
    std::size_t last_ = 0;
};

}  // namespace daicho::ledger::search
