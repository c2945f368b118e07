#include "ledger/core/tlog/tlog_proof.hpp"

#include <gtest/gtest.h>

namespace daicho::ledger::core {
namespace {

constexpr std::string_view origin = "log.example/1";

/// A log of seven leaves, its key, and proofs out of it.
class TlogProofTest : public testing::Test {
protected:
    TlogProofTest()
        : secret_(crypto::SigningKey::from_seed(Bytes(32, 9)).value()),
          signer_(KeySigner::make(std::string(origin), secret_).value()) {
        for (std::uint8_t i = 0; i < 7; ++i) leaves_.push_back(crypto::hash_leaf(Bytes(1, i)));
        NoteSigner* const signer = &signer_;
        const Checkpoint checkpoint{std::string(origin), {7, RangeHasher().root(leaves_)}, {}};
        note_ = sign_checkpoint(checkpoint, std::span(&signer, 1)).value();
    }
    [[nodiscard]] TlogProof proof_of(std::uint64_t index) const {
        return {to_bytes("salt"), index, prove_inclusion(index, leaves_).value(), note_};
    }
    [[nodiscard]] Result<OpenCheckpoint> verify(const TlogProof& proof,
                                                const crypto::Digest& leaf) const {
        return verify_tlog_proof(proof, leaf, origin, std::span(&signer_.key(), 1));
    }
    crypto::SigningKey secret_;
    KeySigner signer_;
    std::vector<crypto::Digest> leaves_;
    std::string note_;
};

TEST_F(TlogProofTest, a_proof_of_every_leaf_writes_reads_and_verifies) {
    for (std::uint64_t index = 0; index < leaves_.size(); ++index) {
        const TlogProof proof = proof_of(index);
        const auto text = format_tlog_proof(proof);
        ASSERT_TRUE(text);
        EXPECT_TRUE(text->starts_with("c2sp.org/tlog-proof@v1\nextra c2FsdA==\nindex " +
                                      std::to_string(index) + "\n"));
        EXPECT_TRUE(text->ends_with("\n\n" + note_));
        const auto back = parse_tlog_proof(*text);
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, proof);
        const auto open = verify(*back, leaves_[index]);
        ASSERT_TRUE(open);
        EXPECT_EQ(open->checkpoint.head.size, 7U);
    }
}

TEST_F(TlogProofTest, without_extra_data_the_line_is_left_out) {
    TlogProof proof = proof_of(2);
    proof.extra.clear();
    const std::string text = format_tlog_proof(proof).value();
    EXPECT_TRUE(text.starts_with("c2sp.org/tlog-proof@v1\nindex 2\n"));
    EXPECT_EQ(parse_tlog_proof(text).value(), proof);
}

TEST_F(TlogProofTest, a_log_of_one_leaf_has_a_proof_without_hashes) {
    const auto leaf = leaves_[0];
    NoteSigner* const signer = &signer_;
    const Checkpoint checkpoint{std::string(origin), {1, leaf}, {}};
    const TlogProof proof{{}, 0, {}, sign_checkpoint(checkpoint, std::span(&signer, 1)).value()};
    const auto text = format_tlog_proof(proof);
    ASSERT_TRUE(text);
    EXPECT_TRUE(text->starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\nlog.example/1\n"));
    EXPECT_TRUE(verify(parse_tlog_proof(*text).value(), leaf));
}

TEST_F(TlogProofTest, no_flipped_bit_outside_the_extra_line_leaves_a_proof_that_verifies) {
    const std::string text = format_tlog_proof(proof_of(3)).value();
    const std::size_t extra_begin = text.find("extra ") + 6;
    const std::size_t extra_end = text.find('\n', extra_begin);
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (at >= extra_begin && at < extra_end)
            continue;  // by specification nothing vouches for it
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string changed = text;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
            const auto proof = parse_tlog_proof(changed);
            ASSERT_FALSE(proof && verify(*proof, leaves_[3])) << at << " bit " << bit;
        }
        const auto cut = parse_tlog_proof(text.substr(0, at));
        ASSERT_FALSE(cut && verify(*cut, leaves_[3])) << "cut at " << at;
    }
}

TEST_F(TlogProofTest, another_leaf_index_log_or_key_does_not_verify) {
    TlogProof proof = proof_of(3);
    EXPECT_EQ(verify(proof, leaves_[2]).error().code, Errc::tampered);
    proof.index = 2;
    EXPECT_EQ(verify(proof, leaves_[3]).error().code, Errc::tampered);
    proof.index = 7;
    EXPECT_EQ(verify(proof, leaves_[3]).error().code, Errc::tampered);
    proof.index = 3;
    ASSERT_TRUE(verify(proof, leaves_[3]));
    EXPECT_EQ(verify_tlog_proof(proof, leaves_[3], "log.example/2", std::span(&signer_.key(), 1))
                  .error()
                  .code,
              Errc::tampered);
    EXPECT_EQ(verify_tlog_proof(proof, leaves_[3], origin, {}).error().code, Errc::unauthorised);
}

TEST_F(TlogProofTest, a_file_of_another_form_is_refused) {
    const std::string hash = to_base64(leaves_[0].view()) + "\n";
    const std::string head = "c2sp.org/tlog-proof@v1\n";
    for (const std::string& text :
         std::vector<std::string>{"",
                                  head,
                                  head + "index 1",
                                  head + "index 1\n",
                                  head + "index 1\n\n",
                                  head + "index 01\n\n" + note_,
                                  head + "index\n\n" + note_,
                                  head + "index -1\n\n" + note_,
                                  head + "index  1\n\n" + note_,
                                  head + "index 1099511627776\n\n" + note_,
                                  head + "Index 1\n\n" + note_,
                                  head + hash + "index 1\n\n" + note_,
                                  head + "extra \nindex 1\n\n" + note_,
                                  head + "extra c2FsdA\nindex 1\n\n" + note_,
                                  head + "extra c2FsdA==\nextra c2FsdA==\nindex 1\n\n" + note_,
                                  head + "extra c2FsdA==\n\n" + note_,
                                  head + "index 1\nindex 1\n\n" + note_,
                                  head + "index 1\n" + hash.substr(4) + "\n" + note_,
                                  head + "index 1\n" + note_,
                                  head + "index 1\n " + hash + "\n" + note_,
                                  "c2sp.org/tlog-proof@v2\nindex 1\n\n" + note_,
                                  "\n" + head + "index 1\n\n" + note_,
                                  head + "index 1\r\n\n" + note_,
                                  head + "index 1\n\n" + note_ + "\n"}) {
        EXPECT_FALSE(parse_tlog_proof(text)) << text;
    }
    EXPECT_TRUE(parse_tlog_proof(head + "index 1\n\n" + note_));
}

TEST_F(TlogProofTest, the_limits_hold_to_the_last_one_allowed) {
    TlogProof proof = proof_of(1);
    proof.path.resize(proof_length_max);
    ASSERT_TRUE(format_tlog_proof(proof));
    proof.path.emplace_back();
    EXPECT_EQ(format_tlog_proof(proof).error().code, Errc::too_large);
    proof = proof_of(1);
    proof.extra.resize(proof_extra_size_max);
    ASSERT_TRUE(format_tlog_proof(proof));
    proof.extra.push_back(0);
    EXPECT_EQ(format_tlog_proof(proof).error().code, Errc::too_large);
    EXPECT_EQ(parse_tlog_proof(std::string(tlog_proof_size_max + 1, 'x')).error().code,
              Errc::too_large);
}

}  // namespace
}  // namespace daicho::ledger::core
