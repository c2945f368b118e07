#pragma once
// A ledger on a simulated disk under a clock that tests move, with every notice that it writes.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "faults/simulated_disk.hpp"
#include "ledger/core/keys.hpp"
#include "ledger/ledger.hpp"
#include "support/moving_clock.hpp"

namespace daicho::test {

/// An event as it is read back.
struct Seen {
    std::uint64_t seq = 0;
    WallNs wall_ns = 0;
    std::int64_t monotonic_ns = 0;
    std::string raw;
};

class WatchedLedger {
public:
    WatchedLedger() : disk(temporary()) {
        options.data_directory = disk.root() + "/data";
        options.keys_directory = disk.root() + "/data.keys";
        options.commit.reserve_bytes = 1;  // a full disk is low water
        options.commit.checkpoint_ns = 20'000'000;
        std::filesystem::create_directories(options.data_directory);  // the lock is a real file
        EXPECT_TRUE(
            ledger::Ledger::create(disk, clock, options.data_directory, options.keys_directory));
    }
    WatchedLedger(const WatchedLedger&) = delete;
    WatchedLedger& operator=(const WatchedLedger&) = delete;
    ~WatchedLedger() {
        ledger.reset();
        std::filesystem::remove_all(disk.root());
    }

    void open() {
        auto opened =
            ledger::Ledger::open(disk, clock, options, [] { return std::make_unique<NoFields>(); });
        ASSERT_TRUE(opened) << opened.error().message;
        ledger = std::move(*opened);
        ledger->on_notice([this](const ledger::core::NoticeLeaf& leaf, std::uint64_t) {
            const MutexLock lock(mutex_);
            notices_[leaf.type].push_back(nlohmann::json::parse(leaf.json));
        });
    }
    void close() { ledger.reset(); }
    [[nodiscard]] Result<ledger::Receipt> try_append(const std::string& line) {
        ledger::Chunk chunk;
        chunk.source = "import:a";
        chunk.transport = ledger::Transport::file;
        chunk.data = to_bytes(line);
        const auto length = static_cast<std::uint32_t>(line.size());
        chunk.items.push_back({0, length, 0, length});
        const auto ticket = ledger->submit(chunk);
        if (!ticket) return fail(ticket.error());
        return ledger->wait_durable(*ticket);
    }
    void append(const std::string& line) {
        const auto receipt = try_append(line);
        ASSERT_TRUE(receipt) << receipt.error().message;
    }
    void publish() { ASSERT_TRUE(ledger->wait_published(ledger->figures().tree_size - 1)); }
    /// From now on nothing that needs space finds any, until disk.heal().
    void fill_disk() {
        disk.plan(Trouble::no_space, 0);
        disk.stay_full(true);
    }
    /// The writer has met the full disk; fails after ten seconds.
    void wait_until_full() {
        for (int i = 0; i < 500 && !ledger->figures().full; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        ASSERT_TRUE(ledger->figures().full) << ledger->figures().stopped;
        EXPECT_TRUE(ledger->figures().low_water) << "the alarm does not show";
    }
    /// Heals the disk; the writer goes on by itself.
    void make_room() {
        disk.heal();
        for (int i = 0; i < 500 && ledger->figures().full; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        ASSERT_FALSE(ledger->figures().full);
        EXPECT_FALSE(ledger->figures().low_water);
        EXPECT_EQ(ledger->figures().stopped, "");
    }
    /// Notices of one type since open(), as far as they have been told.
    [[nodiscard]] std::vector<nlohmann::json> notices(ledger::core::LeafType type) {
        const MutexLock lock(mutex_);
        return notices_[type];
    }
    /// The `count`-th notice of a type; fails after ten seconds.
    [[nodiscard]] nlohmann::json wait_for(ledger::core::LeafType type, std::size_t count) {
        for (int i = 0; i < 500; ++i) {
            const auto seen = notices(type);
            if (seen.size() >= count) return seen[count - 1];
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        ADD_FAILURE() << "no leaf of type " << name_of(type) << " came";
        return nlohmann::json::object();
    }
    /// Every notice of a type in the WAL files of the closed ledger.
    [[nodiscard]] std::vector<nlohmann::json> stored(ledger::core::LeafType type);
    [[nodiscard]] std::vector<Seen> events();
    /// What the verifier finds wrong with the closed ledger; empty if nothing.
    [[nodiscard]] std::string verify();
    /// The same after a start that ends whatever sealing the close has cut short.
    [[nodiscard]] std::string restart_and_verify() {
        close();
        open();
        close();
        return verify();
    }

    SimulatedDisk disk;
    MovingClock clock;
    ledger::LedgerOptions options;
    std::unique_ptr<ledger::Ledger> ledger;

private:
    class NoFields final : public ledger::search::Extractor {
    public:
        void extract(ByteView, WallNs, ledger::search::Fields& out) override { out = {}; }
    };
    static std::string temporary() {
        std::string pattern = ::testing::TempDir() + "daicho-watched-XXXXXX";
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        return pattern;
    }
    Mutex mutex_;
    std::map<ledger::core::LeafType, std::vector<nlohmann::json>> notices_
        DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::test
