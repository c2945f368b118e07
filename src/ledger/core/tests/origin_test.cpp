#include "ledger/core/origin.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ledger/core/tests/origin_sample.hpp"

namespace daicho::ledger::core {
namespace {

using nlohmann::json;
using sample::Identity;

TEST(Origin, comes_back_from_its_note) {
    const Identity identity;
    const Result<Origin> origin = open_origin(identity.note());
    ASSERT_TRUE(origin) << origin.error().message;
    EXPECT_EQ(origin->name, identity.name);
    EXPECT_EQ(origin->created, "2026-11-22T00:00:00Z");
    EXPECT_EQ(origin->log_key, identity.log_key());
}

TEST(Origin, is_refused_with_any_byte_of_its_note_changed) {
    const Identity identity;
    const std::string good = identity.note();
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        EXPECT_FALSE(open_origin(bad)) << "byte " << at;
    }
}

TEST(Origin, is_refused_when_another_key_signed_it_or_its_key_has_another_name) {
    const Identity identity;
    const std::string text = origin_text(identity.name, "now", identity.log_key());
    EXPECT_FALSE(open_origin(Identity::signed_by(text, log_key_name(identity.name), identity.day)));
    const VerifierKey named = *VerifierKey::make("elsewhere/log", identity.log.public_key());
    EXPECT_FALSE(open_origin(Identity::signed_by(origin_text(identity.name, "now", named),
                                                 "elsewhere/log", identity.log)));
}

TEST(DayCertificate, opens_under_the_log_key_for_its_own_day) {
    const Identity identity;
    const Result<VerifierKey> key = open_certificate(identity.certificate(), identity.origin());
    ASSERT_TRUE(key) << key.error().message;
    EXPECT_EQ(*key, identity.day_key());
}

TEST(DayCertificate, is_refused_for_another_day_another_key_or_another_log) {
    const Identity identity;
    const auto refused = [&](const std::function<void(DayCertificate&)>& change) {
        DayCertificate bad = identity.certificate();
        change(bad);
        return !open_certificate(bad, identity.origin());
    };
    EXPECT_FALSE(refused([](DayCertificate&) {}));
    EXPECT_TRUE(refused([](DayCertificate& bad) { bad.day = "2026-11-23"; }));
    EXPECT_TRUE(refused([](DayCertificate& bad) { bad.day = "2026-13-01"; }));
    EXPECT_TRUE(refused([](DayCertificate& bad) { bad.signature[5] ^= 1; }));
    EXPECT_TRUE(refused([&](DayCertificate& bad) { bad.vkey = identity.next_day_key().format(); }));
    EXPECT_TRUE(refused([&](DayCertificate& bad) {
        // Signed by the day key itself: whoever holds it may not certify.
        bad.signature = identity.signature(identity.day, certificate_text(bad.day, bad.vkey));
    }));
    EXPECT_TRUE(refused([&](DayCertificate& bad) {
        bad.vkey = VerifierKey::make("elsewhere", identity.day.public_key())->format();
        bad.signature = identity.signature(identity.log, certificate_text(bad.day, bad.vkey));
    }));
}

/// A second KEYROT leaf: certified by the log key and handed over by the key before.
json rotation(const Identity& identity, const crypto::SigningKey& certified_by,
              const crypto::SigningKey& handed_over_by) {
    const std::string vkey = identity.next_day_key().format();
    const std::string text = certificate_text("2026-11-23", vkey);
    return {{"certificate", to_base64(identity.signature(certified_by, text))},
            {"day", "2026-11-23"},
            {"previous_checkpoint", identity.checkpoint({4, sample::digest_of("root")})},
            {"previous_signature", to_base64(identity.signature(handed_over_by, text))},
            {"previous_vkey", identity.day_key().format()},
            {"vkey", vkey}};
}

Result<KeyRotation> opened(const Identity& identity, const json& facts) {
    return open_key_rotation({LeafType::key_rotation, sample::moment, facts.dump()},
                             identity.origin());
}

TEST(KeyRotation, hands_over_from_one_day_key_to_the_next) {
    const Identity identity;
    const auto turned = opened(identity, rotation(identity, identity.log, identity.day));
    ASSERT_TRUE(turned) << turned.error().message;
    EXPECT_EQ(turned->day, "2026-11-23");
    EXPECT_EQ(turned->key, identity.next_day_key());
    EXPECT_EQ(turned->previous_key, identity.day_key());
}

TEST(KeyRotation, needs_both_the_log_key_and_the_key_before) {
    const Identity identity;
    EXPECT_FALSE(opened(identity, rotation(identity, identity.day, identity.day)));
    EXPECT_FALSE(opened(identity, rotation(identity, identity.log, identity.log)));
    EXPECT_FALSE(opened(identity, rotation(identity, identity.log, identity.next_day)));
    json facts = rotation(identity, identity.log, identity.day);
    facts.erase("previous_signature");
    EXPECT_FALSE(opened(identity, facts)) << "a key before that has not signed";
    EXPECT_FALSE(opened(identity, json::array()));
    EXPECT_FALSE(open_key_rotation(
        {LeafType::gap, sample::moment, rotation(identity, identity.log, identity.day).dump()},
        identity.origin()));
}

}  // namespace
}  // namespace daicho::ledger::core
