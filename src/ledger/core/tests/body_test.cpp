#include "ledger/core/body.hpp"

#include <gtest/gtest.h>

#include "ledger/core/tests/sample.hpp"

namespace daicho::ledger::core {
namespace {

TEST(Body, gives_back_every_event_with_its_envelope) {
    const sample::Batch batch;
    const Bytes body = batch.body();
    const auto runs = decode_body(body, batch.leaf);
    ASSERT_TRUE(runs) << runs.error().message;
    std::vector<std::string> lines;
    for_each_event(*runs, batch.leaf.first_seq, [&](const Envelope& envelope, ByteView raw) {
        EXPECT_EQ(envelope.seq, batch.leaf.first_seq + lines.size());
        EXPECT_EQ(envelope.source, lines.size() < 3 ? 0 : 1);
        EXPECT_EQ(envelope.transport, lines.size() < 3 ? Transport::file : Transport::udp);
        EXPECT_EQ(envelope.wall_ns, sample::moment + (lines.size() < 3 ? 0 : 5));
        EXPECT_EQ(envelope.raw_length, raw.size());
        lines.emplace_back(text_of(raw));
    });
    EXPECT_EQ(lines, batch.lines);
}

TEST(Body, keeps_the_length_of_an_event_that_was_cut) {
    sample::Batch batch;
    batch.runs[1].items[0].flags = event_flag::oversize;
    batch.runs[1].items[0].true_length = std::uint64_t{1} << 33;
    const Bytes body = batch.body();
    const auto runs = decode_body(body, batch.leaf);
    ASSERT_TRUE(runs) << runs.error().message;
    EXPECT_EQ((*runs)[1].items[0].true_length, std::uint64_t{1} << 33);
    EXPECT_EQ((*runs)[0].items[0].true_length, (*runs)[0].items[0].length);
}

TEST(Body, is_refused_at_every_truncation_and_with_anything_after_it) {
    const sample::Batch batch;
    const Bytes body = batch.body();
    for (std::size_t size = 0; size < body.size(); ++size)
        EXPECT_FALSE(decode_body(ByteView(body).first(size), batch.leaf)) << size;
    Bytes longer = body;
    longer.push_back(0);
    EXPECT_FALSE(decode_body(longer, batch.leaf));
}

TEST(Body, is_refused_when_it_is_not_what_its_leaf_speaks_of) {
    const auto refused = [](const std::function<void(BatchLeaf&, std::vector<BodyRun>&)>& change) {
        sample::Batch batch;
        change(batch.leaf, batch.runs);
        const auto runs = decode_body(batch.body(), batch.leaf);
        return !runs && runs.error().code == Errc::tampered;
    };
    EXPECT_FALSE(refused([](BatchLeaf&, std::vector<BodyRun>&) {}));
    EXPECT_TRUE(refused([](BatchLeaf& leaf, auto&) { ++leaf.sources[0].bytes; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf, auto&) { ++leaf.sources[1].events; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf, auto&) { leaf.wall_last_ns = sample::moment + 4; }));
    EXPECT_TRUE(refused([](BatchLeaf& leaf, auto&) { leaf.monotonic_first_ns = 11; }));
    EXPECT_TRUE(refused([](auto&, auto& runs) { runs[1].source = 2; }));
    EXPECT_TRUE(refused([](auto&, auto& runs) { runs[1].source = 0; }));
    EXPECT_TRUE(refused([](auto&, auto& runs) { runs[0].items[0].flags = event_flag::all + 1; }));
    EXPECT_TRUE(refused([](auto&, auto& runs) {
        runs[0].items[0].flags = event_flag::truncated;
        runs[0].items[0].true_length = 1;
    }));
}

TEST(Body, with_more_runs_or_events_than_its_leaf_asks_for_no_memory) {
    const sample::Batch batch;
    Bytes body{1};
    ByteWriter(body).varint(std::uint64_t{1} << 60);
    EXPECT_FALSE(decode_body(body, batch.leaf));
    body = {1};
    ByteWriter out(body);
    out.varint(1);
    out.raw(Bytes(20));  // source, transport, framing and times, all zero
    out.varint(std::uint64_t{1} << 60);
    EXPECT_FALSE(decode_body(body, batch.leaf));
}

}  // namespace
}  // namespace daicho::ledger::core
