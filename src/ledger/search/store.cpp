#include "ledger/search/store.hpp"

namespace daicho::ledger::search {

std::shared_ptr<const void> Store::find(const Key& key) {
    const MutexLock lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
}

void Store::keep(const Key& key, std::shared_ptr<const void> value, std::size_t bytes) {
    // One thing may not push out everything else.
    if (bytes > bytes_max_ / 2) return;
    const MutexLock lock(mutex_);
    if (by_key_.contains(key)) return;
    entries_.push_front({key, std::move(value), bytes});
    by_key_[key] = entries_.begin();
    bytes_ += bytes;
    while (bytes_ > bytes_max_) {
        bytes_ -= entries_.back().bytes;
        by_key_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

std::size_t Store::bytes_held() const {
    const MutexLock lock(mutex_);
    return bytes_;
}

Result<std::shared_ptr<const IndexHead>> Store::head(std::uint64_t segment) {
    const Key key{segment, What::head, 0};
    if (auto held = std::static_pointer_cast<const IndexHead>(find(key))) return held;
    const Result<Bytes> bytes = catalog_.index_section(segment, Section::head);
    if (!bytes) return tl::unexpected(bytes.error());
    Result<std::shared_ptr<const IndexHead>> parsed = IndexHead::parse(*bytes);
    if (parsed) keep(key, *parsed, (*parsed)->memory_bytes());
    return parsed;
}

Result<std::shared_ptr<const Bytes>> Store::section(std::uint64_t segment, Section section) {
    const Key key{segment, What::section, static_cast<std::uint32_t>(section)};
    if (auto held = std::static_pointer_cast<const Bytes>(find(key))) return held;
    Result<Bytes> bytes = catalog_.index_section(segment, section);
    if (!bytes) return tl::unexpected(bytes.error());
    const Status good = check_section(*bytes, section);
    if (!good) return tl::unexpected(good.error());
    auto shared = std::make_shared<const Bytes>(std::move(*bytes));
    keep(key, shared, shared->capacity());
    return shared;
}

Result<std::shared_ptr<const core::Block>> Store::block(std::uint64_t segment,
                                                        std::uint32_t number) {
    const Key key{segment, What::block, number};
    if (auto held = std::static_pointer_cast<const core::Block>(find(key))) return held;
    auto block = catalog_.block(segment, number);
    if (block) keep(key, *block, (*block)->memory_bytes());
    return block;
}

Result<std::shared_ptr<const core::Block>> Store::rows(std::uint64_t segment, std::uint32_t number,
                                                       std::span<const std::uint8_t> wanted) {
    const Key key{segment, What::block, number};
    if (auto held = std::static_pointer_cast<const core::Block>(find(key))) return held;
    return catalog_.rows(segment, number, wanted);
}

}  // namespace daicho::ledger::search
