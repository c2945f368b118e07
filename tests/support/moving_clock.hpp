#pragma once
// A clock that goes by itself and further when told, for tests of what runs on threads of its own.
#include <atomic>
#include <chrono>

#include "base/clock.hpp"

namespace daicho::test {

/// Goes on by itself, from a day that tests know, and further when told. Thread-safe.
class MovingClock final : public Clock {
public:
    static constexpr WallNs start = 1'795'305'600 * second_ns;  // 2026-11-22T00:00:00Z
    explicit MovingClock(WallNs wall = start + 8 * hour_ns) : wall_(wall) {}
    void advance(std::int64_t by_ns) { offset_ += by_ns; }
    void step(std::int64_t by_ns) { step_ += by_ns; }
    [[nodiscard]] WallNs wall_ns() const override { return wall_ + step_ + elapsed(); }
    [[nodiscard]] std::int64_t monotonic_ns() const override {
        return 1'000 * second_ns + elapsed();
    }
    [[nodiscard]] BootId boot_id() const override { return {7}; }

private:
    [[nodiscard]] std::int64_t elapsed() const {
        return offset_ + std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::steady_clock::now() - began_)
                             .count();
    }
    WallNs wall_;
    std::atomic<std::int64_t> offset_{0};
    std::atomic<std::int64_t> step_{0};
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace daicho::test
