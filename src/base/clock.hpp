#pragma once
// Time as evidence needs it: wall time (may step), monotonic time with the id of the boot it counts
// from, both in nanoseconds. Everything that decides by time takes a Clock, so tests can step it.
#include <array>
#include <cstdint>

namespace daicho {

using WallNs = std::int64_t;  // nanoseconds since 1970-01-01T00:00:00Z
inline constexpr std::int64_t second_ns = 1'000'000'000;
inline constexpr std::int64_t minute_ns = 60 * second_ns;
inline constexpr std::int64_t hour_ns = 60 * minute_ns;
inline constexpr std::int64_t day_ns = 24 * hour_ns;

using BootId = std::array<std::uint8_t, 16>;

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual WallNs wall_ns() const = 0;
    /// CLOCK_BOOTTIME: goes on while the machine sleeps, never steps.
    [[nodiscard]] virtual std::int64_t monotonic_ns() const = 0;
    [[nodiscard]] virtual BootId boot_id() const = 0;
};

/// Thread-safe. The boot id is the kernel's.
class SystemClock final : public Clock {
public:
    SystemClock();
    [[nodiscard]] WallNs wall_ns() const override;
    [[nodiscard]] std::int64_t monotonic_ns() const override;
    [[nodiscard]] BootId boot_id() const override { return boot_id_; }

private:
    BootId boot_id_{};
};

/// For tests: moves only when told. Not thread-safe.
class ManualClock final : public Clock {
public:
    explicit ManualClock(WallNs wall) : wall_(wall) {}
    void advance(std::int64_t by_ns) {
        wall_ += by_ns;
        monotonic_ += by_ns;
    }
    /// The wall clock jumps; monotonic time does not.
    void step(std::int64_t by_ns) { wall_ += by_ns; }
    void reboot() {
        monotonic_ = 0;
        ++boot_id_[15];
    }
    [[nodiscard]] WallNs wall_ns() const override { return wall_; }
    [[nodiscard]] std::int64_t monotonic_ns() const override { return monotonic_; }
    [[nodiscard]] BootId boot_id() const override { return boot_id_; }

private:
    WallNs wall_;
    std::int64_t monotonic_ = 1'000 * second_ns;
    BootId boot_id_{};
};

}  // namespace daicho
