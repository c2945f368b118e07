#include "ledger/search/index/tokens.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "ledger/search/query.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace daicho::ledger::search {
namespace {

constexpr std::size_t slack = 64;
constexpr std::size_t slots_initial = std::size_t{1} << 15;
constexpr unsigned address_runs = 4;

enum class Kind : std::uint64_t { word = 1, address = 2, pair = 3, binary_address = 4 };

constexpr std::uint64_t finish(std::uint64_t hash) noexcept {
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93ull;
    hash ^= hash >> 32;
    return hash == 0 ? 1 : hash;
}

std::uint64_t load(const std::uint8_t* data) noexcept {
    std::uint64_t word;
    std::memcpy(&word, data, 8);
    return word;
}

/// At least one byte; 8 bytes must be readable at `data` whatever the size. `folds` is or-ed into
/// all bytes: 0x20 makes letters lower case and keeps word bytes apart.
TokenHash hash_of(const std::uint8_t* data, std::size_t size, std::uint64_t folds,
                  Kind kind) noexcept {
    std::uint64_t hash = static_cast<std::uint64_t>(kind) * 0x9e3779b97f4a7c15ull + size;
    if (size <= 8)
        return finish((hash ^ (load(data) | folds) << (64 - 8 * size)) * 0xff51afd7ed558ccdull);
    std::size_t at = 0;
    for (; at + 8 < size; at += 8) {
        hash = (hash ^ (load(data + at) | folds)) * 0xff51afd7ed558ccdull;
        hash ^= hash >> 29;
    }
    return finish((hash ^ (load(data + size - 8) | folds)) * 0xc4ceb9fe1a85ec53ull);
}

constexpr std::uint64_t lower_case = 0x2020202020202020ull;
constexpr std::uint64_t folds_of(Kind kind) noexcept {
    return kind == Kind::word ? lower_case : 0;
}

bool is_digit(std::uint8_t c) {
    return c >= '0' && c <= '9';
}

/// Words that begin with a digit and are in no filter.
bool is_left_out(const std::uint8_t* word, std::size_t size) noexcept {
    if (size == 1) return true;
    std::size_t digits = 1;
    while (digits < size && is_digit(word[digits])) ++digits;
    if (digits == size) return size < word_digits_min;
    if (digits + 1 == size && (word[digits] | 0x20) == 'z') return true;
    return size == 5 && digits == 2 && (word[2] | 0x20) == 't' && is_digit(word[3]) &&
           is_digit(word[4]);
}

/// Bits of the word bytes (and of bytes outside ASCII) among 64.
void classify(const std::uint8_t* data, std::uint64_t& words, std::uint64_t& high) noexcept {
    words = 0;
    high = 0;
#if defined(__SSE2__)
    for (unsigned i = 0; i < 4; ++i) {
        const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + 16 * i));
        const auto in_range = [](__m128i x, char from, char count) {
            return _mm_cmplt_epi8(_mm_add_epi8(x, _mm_set1_epi8(static_cast<char>(-128 - from))),
                                  _mm_set1_epi8(static_cast<char>(-128 + count)));
        };
        const __m128i lower = _mm_or_si128(v, _mm_set1_epi8(0x20));
        const __m128i word = _mm_or_si128(
            in_range(v, '0', 10),
            _mm_or_si128(in_range(lower, 'a', 26), _mm_cmpeq_epi8(v, _mm_set1_epi8('_'))));
        words |= std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(word))} << (16 * i);
        high |= std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(v))} << (16 * i);
    }
#else
    for (unsigned i = 0; i < 64; ++i) {
        if (is_word_byte(data[i])) words |= std::uint64_t{1} << i;
        if (data[i] >= 0x80) high |= std::uint64_t{1} << i;
    }
#endif
}

bool is_continuation(std::uint8_t c) {
    return (c & 0xc0) == 0x80;
}

/// Calls `emit(begin, end, Kind)` for each token of data[0, size); 8 more bytes must be readable.
class Walker {
public:
    Walker(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

    template <typename Emit>
    void word(std::size_t begin, std::size_t end, const Emit& emit) {
        if (!is_digit(data_[begin])) {
            runs_ = 0;
            if (end - begin > 1) emit(begin, end, Kind::word);
            return;
        }
        // Four digit runs joined by single dots; every window of four counts, so a term sees the
        // same windows.
        const bool digits = end - begin <= 3 && is_digit(data_[end - 1]) &&
                            is_digit(data_[begin + (end - begin) / 2]);
        const bool joined = runs_ > 0 && begin == run_end_ + 1 && data_[run_end_] == '.';
        if (!digits) {
            runs_ = 0;
        } else {
            if (!joined) runs_ = 0;
            starts_[runs_ % address_runs] = begin;
            ++runs_;
            run_end_ = end;
            if (runs_ >= address_runs) emit(starts_[runs_ % address_runs], end, Kind::address);
        }
        if (!is_left_out(data_ + begin, end - begin)) emit(begin, end, Kind::word);
    }

    /// A run of bytes outside ASCII.
    template <typename Emit>
    void foreign(std::size_t begin, std::size_t end, const Emit& emit) {
        std::size_t previous = size_;
        std::size_t at = begin;
        while (at < end) {
            std::size_t stop = at + 1;
            while (stop < end && is_continuation(data_[stop])) ++stop;
            if (previous < size_) emit(previous, stop, Kind::pair);
            previous = at;
            at = stop;
        }
    }

private:
    const std::uint8_t* data_;
    std::size_t size_;
    std::size_t starts_[address_runs] = {};
    std::size_t runs_ = 0;
    std::size_t run_end_ = 0;
};

}  // namespace

