#pragma once
// Values of one field within a segment, numbered by first use from code_first on.
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "ledger/search/index/index_form.hpp"

namespace daicho::ledger::search {

/// Not synchronised.
class Dictionary {
public:
    /// The value's code, or code_unlisted when there is no more room (or `may_add` is false and the
    /// value is new).
    [[nodiscard]] std::uint64_t code_of(std::string_view value, bool may_add = true) {
        if (value.size() > dictionary_value_size_max) return code_unlisted;
        // Neighbouring events come from one host and one program.
        if (last_ < ends_.size() && value_at(last_) == value) return last_ + code_first;
        const std::uint64_t hash = hash_of(value);
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = hash & mask;
        for (; slots_[at].entry != 0; at = (at + 1) & mask) {
            if (slots_[at].tag == hash >> 32 && value_at(slots_[at].entry - 1) == value) {
                last_ = slots_[at].entry - 1;
                return last_ + code_first;
            }
        }
        const bool full = ends_.size() >= dictionary_entries_max ||
                          text_.size() + value.size() > dictionary_bytes_max;
        if (full || !may_add) return code_unlisted;
        text_.insert(text_.end(), value.begin(), value.end());
        ends_.push_back(static_cast<std::uint32_t>(text_.size()));
        slots_[at] = {static_cast<std::uint32_t>(hash >> 32),
                      static_cast<std::uint32_t>(ends_.size())};
        if (2 * ends_.size() > slots_.size()) grow();
        last_ = ends_.size() - 1;
        return last_ + code_first;
    }
    [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
    /// `index` counts from 0.
    [[nodiscard]] std::string_view value_at(std::size_t index) const noexcept {
        const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
        return {text_.data() + begin, ends_[index] - begin};
    }
    void clear() {
        ends_.clear();
        text_.clear();
        slots_.assign(slots_initial, Slot{});
    }

private:
    static constexpr std::size_t slots_initial = 256;
    struct Slot {
        std::uint32_t tag = 0;
        std::uint32_t entry = 0;  // index + 1; 0 = free
    };
    static std::uint64_t hash_of(std::string_view value) noexcept {
        std::uint64_t hash = value.size() * 0x9e3779b97f4a7c15ull;
        std::size_t at = 0;
        for (; at + 8 <= value.size(); at += 8) {
            std::uint64_t word;
            std::memcpy(&word, value.data() + at, 8);
            hash = (hash ^ word) * 0xff51afd7ed558ccdull;
            hash ^= hash >> 32;
        }
        std::uint64_t word = 0;
        for (; at < value.size(); ++at) word = word << 8 | static_cast<std::uint8_t>(value[at]);
        hash = (hash ^ word) * 0xc4ceb9fe1a85ec53ull;
        return hash ^ hash >> 31;
    }
    void grow() {
        slots_.assign(2 * slots_.size(), Slot{});
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t i = 0; i < ends_.size(); ++i) {
            const std::uint64_t hash = hash_of(value_at(i));
            std::size_t at = hash & mask;
            while (slots_[at].entry != 0) at = (at + 1) & mask;
            slots_[at] = {static_cast<std::uint32_t>(hash >> 32),
                          static_cast<std::uint32_t>(i + 1)};
        }
    }
    std::vector<char> text_;
    std::vector<std::uint32_t> ends_;
    std::vector<Slot> slots_ = std::vector<Slot>(slots_initial);
    std::size_t last_ = 0;  // the value found last
};

}  // namespace daicho::ledger::search
