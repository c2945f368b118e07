#include "ledger/core/codec/tokenizer.hpp"

#include <algorithm>
#include <bit>

#include "base/fault.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace daicho::ledger::core::codec {
namespace {

/// Room behind a copied line, so that fixed-size copies and look-ahead stay inside the buffer.
constexpr std::size_t slack = 64;
/// Quoted values of one line that become templates of their own.
constexpr unsigned nested_max = 64;
constexpr std::size_t nested_size_max = 2048;

std::uint64_t hash_of(const std::uint8_t* data, std::size_t size) noexcept {
    std::uint64_t hash = size * 0x9e3779b97f4a7c15ull;
    while (size >= 8) {
        std::uint64_t word;
        std::memcpy(&word, data, 8);
        hash = (hash ^ word) * 0xff51afd7ed558ccdull;
        hash ^= hash >> 32;
        data += 8;
        size -= 8;
    }
    std::uint64_t word = 0;
    std::memcpy(&word, data, size);
    hash = (hash ^ word) * 0xc4ceb9fe1a85ec53ull;
    return hash ^ hash >> 29;
}

/// One bit for each of 64 bytes: digits and quotes. False: a control byte that lines may not have.
bool classify(const std::uint8_t* data, std::uint64_t& marks) noexcept {
    marks = 0;
#if defined(__SSE2__)
    int bad = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + 16 * i));
        const __m128i digit =
            _mm_cmplt_epi8(_mm_add_epi8(v, _mm_set1_epi8(0x80 - '0')), _mm_set1_epi8(-128 + 10));
        const __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
        const __m128i low =
            _mm_cmplt_epi8(_mm_xor_si128(v, _mm_set1_epi8(-128)), _mm_set1_epi8(-128 + 0x20));
        const __m128i kept = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(9)),
                                          _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(10)),
                                                       _mm_cmpeq_epi8(v, _mm_set1_epi8(13))));
        bad |= _mm_movemask_epi8(_mm_andnot_si128(kept, low));
        const auto bits = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(digit, quote)));
        marks |= std::uint64_t{bits} << (16 * i);
    }
    return bad == 0;
#else
    bool good = true;
    for (unsigned i = 0; i < 64; ++i) {
        if ((data[i] >= '0' && data[i] <= '9') || data[i] == '"') marks |= std::uint64_t{1} << i;
        good = good && !is_plain_control(data[i]);
    }
    return good;
#endif
}

}  // namespace

std::uint32_t TemplateTable::add(ByteView text, bool& added) {
    const std::uint64_t hash = hash_of(text.data(), text.size());
    const auto tag = static_cast<std::uint32_t>(hash);
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = (hash >> 32) & mask;
    for (; slots_[at].generation == generation_; at = (at + 1) & mask) {
        if (slots_[at].tag != tag) continue;
        const Entry& entry = entries_[slots_[at].number];
        if (entry.size == text.size() &&
            std::memcmp(texts_.data() + entry.offset, text.data(), text.size()) == 0) {
            added = false;
            return slots_[at].number;
        }
    }
    const auto number = static_cast<std::uint32_t>(entries_.size());
    slots_[at] = {tag, generation_, number};
    entries_.push_back(
        {static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(text.size())});
    texts_.insert(texts_.end(), text.begin(), text.end());
    added = true;
    if (2 * entries_.size() > slots_.size()) grow();
    return number;
}

void TemplateTable::grow() {
    slots_.assign(2 * slots_.size(), Slot{});
    generation_ = 1;
    for (std::uint32_t number = 0; number < entries_.size(); ++number) {
        const ByteView stored = text(number);
        const std::uint64_t hash = hash_of(stored.data(), stored.size());
        std::size_t at = (hash >> 32) & (slots_.size() - 1);
        while (slots_[at].generation == generation_) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = {static_cast<std::uint32_t>(hash), generation_, number};
    }
}

void TemplateTable::clear() {
    entries_.clear();
    texts_.clear();
    if (++generation_ == 0) {
        std::fill(slots_.begin(), slots_.end(), Slot{});
        generation_ = 1;
    }
}

Tokenizer::Tokenizer() : line_(line_size_max + slack), marks_((line_size_max + slack) / 64 + 1) {
    for (Level& level : levels_) {
        level.text.resize(line_size_max + slack);
        level.values.resize(line_size_max + slack);
        level.first_column.assign(1, 0);
    }
}

void Tokenizer::clear() {
    for (Level& level : levels_) {
        level.table.clear();
        level.columns.clear();
        level.first_column.assign(1, 0);
    }
    for (std::size_t i = 0; i < map_.size(); ++i) columns_[i].clear();
    map_.clear();
}

bool Tokenizer::load(ByteView line) {
    std::memcpy(line_.data(), line.data(), line.size());
    // A space is neither a mark nor a forbidden byte.
    std::memset(line_.data() + line.size(), ' ', slack);
    for (std::size_t at = 0; at <= line.size(); at += 64) {
        if (!classify(line_.data() + at, marks_[at / 64])) return false;
    }
    return true;
}

