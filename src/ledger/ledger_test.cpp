#include "ledger/ledger.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <future>

#include "ledger/core/batch_hasher.hpp"

namespace daicho::ledger {
namespace {

class NoFields final : public search::Extractor {
public:
    void extract(ByteView, WallNs, search::Fields& out) override { out = {}; }
};

class LedgerTest : public ::testing::Test {
protected:
    void SetUp() override {
        std::string pattern = ::testing::TempDir() + "daicho-ledger-XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        root_ = pattern;
        options_.data_directory = root_ + "/data";
        options_.keys_directory = root_ + "/data.keys";
        options_.commit.reserve_bytes = 0;
        const Status made =
            Ledger::create(real_files(), clock_, options_.data_directory, options_.keys_directory);
        ASSERT_TRUE(made) << made.error().message;
    }
    void TearDown() override { std::filesystem::remove_all(root_); }

    std::unique_ptr<Ledger> open() {
        auto opened = Ledger::open(real_files(), clock_, options_,
                                   [] { return std::make_unique<NoFields>(); });
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }
    static Chunk chunk_of(const std::vector<std::string>& lines,
                          const std::string& source = "import:test") {
        Chunk chunk;
        chunk.source = source;
        for (const std::string& line : lines) {
            const auto offset = static_cast<std::uint32_t>(chunk.data.size());
            const auto length = static_cast<std::uint32_t>(line.size());
            ByteWriter(chunk.data).raw(view_of(line));
            chunk.items.push_back({offset, length, 0, length});
        }
        return chunk;
    }
    static Receipt append(Ledger& ledger, const std::vector<std::string>& lines,
                          const std::string& source = "import:test") {
        Chunk chunk = chunk_of(lines, source);
        const Result<Ticket> ticket = ledger.submit(chunk);
        EXPECT_TRUE(ticket);
        const Result<Receipt> receipt = ledger.wait_durable(*ticket);
        EXPECT_TRUE(receipt);
        return *receipt;
    }
    static std::vector<std::string> all_raw(Ledger& ledger) {
        std::map<std::uint64_t, std::string> by_seq;
        for (const search::SegmentInfo& info : ledger.segments().segments()) {
            for (std::uint32_t i = 0; i < info.blocks; ++i) {
                const auto block = ledger.segments().block(info.id, i);
                EXPECT_TRUE(block);
                for (std::size_t row = 0; row < (*block)->size(); ++row) {
                    by_seq[(*block)->event(row).seq] = text_of((*block)->event(row).raw);
                }
            }
        }
        EXPECT_TRUE(ledger.segments().tail([&](const core::BlockEvent& event, const std::string&) {
            by_seq[event.seq] = text_of(event.raw);
            return true;
        }));
        std::vector<std::string> out;
        for (const auto& [seq, raw] : by_seq) out.push_back(raw);
        return out;
    }