TokenSet::TokenSet() : slots_(slots_initial, 0) {}

void TokenSet::clear() {
    std::fill(slots_.begin(), slots_.end(), TokenHash{0});
    recent_.fill(0);
    hashes_.clear();
}

void TokenSet::insert_new(TokenHash hash) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at] != 0) {
        if (slots_[at] == hash) return;
        at = (at + 1) & mask;
    }
    slots_[at] = hash;
    hashes_.push_back(hash);
    if (2 * hashes_.size() > slots_.size()) grow();
}

void TokenSet::grow() {
    slots_.assign(2 * slots_.size(), 0);
    const std::size_t mask = slots_.size() - 1;
    for (const TokenHash hash : hashes_) {
        std::size_t at = hash & mask;
        while (slots_[at] != 0) at = (at + 1) & mask;
        slots_[at] = hash;
    }
}

void TokenSet::add(ByteView raw) {
    const std::size_t size = raw.size();
    if (size == 0) return;
    if (line_.size() < size + slack) {
        line_.resize(size + slack);
        edges_.resize(size + slack + 2);
    }
    std::memcpy(line_.data(), raw.data(), size);
    std::memset(line_.data() + size, 0, slack);
    // Where words begin and end, in alternation.
    std::uint32_t* edge = edges_.data();
    std::uint64_t carry = 0;
    std::uint64_t any_high = 0;
    for (std::size_t at = 0; at <= size; at += 64) {
        std::uint64_t words = 0;
        std::uint64_t high = 0;
        classify(line_.data() + at, words, high);
        any_high |= high;
        for (std::uint64_t flips = words ^ (words << 1 | carry); flips != 0; flips &= flips - 1) {
            *edge++ =
                static_cast<std::uint32_t>(at) + static_cast<unsigned>(std::countr_zero(flips));
        }
        carry = words >> 63;
    }
    Walker walker(line_.data(), size);
    const auto emit = [&](std::size_t begin, std::size_t end, Kind kind) {
        insert(hash_of(line_.data() + begin, end - begin, folds_of(kind), kind));
    };
    for (const std::uint32_t* at = edges_.data(); at < edge; at += 2)
        walker.word(at[0], at[1], emit);
    if (any_high == 0) return;
    for (std::size_t at = 0; at < size; ++at) {
        if (line_[at] < 0x80) continue;
        std::size_t end = at;
        while (end < size && line_[end] >= 0x80) ++end;
        walker.foreign(at, end, emit);
        at = end;
    }
}

std::vector<TokenHash> tokens_of_term(std::string_view bytes, bool open_left, bool open_right) {
    std::vector<TokenHash> out;
    std::vector<std::uint8_t> data(bytes.begin(), bytes.end());
    const std::size_t size = data.size();
    data.resize(size + slack, 0);
    Walker walker(data.data(), size);
    const auto emit = [&](std::size_t begin, std::size_t end, Kind kind) {
        out.push_back(hash_of(data.data() + begin, end - begin, folds_of(kind), kind));
    };
    for (std::size_t at = 0; at < size;) {
        const bool word = is_word_byte(data[at]);
        const bool foreign = data[at] >= 0x80;
        std::size_t end = at + 1;
        if (word) {
            while (end < size && is_word_byte(data[end])) ++end;
            const bool whole = !(at == 0 && open_left) && !(end == size && open_right);
            if (whole) walker.word(at, end, emit);
        } else if (foreign) {
            while (end < size && data[end] >= 0x80) ++end;
            walker.foreign(at, end, emit);
        }
        at = end;
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

TokenHash token_of_address(const Address& address) {
    const std::string text = print_address(address);
    if (text.find(':') == std::string::npos) {
        const std::vector<TokenHash> tokens = tokens_of_term(text, false, false);
        if (tokens.size() == 1) return tokens[0];
    }
    return hash_of(address.data(), address.size(), 0, Kind::binary_address);
}

}  // namespace daicho::ledger::search
