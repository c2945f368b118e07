#pragma once
// Opened index sections and decoded blocks, kept while they are wanted and there is room.
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <tuple>

#include "base/bytes.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "ledger/search/catalog.hpp"
#include "ledger/search/index/index_reader.hpp"

namespace daicho::ledger::search {

/// Thread-safe; drops what was not used for longest once it holds more than its bound.
class Store {
public:
    Store(const Catalog& catalog, std::size_t bytes_max)
        : catalog_(catalog), bytes_max_(bytes_max) {}
    [[nodiscard]] const Catalog& catalog() const noexcept { return catalog_; }
    [[nodiscard]] Result<std::shared_ptr<const IndexHead>> head(std::uint64_t segment);
    [[nodiscard]] Result<std::shared_ptr<const Bytes>> section(std::uint64_t segment,
                                                               Section section);
    [[nodiscard]] Result<std::shared_ptr<const core::Block>> block(std::uint64_t segment,
                                                                   std::uint32_t number);
    /// Like block(), but other rows than the wanted may lack their bytes. Not kept.
    [[nodiscard]] Result<std::shared_ptr<const core::Block>> rows(
        std::uint64_t segment, std::uint32_t number, std::span<const std::uint8_t> wanted);
    [[nodiscard]] std::size_t bytes_held() const;

private:
    enum class What : std::uint8_t { head, section, block };
    using Key = std::tuple<std::uint64_t, What, std::uint32_t>;
    struct Entry {
        Key key;
        std::shared_ptr<const void> value;
        std::size_t bytes = 0;
    };
    [[nodiscard]] std::shared_ptr<const void> find(const Key& key);
    void keep(const Key& key, std::shared_ptr<const void> value, std::size_t bytes);

    const Catalog& catalog_;
    const std::size_t bytes_max_;
    mutable Mutex mutex_;
    std::list<Entry> entries_ DAICHO_GUARDED_BY(mutex_);  // used last, first
    std::map<Key, std::list<Entry>::iterator> by_key_ DAICHO_GUARDED_BY(mutex_);
    std::size_t bytes_ DAICHO_GUARDED_BY(mutex_) = 0;
};

}  // namespace daicho::ledger::search
