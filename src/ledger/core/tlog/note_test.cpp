#include "ledger/core/tlog/note.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/fault.hpp"

namespace daicho::ledger::core {
namespace {

using testing::ElementsAre;

// The example of the Go implementation (golang.org/x/mod/sumdb/note): somebody else's key and
// signature.
constexpr std::string_view go_vkey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view go_note =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

crypto::SigningKey key_of(std::uint8_t fill) {
    return crypto::SigningKey::from_seed(Bytes(32, fill)).value();
}

struct Pair {
    crypto::SigningKey secret;
    KeySigner signer;
    Pair(const std::string& name, std::uint8_t fill)
        : secret(key_of(fill)), signer(KeySigner::make(name, secret).value()) {}
    [[nodiscard]] const VerifierKey& key() const { return signer.key(); }
};

std::string signed_by(std::string_view text, std::vector<NoteSigner*> signers) {
    return sign_note(text, signers).value();
}

TEST(Note, a_note_made_by_the_go_implementation_opens) {
    const auto key = VerifierKey::parse(go_vkey);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->name(), "PeterNeumann");
    EXPECT_EQ(key->id(), 0xc74f20a3U);
    EXPECT_EQ(key->format(), go_vkey);
    const auto open = open_note(go_note, std::span(&*key, 1));
    ASSERT_TRUE(open) << open.error().message;
    EXPECT_THAT(open->verified, ElementsAre(0U));
    EXPECT_EQ(open->text, go_note.substr(0, go_note.find("\n\n") + 1));
}

TEST(Note, no_single_changed_byte_leaves_a_note_that_opens) {
    const auto key = VerifierKey::parse(go_vkey).value();
    for (std::size_t at = 0; at < go_note.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string changed(go_note);
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
            ASSERT_FALSE(open_note(changed, std::span(&key, 1))) << at << " bit " << bit;
        }
        ASSERT_FALSE(open_note(go_note.substr(0, at), std::span(&key, 1))) << "cut at " << at;
    }
}

TEST(Note, several_keys_sign_and_each_verifier_finds_its_own) {
    Pair log("log.example", 1);
    Pair witness("witness.example/台帳", 2);
    const std::string note =
        signed_by("text\n\nwith an empty line\n", {&log.signer, &witness.signer});
    const std::vector<VerifierKey> both{witness.key(), log.key()};
    const auto open = open_note(note, both);
    ASSERT_TRUE(open);
    EXPECT_THAT(open->verified, ElementsAre(1U, 0U));
    EXPECT_EQ(open->unknown, 0U);
    EXPECT_EQ(open->text, "text\n\nwith an empty line\n");
    const auto one = open_note(note, std::span(both).first(1));
    ASSERT_TRUE(one);
    EXPECT_THAT(one->verified, ElementsAre(0U));
    EXPECT_EQ(one->unknown, 1U);
}

TEST(Note, without_a_known_key_a_note_is_refused) {
    Pair log("log.example", 1);
    Pair other_key("log.example", 2);
    Pair other_name("log2.example", 1);
    const std::string note = signed_by("text\n", {&log.signer});
    for (const VerifierKey& stranger : {other_key.key(), other_name.key()}) {
        EXPECT_EQ(open_note(note, std::span(&stranger, 1)).error().code, Errc::unauthorised);
    }
    EXPECT_EQ(open_note(note, {}).error().code, Errc::unauthorised);
}

TEST(Note, a_bad_signature_of_a_known_key_spoils_the_note_even_beside_a_good_one) {
    Pair log("log.example", 1);
    Pair witness("witness.example", 2);
    Note note = parse_note(signed_by("text\n", {&log.signer, &witness.signer})).value();
    const std::vector<VerifierKey> both{log.key(), witness.key()};
    note.signatures[1].signature[5] ^= 1;
    EXPECT_EQ(open_note(*format_note(note), both).error().code, Errc::tampered);
    EXPECT_TRUE(open_note(*format_note(note), std::span(both).first(1)));  // here it is unknown
    note.signatures[1].signature.resize(63);
    EXPECT_EQ(open_note(*format_note(note), both).error().code, Errc::tampered);
}

