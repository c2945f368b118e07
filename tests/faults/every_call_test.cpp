#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "faults/life.hpp"

namespace daicho::test {
namespace {

/// Lives are short and mostly wait; more of them at once than cores.
constexpr std::size_t threads_max = 64;

/// Of many calls one in six is tried, so that all troubles together stay within a minute.
std::uint64_t stride_over(std::uint64_t calls) {
    constexpr std::uint64_t many = 300;
    return calls < many || std::getenv("DAICHO_FAULTS_EVERY_CALL") != nullptr ? 1 : 6;
}

/// DAICHO_FAULTS_AT=N tries only call N: to look at one failure.
std::optional<std::uint64_t> only_at() {
    const char* text = std::getenv("DAICHO_FAULTS_AT");
    if (text == nullptr) return std::nullopt;
    return std::strtoull(text, nullptr, 10);
}

/// How many calls of the kind that the trouble is about a life without trouble makes.
std::uint64_t calls_of(Trouble trouble) {
    Life life;
    life.disk.plan(trouble, std::uint64_t{1} << 40);
    life.live();
    const std::uint64_t calls = life.disk.counted();
    life.disk.heal();
    EXPECT_EQ(life.judge(), "");
    return calls;
}

/// One life with a trouble at every moment; `after` is what happens between trouble and judgement.
void try_all(Trouble trouble, const std::function<void(Life&, std::uint64_t)>& after) {
    const std::uint64_t first = only_at().value_or(0);
    const std::uint64_t calls = only_at() ? first + 1 : calls_of(trouble);
    const std::uint64_t stride = only_at() ? 1 : stride_over(calls);
    std::atomic<std::uint64_t> next{first};
    std::atomic<std::uint64_t> struck{0};
    Mutex mutex;
    std::vector<std::string> wrong;
    const auto work = [&] {
        for (std::uint64_t at = next.fetch_add(stride); at < calls; at = next.fetch_add(stride)) {
            Life life;
            life.disk.plan(trouble, at);
            life.live();
            struck += life.disk.struck() ? 1 : 0;
            after(life, at);
            const std::string found = life.judge();
            if (found.empty()) continue;
            const MutexLock lock(mutex);
            wrong.push_back("trouble at call " + std::to_string(at) + ": " + found);
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < threads_max; ++i) threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < std::min<std::size_t>(wrong.size(), 5); ++i)
        ADD_FAILURE() << wrong[i];
    EXPECT_EQ(wrong.size(), 0U);
    EXPECT_GT(struck * 2 * stride, calls - first) << "most of the planned troubles never came";
}

TEST(DiskTrouble, a_life_without_trouble_is_sound) {
    EXPECT_GT(calls_of(Trouble::io_error), 500U);
    EXPECT_GT(calls_of(Trouble::lost_sync), 100U);
}

TEST(DiskTrouble, an_io_error_at_any_call_loses_nothing_promised) {
    try_all(Trouble::io_error, [](Life& life, std::uint64_t) { life.disk.heal(); });
}

TEST(DiskTrouble, a_disk_full_from_any_call_on_loses_nothing_promised) {
    try_all(Trouble::no_space, [](Life& life, std::uint64_t at) {
        life.disk.heal();
        EXPECT_EQ(life.stopped(), "")
            << "at call " << at << ": room was made, and it stayed stopped";
    });
}

TEST(DiskTrouble, a_short_write_at_any_write_loses_nothing_promised) {
    try_all(Trouble::short_write, [](Life& life, std::uint64_t) { life.disk.heal(); });
}

TEST(DiskTrouble, what_a_failed_sync_lost_was_not_promised) {
    try_all(Trouble::lost_sync,
            [](Life& life, std::uint64_t) { life.disk.crash(Remains::durable, 0); });
}

TEST(DiskTrouble, a_power_cut_at_any_call_loses_nothing_promised) {
    try_all(Trouble::power_cut, [](Life& life, std::uint64_t at) {
        life.disk.crash(at % 2 == 0 ? Remains::durable : Remains::torn, at);
    });
}

TEST(DiskTrouble, a_kill_and_then_a_power_cut_lose_nothing_promised_in_between) {
    try_all(Trouble::power_cut, [](Life& life, std::uint64_t at) {
        life.disk.crash(Remains::everything, at);
        constexpr std::uint64_t spread = 7919;  // so that the second moment runs through its range
        life.disk.plan(Trouble::power_cut, at * spread % 250);
        life.live_on();
        life.disk.crash(Remains::durable, at);
    });
}

}  // namespace
}  // namespace daicho::test