std::size_t Tokenizer::next(std::size_t from) const noexcept {
    std::size_t word = from / 64;
    std::uint64_t bits = marks_[word] & (~std::uint64_t{0} << (from % 64));
    const std::size_t words = marks_.size();
    while (bits == 0) {
        if (++word == words) return line_.size();
        bits = marks_[word];
    }
    return word * 64 + static_cast<unsigned>(std::countr_zero(bits));
}

std::optional<std::uint32_t> Tokenizer::add(ByteView line) {
    if (line.empty() || line.size() > line_size_max) return std::nullopt;
    for (const Level& level : levels_) {
        // Room for the worst line, so that a line begun can always be finished.
        if (level.table.size() + nested_max + 1 > templates_max) return std::nullopt;
        if (level.table.text_bytes() + line_size_max > template_bytes_max / levels_.size()) {
            return std::nullopt;
        }
    }
    if (!load(line)) return std::nullopt;
    // next() must not run into what an earlier, longer line has left.
    marks_[line.size() / 64 + 1] = ~std::uint64_t{0};
    reference_.known = false;
    nested_count_ = 0;
    return split(0, 0, line.size());
}

std::uint32_t Tokenizer::split(unsigned depth, std::size_t begin, std::size_t end) {
    Level& level = levels_[depth];
    level.text_size = 0;
    level.value_count = 0;
    level.literal = begin;
    std::size_t at = begin;
    if (depth == 0) {
        // The priority stays part of the text: it goes with the sentence, not with the numbers.
        if (line_[0] == '<') {
            at = 1;
            while (at < 5 && line_[at] >= '0' && line_[at] <= '9') ++at;
        }
        const std::size_t stamp = line_[at] == '>' ? at + 1 : at;
        const std::size_t after = try_bsd_stamp(level, stamp, end);
        if (after > stamp) at = after;
    }
    while ((at = next(at)) < end) {
        if (line_[at] == '"') {
            at = depth < nesting_max ? take_quoted(level, at, end) : at + 1;
        } else {
            at = take_digits(level, at, end);
        }
    }
    return close(level, depth, end);
}

std::uint32_t Tokenizer::close(Level& level, unsigned depth, std::size_t end) {
    copy_literal(level, end);
    const ByteView text(level.text.data(), level.text_size);
    bool added = false;
    const std::uint32_t number = level.table.add(text, added);
    if (added) {
        steps_.clear();
        const Status planned = plan_template(text, depth, map_, steps_);
        check(planned.has_value(), "a template has only marks of its own tokeniser");
        for (const Step& step : steps_) {
            if (step.column != no_column) level.columns.push_back(step.column);
        }
        level.first_column.push_back(static_cast<std::uint32_t>(level.columns.size()));
        if (columns_.size() < map_.size()) columns_.resize(map_.size());
    }
    const std::uint32_t* column = level.columns.data() + level.first_column[number];
    for (std::size_t i = 0; i < level.value_count; ++i)
        columns_[column[i]].push_back(level.values[i]);
    return number;
}

void Tokenizer::copy_literal(Level& level, std::size_t end) noexcept {
    const std::size_t size = end - level.literal;
    std::uint8_t* to = level.text.data() + level.text_size;
    const std::uint8_t* from = line_.data() + level.literal;
    // Both buffers have slack behind them.
    std::memcpy(to, from, 16);
    if (size > 16) std::memcpy(to + 16, from + 16, size - 16);
    level.text_size += size;
}

void Tokenizer::put(Level& level, std::size_t begin, std::size_t end, Mark mark, unsigned width,
                    std::uint64_t value) noexcept {
    copy_literal(level, begin);
    level.literal = end;
    level.text[level.text_size++] = static_cast<std::uint8_t>(mark);
    if (has_width(mark)) level.text[level.text_size++] = static_cast<std::uint8_t>(0x30 + width);
    if (has_value(mark)) level.values[level.value_count++] = value;
}

std::size_t Tokenizer::take_quoted(Level& level, std::size_t at, std::size_t end) {
    const std::uint8_t before = at > 0 ? line_[at - 1] : ' ';
    const bool opens = before == ' ' || before == '=' || before == ':' || before == ',' ||
                       before == '[' || before == '{' || before == '(';
    if (!opens || nested_count_ == nested_max) return at + 1;
    const std::size_t limit = std::min(end, at + 1 + nested_size_max);
    const void* found = std::memchr(line_.data() + at + 1, '"', limit - at - 1);
    if (found == nullptr) return at + 1;
    const auto stop =
        static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - line_.data());
    // A key of JSON goes with the sentence.
    if (line_[stop + 1] == ':' || stop == at + 1) return stop + 1;
    ++nested_count_;
    const std::uint32_t number = split(1, at + 1, stop);
    put(level, at + 1, stop, Mark::nested, 0, number);
    return stop + 1;
}

}  // namespace daicho::ledger::core::codec