    SystemClock clock_;
    std::string root_;
    LedgerOptions options_;
};

TEST_F(LedgerTest, gives_sequence_numbers_without_a_hole) {
    const auto ledger = open();
    EXPECT_EQ(append(*ledger, {"one", "two"}).first_seq, 0U);
    EXPECT_EQ(append(*ledger, {"three"}).first_seq, 2U);
    EXPECT_EQ(append(*ledger, {"four"}, "udp:192.0.2.1").first_seq, 3U);
}

TEST_F(LedgerTest, keeps_every_event_over_sealing_and_reopening) {
    std::vector<std::string> expected;
    for (int round = 0; round < 3; ++round) {
        const auto ledger = open();
        for (int i = 0; i < 50; ++i) {
            const std::string line =
                "round " + std::to_string(round) + " line " + std::to_string(i);
            append(*ledger, {line}, "import:" + std::to_string(i % 3));
            expected.push_back(line);
        }
        if (round == 1) {
            const Status sealed = ledger->seal_now();
            ASSERT_TRUE(sealed) << sealed.error().message;
            EXPECT_FALSE(ledger->segments().files().empty());
        }
        EXPECT_EQ(all_raw(*ledger), expected);
    }
    const auto ledger = open();
    ASSERT_TRUE(ledger->seal_now());
    EXPECT_EQ(all_raw(*ledger), expected);
    EXPECT_TRUE(ledger->segments().tail([](const core::BlockEvent&, const std::string&) {
        ADD_FAILURE() << "a sealed event is in the tail as well";
        return true;
    }));
}

TEST_F(LedgerTest, closes_a_file_as_soon_as_it_is_full) {
    options_.commit.segment_raw_bytes = 64 << 10;
    const auto ledger = open();
    // Far less than the time between two looks at the clock: only what was written can close files.
    const std::string line(40'000, 'x');
    for (int i = 0; i < 8; ++i) append(*ledger, {line});
    ASSERT_TRUE(ledger->seal_now());
    EXPECT_GE(ledger->segments().segments().size(), 4U);
}

/// Holds up the sealing of the file whose events it is shown until it is let go.
class Gate final : public search::Extractor {
public:
    explicit Gate(std::shared_future<void> open) : open_(std::move(open)) {}
    void extract(ByteView, WallNs, search::Fields&) override { open_.wait(); }

private:
    std::shared_future<void> open_;
};

TEST_F(LedgerTest, sealing_now_does_not_wait_for_what_comes_meanwhile) {
    { append(*open(), {"of an earlier run"}); }
    std::promise<void> gate;
    const auto made = [open = gate.get_future().share()] { return std::make_unique<Gate>(open); };
    auto opened = Ledger::open(real_files(), clock_, options_, made);
    ASSERT_TRUE(opened);
    Ledger& ledger = **opened;
    auto sealed = std::async(std::launch::async, [&] { return ledger.seal_now(); });
    EXPECT_EQ(sealed.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
    append(ledger, {"meanwhile"});
    gate.set_value();
    const bool returned = sealed.wait_for(std::chrono::seconds(30)) == std::future_status::ready;
    EXPECT_TRUE(returned);
    if (!returned) ledger.stop();
    EXPECT_EQ(sealed.get().has_value(), returned);
    EXPECT_EQ(ledger.segments().files().size(), 1U);
}

TEST_F(LedgerTest, proves_an_event_before_and_after_sealing) {
    const auto ledger = open();
    append(*ledger, {"first", "second", "third"});
    append(*ledger, {"fourth"}, "udp:192.0.2.1");
    for (const bool sealed : {false, true}) {
        if (sealed) {
            ASSERT_TRUE(ledger->seal_now());
        }
        ASSERT_TRUE(ledger->wait_published(ledger->figures().tree_size - 1));
        auto prover = ledger->prover();
        ASSERT_TRUE(prover);
        const auto proof = prover->prove(1);
        ASSERT_TRUE(proof) << proof.error().message;
        const auto file = core::format_event_proof(*proof);
        ASSERT_TRUE(file);
        const auto parsed = core::parse_event_proof(*file);
        ASSERT_TRUE(parsed) << parsed.error().message;
        EXPECT_EQ(*parsed, *proof);
        const auto proven = core::verify_event_proof(*parsed, std::nullopt, ledger->log_key());
        ASSERT_TRUE(proven) << proven.error().message;
        EXPECT_EQ(text_of(proven->raw), "second");
        EXPECT_EQ(proven->source, "import:test");
        EXPECT_EQ(proven->envelope.seq, 1U);
        auto changed = *parsed;
        changed.raw = to_bytes("sec0nd");
        EXPECT_FALSE(core::verify_event_proof(changed, std::nullopt, std::nullopt));
        EXPECT_EQ(prover->prove(99).error().code, Errc::not_found);
    }
}

TEST_F(LedgerTest, refuses_a_second_process) {
    const auto ledger = open();
    const auto second =
        Ledger::open(real_files(), clock_, options_, [] { return std::make_unique<NoFields>(); });
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::locked);
}

TEST_F(LedgerTest, notices_that_an_older_copy_was_put_back) {
    { append(*open(), {"before the copy"}); }
    std::filesystem::copy(options_.data_directory, root_ + "/copy",
                          std::filesystem::copy_options::recursive);
    { append(*open(), {"after the copy"}); }
    std::filesystem::remove_all(options_.data_directory);
    std::filesystem::rename(root_ + "/copy", options_.data_directory);
    const auto opened =
        Ledger::open(real_files(), clock_, options_, [] { return std::make_unique<NoFields>(); });
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::tampered);
    EXPECT_EQ(opened.error().text_key, "ledger.rolled_back");
}

TEST_F(LedgerTest, notices_that_a_segment_was_put_in_the_place_of_another) {
    const std::string folder = options_.data_directory + "/ledger/segment/";
    std::vector<std::string> files;
    {
        const auto ledger = open();
        for (const char* line : {"the first", "the second"}) {
            append(*ledger, {line});
            ASSERT_TRUE(ledger->seal_now());
        }
        for (const auto& file : ledger->segments().files()) files.push_back(file->file);
    }
    ASSERT_EQ(files.size(), 2U);
    std::filesystem::copy_file(folder + files[1], folder + files[0],
                               std::filesystem::copy_options::overwrite_existing);
    const auto opened =
        Ledger::open(real_files(), clock_, options_, [] { return std::make_unique<NoFields>(); });
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::tampered);
    EXPECT_EQ(opened.error().text_key, "ledger.segment_damaged");
}

}  // namespace
}  // namespace daicho::ledger