TEST(Note, a_known_key_signs_once_and_an_unknown_one_may_repeat) {
    Pair log("log.example", 1);
    Pair witness("witness.example", 2);
    Note note =
        parse_note(signed_by("text\n", {&log.signer, &witness.signer, &witness.signer})).value();
    const std::vector<VerifierKey> both{log.key(), witness.key()};
    EXPECT_EQ(open_note(*format_note(note), both).error().code, Errc::tampered);
    const auto open = open_note(*format_note(note), std::span(both).first(1));
    ASSERT_TRUE(open);
    EXPECT_EQ(open->unknown, 2U);
}

TEST(Note, a_signature_does_not_move_to_another_text_or_name) {
    Pair log("log.example", 1);
    Note note = parse_note(signed_by("text\n", {&log.signer})).value();
    note.text = "another text\n";
    EXPECT_EQ(open_note(*format_note(note), std::span(&log.key(), 1)).error().code, Errc::tampered);
}

TEST(Note, malformed_notes_are_refused) {
    Pair log("log.example", 1);
    const std::string good = signed_by("text\n", {&log.signer});
    ASSERT_TRUE(parse_note(good));
    const std::string line = good.substr(good.find("\u2014"));
    const std::vector<std::string> bad = {"",
                                          "\n",
                                          "\n\n",
                                          "text\n",
                                          "text\n\n",
                                          "text" + line,
                                          "text\n" + line,
                                          line,
                                          "text\n\n" + line + "\n",
                                          "text\n\n" + line.substr(0, line.size() - 1),
                                          "text\r\n\n" + line,
                                          "te\txt\n\n" + line,
                                          std::string("te\0xt\n\n", 7) + line,
                                          "te\xff\n\n" + line,
                                          "te\xed\xa0\x80\n\n" + line,
                                          "text\n\n- log.example AAAAAAA=\n",
                                          "text\n\n\u2014  AAAAAAA=\n",
                                          "text\n\n\u2014 AAAAAAA=\n",
                                          "text\n\n\u2014 a+b AAAAAAA=\n",
                                          "text\n\n\u2014 a\u3000b AAAAAAA=\n",
                                          "text\n\n\u2014 a\u00a0b AAAAAAA=\n",
                                          "text\n\n\u2014 log.example AAAAAA==\n",
                                          "text\n\n\u2014 log.example AAAAAAA\n",
                                          "text\n\n\u2014 log.example AAAAAAB=\n",
                                          "text\n\n\u2014 log.example AAAAAAA= \n",
                                          "text\n\n\u2014 log.example AAAA AAA=\n",
                                          "text\n\n\u2014\u00a0log.example AAAAAAA=\n"};
    for (const std::string& note : bad) {
        const auto parsed = parse_note(note);
        ASSERT_FALSE(parsed) << note;
        EXPECT_EQ(parsed.error().code, Errc::invalid) << note;
    }
    EXPECT_TRUE(
        parse_note("text\n\n\u2014 log.example AAAAAAA=\n"));      // five bytes: id and one more
    EXPECT_TRUE(parse_note("\n\n\u2014 log.example AAAAAAA=\n"));  // a text may be one empty line
}

TEST(Note, the_limits_hold_to_the_last_one_allowed) {
    Note note{"text\n", std::vector<NoteSignature>(note_signatures_max, {"a", 1, Bytes(1)})};
    ASSERT_TRUE(format_note(note));
    note.signatures.push_back({"a", 1, Bytes(1)});
    EXPECT_EQ(format_note(note).error().code, Errc::too_large);
    note.signatures.resize(1);
    const std::size_t rest = format_note(note)->size() - note.text.size();
    note.text = std::string(note_size_max - rest - 1, 'x') + "\n";
    ASSERT_TRUE(format_note(note));
    note.text.insert(0, 1, 'x');
    EXPECT_EQ(format_note(note).error().code, Errc::too_large);
    EXPECT_TRUE(is_key_name(std::string(key_name_size_max, 'n')));
    EXPECT_FALSE(is_key_name(std::string(key_name_size_max + 1, 'n')));
}

