#pragma once
// How far the clocks of senders are off.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace daicho::evidence::collect {

/// Event time minus receive time, in classes of doubling size on both sides of zero: the median is
/// exact within a factor of two, and adding costs a shift.
class SkewHistogram {
public:
    void add(std::int64_t skew_ns) noexcept;
    void add(const SkewHistogram& other) noexcept;
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    /// Of the absolute values; 0 without any.
    [[nodiscard]] std::int64_t max_abs_ns() const noexcept;
    [[nodiscard]] std::int64_t min_ns() const noexcept { return min_ns_; }
    [[nodiscard]] std::int64_t max_ns() const noexcept { return max_ns_; }
    [[nodiscard]] std::int64_t last_ns() const noexcept { return last_ns_; }
    [[nodiscard]] std::int64_t median_ns() const noexcept;

    /// One form, and back; Errc::invalid for anything that to_text() does not write.
    [[nodiscard]] std::string to_text() const;
    [[nodiscard]] static Result<SkewHistogram> from_text(std::string_view text);
    bool operator==(const SkewHistogram&) const = default;

private:
    static constexpr int classes = 64;
    std::array<std::uint64_t, 2 * classes> counts_{};  // [0, classes) behind, falling; then ahead
    std::uint64_t count_ = 0;
    std::int64_t min_ns_ = 0;
    std::int64_t max_ns_ = 0;
    std::int64_t last_ns_ = 0;
};

}  // namespace daicho::evidence::collect
