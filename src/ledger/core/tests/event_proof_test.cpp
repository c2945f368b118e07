#include "ledger/core/event_proof.hpp"

#include <gtest/gtest.h>

#include "ledger/core/tests/origin_sample.hpp"

namespace daicho::ledger::core {
namespace {

/// The second of four events, in the third of five leaves, under a signed checkpoint.
struct Disclosed {
    sample::Identity identity;
    sample::Batch batch;
    EventProof proof;

    Disclosed() {
        proof.origin_note = identity.note();
        proof.certificate = identity.certificate();
        proof.batch_leaf = encode(batch.leaf);
        BatchHasher hasher(batch.leaf, sample::key_of(1));
        for (const BlockEvent& event : batch.events)
            EXPECT_TRUE(hasher.add(event, batch.source_of(event)));
        EXPECT_TRUE(hasher.finish());
        proof.envelope = *hasher.envelope_of(batch.events[1], "import:a");
        proof.salt = hasher.salt(1);
        proof.inner = *prove_inclusion(1, hasher.commitments());
        proof.raw = to_bytes(batch.lines[1]);
        std::vector<crypto::Digest> leaves;
        for (const char* other : {"a", "b", "c", "d", "e"})
            leaves.push_back(crypto::hash_leaf(to_bytes(other)));
        leaves[2] = crypto::hash_leaf(proof.batch_leaf);
        proof.leaf_index = 2;
        proof.outer = *prove_inclusion(2, leaves);
        proof.checkpoint = identity.checkpoint({5, RangeHasher().root(leaves)});
    }
    [[nodiscard]] Result<ProvenEvent> verify(std::optional<ByteView> beside = {}) const {
        return verify_event_proof(proof, beside, identity.log_key());
    }
};

TEST(EventProof, proves_the_event_and_says_whose_it_is) {
    const Disclosed disclosed;
    const Result<ProvenEvent> proven = disclosed.verify();
    ASSERT_TRUE(proven) << proven.error().message;
    EXPECT_EQ(text_of(proven->raw), "second");
    EXPECT_EQ(proven->source, "import:a");
    EXPECT_EQ(proven->envelope.seq, 101U);
    EXPECT_EQ(proven->head.size, 5U);
    EXPECT_EQ(proven->signing_day, "2026-11-22");
}

TEST(EventProof, comes_back_from_its_file) {
    const Disclosed disclosed;
    const auto file = format_event_proof(disclosed.proof);
    ASSERT_TRUE(file);
    const auto read = parse_event_proof(*file);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, disclosed.proof);
}

TEST(EventProof, fails_with_any_byte_of_its_file_changed) {
    const Disclosed disclosed;
    const std::string good = *format_event_proof(disclosed.proof);
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        const auto read = parse_event_proof(bad);
        if (!read) continue;
        EXPECT_FALSE(verify_event_proof(*read, {}, disclosed.identity.log_key()))
            << "byte " << at << " of " << good.size();
    }
}

TEST(EventProof, fails_at_each_step_by_itself) {
    const auto fails = [](const std::function<void(EventProof&)>& change) {
        Disclosed disclosed;
        change(disclosed.proof);
        return !disclosed.verify();
    };
    EXPECT_FALSE(fails([](EventProof&) {}));
    EXPECT_TRUE(fails([](EventProof& proof) { (*proof.raw)[0] ^= 1; }));
    EXPECT_TRUE(fails([](EventProof& proof) { ++proof.envelope.seq; }));
    EXPECT_TRUE(fails([](EventProof& proof) { ++proof.envelope.wall_ns; }));
    EXPECT_TRUE(fails([](EventProof& proof) { proof.envelope.source = 2; }));
    EXPECT_TRUE(fails([](EventProof& proof) { proof.salt[0] ^= 1; }));
    EXPECT_TRUE(fails([](EventProof& proof) { proof.inner.pop_back(); }));
    EXPECT_TRUE(fails([](EventProof& proof) { proof.outer.push_back(proof.outer[0]); }));
    EXPECT_TRUE(fails([](EventProof& proof) { proof.leaf_index = 3; }));
    EXPECT_TRUE(fails([](EventProof& proof) { proof.certificate.day = "2026-11-23"; }));
    EXPECT_TRUE(fails([](EventProof& proof) {
        const sample::Identity identity;
        proof.checkpoint = sample::Identity::signed_by(
            *format_checkpoint({identity.name, {5, sample::digest_of("x")}, {}}), identity.name,
            identity.day);
    }));
    EXPECT_TRUE(fails([](EventProof& proof) {
        const sample::Identity identity;
        const auto text = parse_note(proof.checkpoint)->text;
        proof.checkpoint = sample::Identity::signed_by(text, identity.name, identity.next_day);
    })) << "a key that nobody certified";
}

TEST(EventProof, is_worth_nothing_under_another_log_key_than_the_trusted_one) {
    const Disclosed disclosed;
    const auto other = VerifierKey::make(log_key_name(disclosed.identity.name),
                                         disclosed.identity.day.public_key());
    EXPECT_FALSE(verify_event_proof(disclosed.proof, {}, *other));
}

TEST(EventProof, takes_the_bytes_from_beside_it_only_when_they_are_the_right_ones) {
    Disclosed disclosed;
    const Bytes right = to_bytes("second");
    const Bytes wrong = to_bytes("secund");
    EXPECT_TRUE(disclosed.verify(ByteView(right)));
    EXPECT_FALSE(disclosed.verify(ByteView(wrong)));
    disclosed.proof.raw.reset();
    EXPECT_FALSE(disclosed.verify());
    EXPECT_TRUE(disclosed.verify(ByteView(right)));
    EXPECT_FALSE(disclosed.verify(ByteView(wrong)));
}

TEST(EventProof, holds_no_event_longer_than_its_limit) {
    Disclosed disclosed;
    disclosed.proof.raw = Bytes(embedded_raw_max + 1);
    EXPECT_EQ(format_event_proof(disclosed.proof).error().code, Errc::too_large);
}

}  // namespace
}  // namespace daicho::ledger::core
