// Commitments hashed side by side are those hashed one by one, whatever the lengths and the order.
#include "ledger/core/batch_hasher.hpp"

#include <gtest/gtest.h>

#include <random>

#include "ledger/core/keys.hpp"

namespace daicho::ledger::core {
namespace {

crypto::Key32 sample_key() {
    std::array<std::uint8_t, 32> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
    return crypto::Key32(bytes);
}

/// A batch of events of every length around the block sizes of SHA-256, from two sources.
struct Sample {
    explicit Sample(std::size_t count) {
        std::mt19937 random(7);
        BodyRun run;
        run.transport = Transport::tcp;
        run.framing = Framing::line;
        run.wall_ns = 1'700'000'000'000'000'000;
        for (std::size_t i = 0; i < count; ++i) {
            texts.emplace_back(i % 200, static_cast<std::uint8_t>(random()));
        }
        for (const Bytes& text : texts) {
            const auto size = static_cast<std::uint32_t>(text.size());
            run.items.push_back({size, 0, size});
            run.raw.push_back(text);
        }
        runs.push_back(std::move(run));
        leaf.first_seq = 40;
        leaf.count = static_cast<std::uint32_t>(count);
        leaf.sources = {{"tcp:192.0.2.1", 0, 0}, {"tcp:192.0.2.7", leaf.count, 0}};
        runs[0].source = 1;
        std::vector<crypto::Digest> all = commitments_of(runs, leaf.first_seq, key);
        leaf.event_root = root_in_place(all);
    }
    [[nodiscard]] BlockEvent event(std::size_t position) const {
        BlockEvent out;
        out.seq = leaf.first_seq + position;
        out.wall_ns = runs[0].wall_ns;
        out.transport = runs[0].transport;
        out.framing = runs[0].framing;
        out.true_length = texts[position].size();
        out.raw = texts[position];
        return out;
    }
    crypto::Key32 key = sample_key();
    std::vector<Bytes> texts;
    std::vector<BodyRun> runs;
    BatchLeaf leaf;
};

TEST(CommitmentLanes, give_what_single_events_give) {
    const Sample sample(611);
    const std::vector<crypto::Digest> many =
        commitments_of(sample.runs, sample.leaf.first_seq, sample.key);
    const BatchHasher salts(sample.leaf, sample.key);
    std::size_t position = 0;
    for_each_event(sample.runs, sample.leaf.first_seq, [&](const Envelope& envelope, ByteView raw) {
        const Salt salt = salts.salt(static_cast<std::uint32_t>(position));
        ASSERT_EQ(many[position], event_commitment(salt, envelope, raw)) << position;
        ++position;
    });
    EXPECT_EQ(position, many.size());
}

TEST(CommitmentLanes, take_events_in_any_order_and_in_pieces) {
    const Sample sample(300);
    BatchHasher hasher(sample.leaf, sample.key);
    for (std::size_t i = 0; i < 300; ++i) {
        const std::size_t position = i * 7 % 300;
        ASSERT_TRUE(hasher.add(sample.event(position), "tcp:192.0.2.7").has_value());
        if (i == 13) hasher.flush();
    }
    EXPECT_TRUE(hasher.finish().has_value());
}

}  // namespace
}  // namespace daicho::ledger::core
