#include "evidence/collect/skew.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace daicho::evidence::collect {
namespace {

template <typename Number>
bool read_whole(std::string_view text, Number& out) {
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, out);
    return error == std::errc() && at == end;
}

}  // namespace

void SkewHistogram::add(std::int64_t skew_ns) noexcept {
    // Over 100 years is no clock error but a made-up time: it must not overflow the sums of others.
    constexpr std::int64_t limit = std::int64_t{100} * 365 * day_ns;
    skew_ns = std::clamp(skew_ns, -limit, limit);
    const auto size = static_cast<std::uint64_t>(skew_ns < 0 ? -skew_ns : skew_ns);
    const auto power = static_cast<int>(std::bit_width(size));
    ++counts_[static_cast<std::size_t>(skew_ns < 0 ? classes - 1 - power : classes + power)];
    min_ns_ = count_ == 0 ? skew_ns : std::min(min_ns_, skew_ns);
    max_ns_ = count_ == 0 ? skew_ns : std::max(max_ns_, skew_ns);
    last_ns_ = skew_ns;
    ++count_;
}

void SkewHistogram::add(const SkewHistogram& other) noexcept {
    if (other.count_ == 0) return;
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    min_ns_ = count_ == 0 ? other.min_ns_ : std::min(min_ns_, other.min_ns_);
    max_ns_ = count_ == 0 ? other.max_ns_ : std::max(max_ns_, other.max_ns_);
    last_ns_ = other.last_ns_;
    count_ += other.count_;
}

std::string SkewHistogram::to_text() const {
    std::string out =
        std::to_string(min_ns_) + " " + std::to_string(max_ns_) + " " + std::to_string(last_ns_);
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        if (counts_[i] > 0) out += " " + std::to_string(i) + ":" + std::to_string(counts_[i]);
    }
    return out;
}

Result<SkewHistogram> SkewHistogram::from_text(std::string_view text) {
    SkewHistogram out;
    std::size_t part = 0;
    for (const std::string_view word : split(text, ' ')) {
        const std::size_t colon = word.find(':');
        if (part < 3) {
            std::int64_t* const fields[] = {&out.min_ns_, &out.max_ns_, &out.last_ns_};
            if (!read_whole(word, *fields[part])) break;
        } else {
            std::size_t at = 0;
            std::uint64_t count = 0;
            if (colon == std::string_view::npos || !read_whole(word.substr(0, colon), at) ||
                !read_whole(word.substr(colon + 1), count) || at >= out.counts_.size())
                break;
            out.counts_[at] = count;
            out.count_ += count;
        }
        ++part;
    }
    if (out.to_text() != text) return fail(Errc::invalid, "not a histogram of clock skew");
    return out;
}

std::int64_t SkewHistogram::max_abs_ns() const noexcept {
    return std::max(max_ns_, -min_ns_);
}

std::int64_t SkewHistogram::median_ns() const noexcept {
    std::uint64_t before = 0;
    for (int i = 0; i < 2 * classes; ++i) {
        before += counts_[static_cast<std::size_t>(i)];
        if (before * 2 < count_ || before == 0) continue;
        const bool behind = i < classes;
        const int power = behind ? classes - 1 - i : i - classes;
        if (power == 0) return 0;
        const std::int64_t low = std::int64_t{1} << (power - 1);
        const std::int64_t middle = low + low / 2;
        return std::clamp(behind ? -middle : middle, min_ns_, max_ns_);
    }
    return 0;
}

}  // namespace daicho::evidence::collect
