#include "ledger/core/tlog/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daicho::ledger::core {
namespace {

using testing::ElementsAre;

// The text of the example in C2SP tlog-checkpoint.
constexpr std::string_view example =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

Checkpoint sample() {
    return {"log.example/1", {7, crypto::sha256(view_of("root"))}, {}};
}

TEST(Checkpoint, the_example_of_the_specification_reads_and_writes_back) {
    const auto checkpoint = parse_checkpoint(example);
    ASSERT_TRUE(checkpoint);
    EXPECT_EQ(checkpoint->origin, "example.com/behind-the-sofa");
    EXPECT_EQ(checkpoint->head.size, 20852163U);
    EXPECT_EQ(to_base64(checkpoint->head.root.view()),
              "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
    EXPECT_EQ(format_checkpoint(*checkpoint).value(), example);
}

TEST(Checkpoint, a_text_in_any_other_form_is_refused) {
    const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    for (const std::string& text :
         std::vector<std::string>{"",
                                  "\n",
                                  "\n\n\n",
                                  "o\n1\n" + root,
                                  "o\n1\n",
                                  "\n1\n" + root + "\n",
                                  "o\n\n" + root + "\n",
                                  "o\n01\n" + root + "\n",
                                  "o\n+1\n" + root + "\n",
                                  "o\n 1\n" + root + "\n",
                                  "o\n1 \n" + root + "\n",
                                  "o\n-1\n" + root + "\n",
                                  "o\n0x1\n" + root + "\n",
                                  "o\n1.0\n" + root + "\n",
                                  "o\n18446744073709551616\n" + root + "\n",
                                  "o\n1099511627777\n" + root + "\n",
                                  "o\n0\n" + root + "\n",
                                  "o\n1\n" + root.substr(1) + "\n",
                                  "o\n1\nA" + root + "\n",
                                  "o\n1\n" + root + "\n\n",
                                  "o\n1\n" + root + "\nx\n\n",
                                  "o\n1\n" + root + "\n\ny\n",
                                  "o\r\n1\r\n" + root + "\r\n",
                                  "o\xff\n1\n" + root + "\n",
                                  "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n"}) {
        EXPECT_FALSE(parse_checkpoint(text)) << text;
    }
    EXPECT_TRUE(parse_checkpoint("o\n1099511627776\n" + root + "\n"));
    EXPECT_TRUE(parse_checkpoint("o\n0\n" + to_base64(crypto::hash_empty().view()) + "\n"));
}

TEST(Checkpoint, extension_lines_are_kept_up_to_their_limit) {
    Checkpoint checkpoint = sample();
    checkpoint.extensions.assign(checkpoint_extensions_max, "extension");
    const auto text = format_checkpoint(checkpoint);
    ASSERT_TRUE(text);
    EXPECT_EQ(parse_checkpoint(*text).value(), checkpoint);
    checkpoint.extensions.emplace_back("one more");
    EXPECT_EQ(format_checkpoint(checkpoint).error().code, Errc::too_large);
    checkpoint.extensions = {std::string(checkpoint_line_size_max, 'x')};
    EXPECT_TRUE(format_checkpoint(checkpoint));
    checkpoint.extensions = {std::string(checkpoint_line_size_max + 1, 'x')};
    EXPECT_FALSE(format_checkpoint(checkpoint));
}

TEST(Checkpoint, a_line_that_would_become_two_is_not_written) {
    Checkpoint checkpoint = sample();
    checkpoint.extensions = {"one\ntwo"};
    EXPECT_EQ(format_checkpoint(checkpoint).error().code, Errc::invalid);
    checkpoint = sample();
    checkpoint.origin = "log.example\n5";
    EXPECT_EQ(format_checkpoint(checkpoint).error().code, Errc::invalid);
    checkpoint.origin = "";
    EXPECT_EQ(format_checkpoint(checkpoint).error().code, Errc::invalid);
}

TEST(Checkpoint, opens_only_for_its_own_log_and_under_a_key_of_that_log) {
    const auto secret = crypto::SigningKey::from_seed(Bytes(32, 3)).value();
    auto signer = KeySigner::make("log.example/1", secret).value();
    const auto other_secret = crypto::SigningKey::from_seed(Bytes(32, 4)).value();
    auto witness = KeySigner::make("witness.example", other_secret).value();
    const std::vector<NoteSigner*> signers{&signer, &witness};
    const auto note = sign_checkpoint(sample(), signers);
    ASSERT_TRUE(note);
    const auto open = open_checkpoint(*note, "log.example/1", std::span(&signer.key(), 1));
    ASSERT_TRUE(open);
    EXPECT_EQ(open->checkpoint, sample());
    EXPECT_THAT(open->verified, ElementsAre(0U));
    EXPECT_EQ(open->unknown, 1U);
    EXPECT_EQ(open_checkpoint(*note, "log.example/2", std::span(&signer.key(), 1)).error().code,
              Errc::tampered);
    const auto stranger = VerifierKey::make("log.example/1", other_secret.public_key()).value();
    EXPECT_EQ(open_checkpoint(*note, "log.example/1", std::span(&stranger, 1)).error().code,
              Errc::unauthorised);
}

TEST(Checkpoint, a_signed_note_that_is_no_checkpoint_is_refused) {
    const auto secret = crypto::SigningKey::from_seed(Bytes(32, 3)).value();
    auto signer = KeySigner::make("log.example/1", secret).value();
    NoteSigner* const signers = &signer;
    const auto note = sign_note("log.example/1\nmany\nroots\n", std::span(&signers, 1));
    ASSERT_TRUE(note);
    EXPECT_EQ(open_checkpoint(*note, "log.example/1", std::span(&signer.key(), 1)).error().code,
              Errc::invalid);
}

}  // namespace
}  // namespace daicho::ledger::core