TEST(Note, what_would_not_parse_is_not_written) {
    Pair log("log.example", 1);
    NoteSigner* const signer = &log.signer;
    EXPECT_FALSE(sign_note("no newline", std::span(&signer, 1)));
    EXPECT_FALSE(sign_note("a tab\t\n", std::span(&signer, 1)));
    EXPECT_FALSE(sign_note("", std::span(&signer, 1)));
    EXPECT_FALSE(sign_note("text\n", {}));
    EXPECT_FALSE(format_note({"text\n", {{"two words", 1, Bytes(64)}}}));
    EXPECT_FALSE(format_note({"text\n", {{"name", 1, {}}}}));
}

TEST(Note, another_signature_is_added_under_the_ones_that_are_there) {
    Pair log("log.example", 1);
    Pair witness("witness.example", 2);
    const std::string first = signed_by("text\n", {&log.signer});
    const auto second = add_signature(first, witness.signer);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->starts_with(first));
    const std::vector<VerifierKey> both{log.key(), witness.key()};
    EXPECT_THAT(open_note(*second, both)->verified, ElementsAre(0U, 1U));
    EXPECT_EQ(add_signature(*second, log.signer).error().code, Errc::conflict);
}

TEST(Note, a_signer_that_holds_another_key_than_it_says_is_a_fault) {
    class Liar final : public NoteSigner {
    public:
        explicit Liar(VerifierKey key) : key_(std::move(key)) {}
        const VerifierKey& key() const override { return key_; }
        Result<Bytes> sign(ByteView) override { return Bytes(64); }
        VerifierKey key_;
    };
    Liar liar(Pair("log.example", 1).key());
    NoteSigner* const signer = &liar;
    EXPECT_THROW((void)sign_note("text\n", std::span(&signer, 1)), Fault);
}

TEST(Note, a_verifier_key_has_one_form) {
    const std::string good(go_vkey);
    const auto with = [&](std::size_t at, const std::string& part, std::size_t length) {
        return std::string(good).replace(at, length, part);
    };
    const std::size_t id = good.find('+') + 1;
    for (const std::string& bad :
         {std::string(), std::string("name"), std::string("name+"), std::string("name+c74f20a3"),
          std::string("name+c74f20a3+"), good.substr(1), with(id, "C74F20A3", 8),
          with(id, "c74f20a4", 8), with(id, "c74f20a", 8), with(id + 9, "Ahpc", 4), good + "=",
          good + "A", " " + good, good + "\n", good.substr(good.find('+'))}) {
        EXPECT_FALSE(VerifierKey::parse(bad)) << bad;
    }
    EXPECT_FALSE(VerifierKey::make("two words", crypto::PublicKey{}));
    EXPECT_FALSE(VerifierKey::make("", crypto::PublicKey{}));
}

TEST(Note, a_known_key_listed_twice_counts_once) {
    Pair log("log.example", 1);
    const std::string note = signed_by("text\n", {&log.signer});
    const std::vector<VerifierKey> twice{log.key(), log.key()};
    EXPECT_THAT(open_note(note, twice)->verified, ElementsAre(0U));
}

TEST(Note, two_known_keys_that_share_name_and_id_are_refused_as_ambiguous) {
    // An id has 32 bits: among 2^18 keys of one name some pair shares it (about eight do).
    std::map<std::uint32_t, VerifierKey> seen;
    std::vector<VerifierKey> pair;
    for (std::uint32_t i = 0; pair.empty() && i < (1U << 18); ++i) {
        crypto::PublicKey key;
        for (std::size_t byte = 0; byte < 4; ++byte) {
            key.bytes[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
        }
        const auto made = VerifierKey::make("log.example", key).value();
        const auto [at, fresh] = seen.emplace(made.id(), made);
        if (!fresh) pair = {at->second, made};
    }
    ASSERT_EQ(pair.size(), 2U);
    const Note note{"text\n", {{"log.example", pair[0].id(), Bytes(64)}}};
    EXPECT_EQ(open_note(*format_note(note), pair).error().code, Errc::conflict);
}

}  // namespace
}  // namespace daicho::ledger::core
