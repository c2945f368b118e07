#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "access/password/hash_queue.hpp"
#include "access/password/one_time.hpp"
#include "access/password/rules.hpp"

namespace daicho::access::password {
namespace {

using Broken = std::vector<std::string>;
constexpr Context nobody{"kanri", "管理 太郎", "株式会社みほん商事"};

Broken broken_by(std::string_view password, const Policy& policy = {}) {
    return Rules(policy, {"password1234!", "tokyo2020olympics"}).broken_by(password, nobody);
}

TEST(PasswordRules, AnOrdinaryPassphraseIsAccepted) {
    for (const char* good : {"Asa no-umi 58", "あかねさす紫野行き標野行き", "kaki-kueba_kane19",
                             "correct horse battery staple"}) {
        EXPECT_EQ(broken_by(good), Broken{}) << good;
    }
}

TEST(PasswordRules, LengthCountsCharactersNotBytes) {
    EXPECT_EQ(broken_by("あいうえおかきくけこさ"), Broken{"password.too_short"});
    EXPECT_EQ(broken_by("あいうえおかきくけこさし"), Broken{});
    EXPECT_EQ(broken_by(std::string(1'025, 'x')), Broken{"password.too_long"});
    EXPECT_EQ(broken_by("abcxyz\xff\xfe 12 kk"), Broken{"password.not_text"});
}

TEST(PasswordRules, LettersAloneOrDigitsAloneAreNotEnough) {
    EXPECT_EQ(broken_by("hanamitsuketayo"), Broken{"password.only_letters"});
    EXPECT_EQ(broken_by("ｈａｎａｍｉｔｓｕｋｅｔａｙｏ"), Broken{"password.only_letters"});
    EXPECT_EQ(broken_by("90817263540918"), Broken{"password.only_digits"});
}

TEST(PasswordRules, RunsAndSequencesAreFoundInBothDirections) {
    EXPECT_EQ(broken_by("hana-mizu-aaa-77"), Broken{});
    EXPECT_EQ(broken_by("hana-mizu-aaaa-77"), Broken{"password.same_run"});
    EXPECT_EQ(broken_by("hana-mizu-123-yama"), Broken{});
    EXPECT_EQ(broken_by("hana-mizu-1234-yama"), Broken{"password.sequence"});
    EXPECT_EQ(broken_by("hana-mizu-9876-yama"), Broken{"password.sequence"});
    EXPECT_EQ(broken_by("hana-mizu-AbCd-77"), Broken{"password.sequence"});
    EXPECT_EQ(broken_by("hana-mizu-６５４３-yama"), Broken{"password.sequence"});
    EXPECT_EQ(broken_by("ああああああああああああ"), Broken{"password.same_run"});
}

TEST(PasswordRules, NamesAreFoundInEveryWriting) {
    EXPECT_EQ(broken_by("my-KaNrI-word-77"), Broken{"password.contains_login"});
    EXPECT_EQ(broken_by("my-ｋａｎｒｉ-word-77"), Broken{"password.contains_login"});
    EXPECT_EQ(broken_by("ミホン商事の合言葉はこれだ77"), Broken{"password.contains_organisation"});
    EXPECT_EQ(broken_by("合言葉は株式会社みほん商事の77"),
              Broken{"password.contains_organisation"});
    EXPECT_EQ(broken_by("わたしは管理 太郎です77"), Broken{"password.contains_name"});
}

TEST(PasswordRules, ANameTooShortToMeanAnythingForbidsNothing) {
    const Rules rules({}, {});
    EXPECT_EQ(rules.broken_by("Asa no-umi 58", {"a", "海", "U"}), Broken{});
}

TEST(PasswordRules, ABlockedWordIsNoBetterForDigitsAndSignsAtItsEnds) {
    for (const char* password :
         {"TOKYO2020olympics-58", "58!tokyo2020olympics", "#tokyo2020olympics 61#"}) {
        EXPECT_EQ(broken_by(password), Broken{"password.blocked"}) << password;
    }
    EXPECT_EQ(broken_by("a58!tokyo2020olympics"), Broken{});
}

TEST(PasswordRules, BlockedWordsAreComparedWholeAndFolded) {
    EXPECT_EQ(broken_by("TOKYO2020olympics"), Broken{"password.blocked"});
    EXPECT_EQ(broken_by("TOKYO2020olympics-hana"), Broken{});
}

TEST(PasswordRules, AdministratorsMayNeedMoreKindsOfCharacters) {
    Policy strict;
    strict.needs_upper = true;
    strict.needs_digit = true;
    strict.needs_symbol = true;
    EXPECT_EQ(broken_by("hana mizu yama kawa", strict),
              (Broken{"password.needs_upper", "password.needs_digit", "password.needs_symbol"}));
    EXPECT_EQ(broken_by("Hana-mizu yama 7", strict), Broken{});
}

TEST(PasswordRules, APolicyBelowTheRegulationsIsABug) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    Policy lax;
    lax.chars_min = 7;
    EXPECT_DEATH(Rules(lax, {}), "minimum");
}

TEST(OneTimePassword, IsTwentyUnmistakableCharactersInGroups) {
    std::set<std::string> seen;
    std::set<char> used;
    for (int i = 0; i < 500; ++i) {
        const std::string made = make_one_time();
        ASSERT_EQ(made.size(), 23U);
        for (std::size_t k = 0; k < made.size(); ++k) {
            if (k % 6 == 5) {
                EXPECT_EQ(made[k], '-');
            } else {
                EXPECT_EQ(std::string_view("ILO01").find(made[k]), std::string_view::npos);
                used.insert(made[k]);
            }
        }
        EXPECT_TRUE(seen.insert(made).second);
    }
    EXPECT_EQ(used.size(), 31U) << "10,000 draws leave out none of 31";
}

TEST(HashQueue, OnlyTheSamePasswordMatchesAndNothingMatchesNothing) {
    HashQueue queue(crypto::password_cost_for_tests);
    const std::string stored = *queue.hash("Asa no-umi 58");
    EXPECT_TRUE(*queue.matches(stored, "Asa no-umi 58"));
    EXPECT_TRUE(*queue.matches(stored, "Ａｓａ no-umi ５８"));
    EXPECT_FALSE(*queue.matches(stored, "asa no-umi 58"));
    EXPECT_FALSE(*queue.matches("", ""));
    EXPECT_FALSE(*queue.matches("", "Asa no-umi 58"));
    EXPECT_FALSE(*queue.matches(stored, std::string(1'000'000, 'x')));
    EXPECT_EQ(queue.hash(std::string(1'025, 'x')).error().code, Errc::too_large);
}

TEST(HashQueue, MoreThanTheQueueHoldsAreTurnedAway) {
    HashQueue queue(crypto::PasswordCost{3, std::size_t{8} << 20});
    std::atomic<int> done = 0;
    std::atomic<int> busy = 0;
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 3 * (hashes_at_once_max + hashes_waiting_max); ++i) {
        threads.emplace_back([&] {
            const auto matched = queue.matches("", "Asa no-umi 58");
            if (matched) {
                ++done;
            } else {
                EXPECT_EQ(matched.error().code, Errc::unavailable);
                ++busy;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_GE(done, static_cast<int>(hashes_at_once_max + hashes_waiting_max));
    EXPECT_EQ(done + busy, static_cast<int>(threads.size()));
    EXPECT_TRUE(queue.hash("Asa no-umi 58")) << "afterwards there is room again";
}

}  // namespace
}  // namespace daicho::access::password
