#pragma once
// Small real ledgers, made by the Ledger class itself, for whoever tests what is read from them.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "ledger/core/keys.hpp"
#include "ledger/keep/exporter.hpp"
#include "ledger/keep/retention.hpp"
#include "ledger/ledger.hpp"
#include "support/moving_clock.hpp"

namespace daicho::test {

class NoFields final : public ledger::search::Extractor {
public:
    void extract(ByteView, WallNs, ledger::search::Fields& out) override { out = {}; }
};

/// A data directory with its keys below a temporary folder that goes when this does.
class SampleLedger {
public:
    SampleLedger() {
        std::string pattern = ::testing::TempDir() + "daicho-sample-XXXXXX";
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        root = pattern;
        options.data_directory = root + "/data";
        options.keys_directory = root + "/data.keys";
        options.commit.reserve_bytes = 0;
        options.commit.checkpoint_ns = 20'000'000;  // tests don't wait a second for each
        const Status made = ledger::Ledger::create(real_files(), clock, options.data_directory,
                                                   options.keys_directory);
        EXPECT_TRUE(made) << made.error().message;
    }
    SampleLedger(const SampleLedger&) = delete;
    SampleLedger& operator=(const SampleLedger&) = delete;
    ~SampleLedger() {
        running.reset();
        std::filesystem::remove_all(root);
    }

    void open() {
        auto opened = ledger::Ledger::open(real_files(), clock, options,
                                           [] { return std::make_unique<NoFields>(); });
        ASSERT_TRUE(opened) << opened.error().message;
        running = std::move(*opened);
    }
    void close() { running.reset(); }

    std::uint64_t append(const std::vector<std::string>& lines, const std::string& source,
                         const std::string& retention_class = "log") {
        ledger::Chunk chunk;
        chunk.source = source;
        chunk.retention_class = retention_class;
        if (source != "daicho") chunk.transport = ledger::Transport::file;
        for (const std::string& line : lines) {
            const auto offset = static_cast<std::uint32_t>(chunk.data.size());
            const auto length = static_cast<std::uint32_t>(line.size());
            ByteWriter(chunk.data).raw(view_of(line));
            chunk.items.push_back({offset, length, 0, length});
        }
        const auto ticket = running->submit(chunk);
        EXPECT_TRUE(ticket);
        const auto receipt = running->wait_durable(*ticket);
        EXPECT_TRUE(receipt);
        return receipt->first_seq;
    }
    void seal() {
        const Status sealed = running->seal_now();
        ASSERT_TRUE(sealed) << sealed.error().message;
    }
    void publish() { ASSERT_TRUE(running->wait_published(running->figures().tree_size - 1)); }
    /// Moves to the next day and waits until its key signs.
    void next_day() {
        clock.advance(day_ns);
        const std::string day = core_day();
        for (int i = 0; i < 200 && !has_key(day); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        ASSERT_TRUE(has_key(day));
        publish();
    }
    std::string export_bundle() {
        real_files().make_directories(root + "/media");
        const auto report =
            ledger::keep::export_segments(*running, {root + "/media", true}, true, nullptr);
        EXPECT_TRUE(report) << report.error().message;
        return report ? report->bundle : std::string();
    }
    void retire(const std::string& retention_class, const std::string& day) {
        const auto retired = ledger::keep::retire(
            *running, clock, {retention_class, day, 0, "rule-1", "person-1", "person-2"});
        ASSERT_TRUE(retired) << retired.error().message;
    }
    [[nodiscard]] std::string core_day() const { return ledger::core::day_of(clock.wall_ns()); }
    [[nodiscard]] std::string path() const { return options.data_directory + "/ledger"; }

    /// Two days, two classes, three sources, every kind of leaf; sealed, retired, and a tail that
    /// is not sealed.
    void fill() {
        open();
        const std::string first_day = core_day();
        append({"one", "two"}, "import:a");
        append({"three"}, "udp:192.0.2.1");
        append({R"({"action":"x"})"}, "daicho", "evidence");
        EXPECT_TRUE(running->declare_gap("udp:192.0.2.1", "udp_queue_full", 3, 30));
        seal();
        next_day();
        append({"four"}, "import:a");  // into a file made, and so under a key, of the day before
        seal();
        append({"five"}, "import:a");
        bundle = export_bundle();
        retire("log", first_day);
        EXPECT_EQ(export_bundle(), bundle);  // the same medium: now it knows what was retired
        EXPECT_TRUE(
            running->record_read({"account:1", "role", "security_officer", "", "review", 4, 0, 3}));
        close();
        clock.advance(3 * minute_ns);
        open();
        append({"six", "seven"}, "import:a");
        append({"eight"}, "daicho", "evidence");
        publish();
        close();
    }

    MovingClock clock;
    std::string root;
    std::string bundle;
    ledger::LedgerOptions options;
    std::unique_ptr<ledger::Ledger> running;

private:
    [[nodiscard]] bool has_key(const std::string& day) const {
        return std::filesystem::exists(options.keys_directory + "/day/" + day + ".key");
    }
};

}  // namespace daicho::test
