#include "base/clock.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <ctime>
#include <thread>

#include "base/mutex.hpp"

namespace daicho {
namespace {

TEST(SystemClock, AgreesWithTheKernel) {
    const SystemClock clock;
    const std::int64_t before = std::time(nullptr);
    const WallNs now = clock.wall_ns();
    EXPECT_GE(now / second_ns, before);
    EXPECT_LE(now / second_ns, before + 60);
}

TEST(SystemClock, NeverCountsMonotonicTimeBack) {
    const SystemClock clock;
    std::int64_t last = clock.monotonic_ns();
    for (int i = 0; i < 1000; ++i) {
        const std::int64_t now = clock.monotonic_ns();
        ASSERT_GE(now, last);
        last = now;
    }
}

TEST(SystemClock, GivesOneBootIdInOneBoot) {
    EXPECT_EQ(SystemClock().boot_id(), SystemClock().boot_id());
    EXPECT_NE(SystemClock().boot_id(), BootId{});
}

TEST(ManualClock, StepsTheWallClockAlone) {
    ManualClock clock(100 * second_ns);
    const std::int64_t monotonic = clock.monotonic_ns();
    clock.step(-50 * second_ns);
    EXPECT_EQ(clock.wall_ns(), 50 * second_ns);
    EXPECT_EQ(clock.monotonic_ns(), monotonic);
    clock.advance(second_ns);
    EXPECT_EQ(clock.wall_ns(), 51 * second_ns);
    EXPECT_EQ(clock.monotonic_ns(), monotonic + second_ns);
    const BootId boot = clock.boot_id();
    clock.reboot();
    EXPECT_NE(clock.boot_id(), boot);
    EXPECT_EQ(clock.monotonic_ns(), 0);
}

TEST(MutexLock, GivesTheLockUpWhileItWaits) {
    Mutex mutex;
    std::condition_variable condition;
    bool ready = false;
    std::thread other([&] {
        const MutexLock lock(mutex);
        ready = true;
        condition.notify_one();
    });
    {
        MutexLock lock(mutex);
        while (!ready) lock.wait(condition);
        EXPECT_FALSE(lock.wait_for(condition, std::chrono::milliseconds(1)));
    }
    other.join();
}

}  // namespace
}  // namespace daicho
