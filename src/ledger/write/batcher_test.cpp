// How a group becomes batches: small enough for proofs, without losing or reordering anything.
#include "ledger/write/batcher.hpp"

#include <gtest/gtest.h>

namespace daicho::ledger::write {
namespace {

PendingChunk chunk_of(Ticket ticket, std::size_t bytes, const std::string& retention_class) {
    PendingChunk out;
    out.ticket = ticket;
    out.chunk.source = "tcp:192.0.2.7";
    out.chunk.retention_class = retention_class;
    out.chunk.data.assign(bytes, 'x');
    out.chunk.items.push_back(
        {0, static_cast<std::uint32_t>(bytes), 0, static_cast<std::uint64_t>(bytes)});
    return out;
}

TEST(Batcher, cuts_a_large_group_into_batches_of_bounded_bytes) {
    std::vector<PendingChunk> chunks;
    for (Ticket ticket = 1; ticket <= 40; ++ticket)
        chunks.push_back(chunk_of(ticket, 100'000, "log"));
    const auto batches = split_by_batch(chunks);
    EXPECT_EQ(batches.size(), 4U);
    Ticket expected = 1;
    for (const auto& batch : batches) {
        std::size_t bytes = 0;
        for (const PendingChunk* pending : batch) {
            EXPECT_EQ(pending->ticket, expected++);
            bytes += pending->chunk.data.size();
        }
        EXPECT_LE(bytes, batch_raw_bytes_max);
    }
    EXPECT_EQ(expected, 41U);
}

TEST(Batcher, gives_a_chunk_over_the_bound_a_batch_of_its_own) {
    std::vector<PendingChunk> chunks;
    chunks.push_back(chunk_of(1, 10, "log"));
    chunks.push_back(chunk_of(2, 3 * batch_raw_bytes_max, "log"));
    chunks.push_back(chunk_of(3, 10, "log"));
    const auto batches = split_by_batch(chunks);
    ASSERT_EQ(batches.size(), 3U);
    EXPECT_EQ(batches[1].size(), 1U);
    EXPECT_EQ(batches[1][0]->ticket, 2U);
}

TEST(Batcher, keeps_classes_apart_and_counts_their_bytes_apart) {
    std::vector<PendingChunk> chunks;
    for (Ticket ticket = 1; ticket <= 8; ++ticket)
        chunks.push_back(chunk_of(ticket, 200'000, ticket % 2 == 0 ? "log" : "evidence"));
    const auto batches = split_by_batch(chunks);
    ASSERT_EQ(batches.size(), 2U);
    for (const auto& batch : batches) EXPECT_EQ(batch.size(), 4U);
}

}  // namespace
}  // namespace daicho::ledger::write
