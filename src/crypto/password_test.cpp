#include "crypto/password.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace daicho::crypto {
namespace {

constexpr std::string_view example = "correct horse battery staple";

TEST(PasswordHasher, KnowsItsOwnAndNoOther) {
    const PasswordHasher hasher(password_cost_for_tests);
    const std::string encoded = hasher.hash(example).value();
    EXPECT_TRUE(encoded.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    EXPECT_TRUE(hasher.verify(encoded, example));
    EXPECT_FALSE(hasher.verify(encoded, "correct horse battery stapl"));
    EXPECT_FALSE(hasher.verify(encoded, ""));
    EXPECT_NE(hasher.hash(example).value(), encoded) << "the salt is random";
}

TEST(PasswordHasher, VerifiesAStringOfAnotherProgram) {
    // Made with Python's cryptography module (OpenSSL's Argon2): salt "examplesalt12345", 8 KiB.
    const PasswordHasher hasher(password_cost_for_tests);
    EXPECT_TRUE(
        hasher.verify("$argon2id$v=19$m=8,t=1,p=1$ZXhhbXBsZXNhbHQxMjM0NQ$Hep+Z0LuI3ymqL3Qg/"
                      "D6EGiF32gK3K1+eaE2op0/mU8",
                      "example-only"));
}

TEST(PasswordHasher, TakesGarbageForAWrongPassword) {
    const PasswordHasher hasher(password_cost_for_tests);
    for (const std::string& encoded :
         {std::string(), std::string("$argon2id$"),
          std::string("$argon2i$v=19$m=8,t=3,p=1$AAAA$AAAA"),
          std::string("$argon2id$v=19$m=99999999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA"),
          std::string(5000, '$'), std::string("plain")}) {
        EXPECT_FALSE(hasher.verify(encoded, example)) << encoded;
    }
}

TEST(PasswordHasher, RefusesAPasswordOverItsLimit) {
    const PasswordHasher hasher(password_cost_for_tests);
    EXPECT_TRUE(hasher.hash(std::string(password_size_max, 'x')).has_value());
    EXPECT_EQ(hasher.hash(std::string(password_size_max + 1, 'x')).error().code, Errc::too_large);
}

TEST(PasswordHasher, KnowsWhenTheCostHasChanged) {
    const PasswordHasher weak(password_cost_for_tests);
    const PasswordHasher strong(PasswordCost{2, std::size_t{16} << 10});
    const std::string encoded = weak.hash(example).value();
    EXPECT_FALSE(weak.needs_rehash(encoded));
    EXPECT_TRUE(strong.needs_rehash(encoded));
    EXPECT_TRUE(strong.verify(encoded, example));
    EXPECT_TRUE(weak.needs_rehash("garbage"));
}

TEST(PasswordHasher, SpendsOnNobodyWhatItSpendsOnSomebody) {
    // A cost of some 20 ms, so that what is compared is the hashing and not the noise around it.
    const PasswordHasher hasher(PasswordCost{2, std::size_t{16} << 20});
    const std::string encoded = hasher.hash(example).value();
    const auto fastest = [](const auto& action) {
        auto best = std::chrono::steady_clock::duration::max();
        for (int i = 0; i < 5; ++i) {
            const auto start = std::chrono::steady_clock::now();
            action();
            best = std::min(best, std::chrono::steady_clock::now() - start);
        }
        return std::chrono::duration<double>(best).count();
    };
    const double somebody = fastest([&] { (void)hasher.verify(encoded, "wrong"); });
    const double nobody = fastest([&] { EXPECT_FALSE(hasher.verify_nobody("wrong")); });
    EXPECT_GT(nobody, somebody * 0.5);
    EXPECT_LT(nobody, somebody * 2.0);
}

}  // namespace
}  // namespace daicho::crypto
