#include "ledger/core/batch_hasher.hpp"

#include <gtest/gtest.h>

#include "ledger/core/tests/sample.hpp"

namespace daicho::ledger::core {
namespace {

Status add_all(BatchHasher& hasher, const sample::Batch& batch, bool backwards = false) {
    std::vector<BlockEvent> events = batch.events;
    if (backwards) std::reverse(events.begin(), events.end());
    for (const BlockEvent& event : events) {
        const Status added = hasher.add(event, batch.source_of(event));
        if (!added) return added;
    }
    return hasher.finish();
}

TEST(BatchHasher, finds_the_leafs_root_from_the_events_in_any_order) {
    const sample::Batch batch;
    for (const bool backwards : {false, true}) {
        BatchHasher hasher(batch.leaf, sample::key_of(1));
        EXPECT_FALSE(hasher.complete());
        EXPECT_TRUE(add_all(hasher, batch, backwards));
        EXPECT_TRUE(hasher.complete());
    }
}

TEST(BatchHasher, refuses_an_event_of_another_batch_or_source_and_one_that_comes_twice) {
    const sample::Batch batch;
    BatchHasher hasher(batch.leaf, sample::key_of(1));
    BlockEvent event = batch.events[0];
    for (const std::uint64_t seq : {batch.leaf.first_seq - 1, batch.leaf.first_seq + 4}) {
        event.seq = seq;
        EXPECT_FALSE(hasher.add(event, "import:a"));
    }
    EXPECT_FALSE(hasher.add(batch.events[0], "import:b"));
    EXPECT_TRUE(hasher.add(batch.events[0], "import:a"));
    EXPECT_FALSE(hasher.add(batch.events[0], "import:a"));
}

TEST(BatchHasher, names_the_event_that_is_missing) {
    const sample::Batch batch;
    BatchHasher hasher(batch.leaf, sample::key_of(1));
    for (const std::size_t i : {0U, 1U, 3U})
        EXPECT_TRUE(hasher.add(batch.events[i], batch.source_of(batch.events[i])));
    const Status finished = hasher.finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, Errc::tampered);
    EXPECT_NE(finished.error().message.find("102"), std::string::npos);
}

TEST(BatchHasher, notices_a_change_of_any_field_of_an_event) {
    const auto noticed = [](const std::function<void(BlockEvent&)>& change) {
        sample::Batch batch;
        change(batch.events[1]);
        BatchHasher hasher(batch.leaf, sample::key_of(1));
        return !add_all(hasher, batch);
    };
    const Bytes other = to_bytes("secons");
    EXPECT_FALSE(noticed([](BlockEvent&) {}));
    EXPECT_TRUE(noticed([&](BlockEvent& event) { event.raw = other; }));
    EXPECT_TRUE(noticed([](BlockEvent& event) { ++event.wall_ns; }));
    EXPECT_TRUE(noticed([](BlockEvent& event) { ++event.monotonic_ns; }));
    EXPECT_TRUE(noticed([](BlockEvent& event) { event.transport = Transport::tls; }));
    EXPECT_TRUE(noticed([](BlockEvent& event) { event.framing = Framing::whole; }));
    EXPECT_TRUE(noticed([](BlockEvent& event) { event.flags = event_flag::clock_skew; }));
    EXPECT_TRUE(noticed([](BlockEvent& event) { ++event.true_length; }));
    EXPECT_TRUE(noticed([](BlockEvent& event) { event.source = 1; }));
}

TEST(BatchHasher, finds_nothing_right_under_another_key) {
    const sample::Batch batch;
    BatchHasher hasher(batch.leaf, sample::key_of(2));
    EXPECT_FALSE(add_all(hasher, batch));
}

}  // namespace
}  // namespace daicho::ledger::core
