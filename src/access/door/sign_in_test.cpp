#include "access/door/sign_in.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "access/test_support.hpp"

namespace daicho::access::door {
namespace {

using access::test::elsewhere;
using access::test::good_password;
using access::test::office;
using access::test::other_password;

class SignInTest : public access::test::AccessTest {
protected:
    void SetUp() override {
        AccessTest::SetUp();
        sato_ = person("sato", RoleSet{Role::member});
    }
    void fail_times(int times, std::string_view address = office) {
        for (int i = 0; i < times; ++i) EXPECT_FALSE(sign_in("sato", "wrong guess", address));
    }
    std::vector<std::string> rules_broken(std::string_view wanted) {
        const auto result = room_->sign_in.change_password(sato_, good_password, wanted);
        std::vector<std::string> out;
        if (result) return out;
        EXPECT_EQ(result.error().code, Errc::invalid);
        for (const auto& [name, rule] : result.error().params) out.push_back(rule);
        return out;
    }
    Caller sato_;
};

TEST_F(SignInTest, TheRightPasswordOpensASessionAndIsEvidence) {
    const std::size_t before = evidence("access.signed_in").size();
    const auto session = sign_in("ＳＡＴＯ", good_password);
    ASSERT_TRUE(session);
    EXPECT_EQ(session->caller.account_id, sato_.account_id);
    EXPECT_FALSE(session->caller.must_change);
    const auto recorded = evidence("access.signed_in");
    ASSERT_EQ(recorded.size(), before + 1);
    EXPECT_EQ(recorded.back().actor, sato_.actor());
    EXPECT_EQ(recorded.back().detail.at("address"), office);
}

TEST_F(SignInTest, APasswordTypedInFullWidthIsTheSamePassword) {
    EXPECT_TRUE(sign_in("sato", "Ｈｉｍｉｔｓｕ no-kotoba ４２"));
}

TEST_F(SignInTest, EveryReasonForRefusalGetsTheSameAnswer) {
    const Caller disabled = person("suzuki", RoleSet{Role::member});
    ASSERT_TRUE(
        room_->people.disable(administrator(), disabled.account_id,
                              room_->people.one(administrator(), disabled.account_id)->version));
    const auto stale =
        room_->people.create(administrator(), {"tanaka", "t", RoleSet{Role::member}, {}});
    clock_.advance(72 * hour_ns);
    fail_times(5);
    std::vector<Error> answers{
        sign_in("nobody", good_password).error(),
        sign_in("sato", good_password).error(),  // locked
        sign_in("sato", "wrong guess", elsewhere).error(),
        sign_in("suzuki", good_password).error(),             // disabled
        sign_in("tanaka", stale->one_time_password).error(),  // too old
        sign_in("a\xff b", std::string(5'000, 'x')).error(),  // no login, no password
        sign_in("", "").error(),
    };
    for (const Error& answer : answers) {
        EXPECT_EQ(answer.code, Errc::unauthorised);
        EXPECT_EQ(answer.text_key, "access.sign_in_failed");
        EXPECT_EQ(answer.message, answers[0].message);
        EXPECT_TRUE(answer.params.empty());
    }
    std::vector<std::string> reasons;
    for (const auto& one : evidence("access.sign_in_failed")) {
        reasons.push_back(one.detail.at("reason"));
    }
    EXPECT_EQ(reasons, (std::vector<std::string>{"wrong_password", "unknown_login", "locked",
                                                 "wrong_password", "disabled", "initial_expired"}));
}

TEST_F(SignInTest, WhatWasTypedAsAnUnknownLoginIsNotRecorded) {
    EXPECT_FALSE(sign_in("my-secret-typed-here", "x"));
    const auto recorded = evidence("access.sign_in_failed");
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].actor, "unknown");
    EXPECT_EQ(recorded[0].object, "");
    EXPECT_EQ(recorded[0].detail.dump().find("my-secret"), std::string::npos);
}

TEST_F(SignInTest, FiveFailuresLockTheAccountAgainstThatAddressForAQuarterOfAnHour) {
    fail_times(4);
    EXPECT_TRUE(evidence("access.locked").empty());
    fail_times(1);
    const auto locked = evidence("access.locked");
    ASSERT_EQ(locked.size(), 1U);
    EXPECT_EQ(locked[0].object, sato_.actor());
    EXPECT_EQ(locked[0].detail, (nlohmann::json{{"address", office},
                                                {"failures", 5},
                                                {"until_ns", clock_.wall_ns() + 15 * minute_ns}}));
    EXPECT_FALSE(sign_in("sato", good_password));
    EXPECT_TRUE(sign_in("sato", good_password, elsewhere)) << "other addresses are not affected";
    EXPECT_TRUE(room_->people.one(administrator(), sato_.account_id)->locked_until_ns);
    clock_.advance(15 * minute_ns - second_ns);
    EXPECT_FALSE(sign_in("sato", good_password));
    clock_.advance(second_ns);
    EXPECT_TRUE(sign_in("sato", good_password));
}

TEST_F(SignInTest, FailuresSpreadOverMoreThanTheWindowDoNotLock) {
    fail_times(4);
    clock_.advance(15 * minute_ns);
    fail_times(4);
    EXPECT_TRUE(sign_in("sato", good_password));
}

TEST_F(SignInTest, SuccessForgetsTheFailuresBeforeIt) {
    fail_times(4);
    EXPECT_TRUE(sign_in("sato", good_password));
    fail_times(4);
    EXPECT_TRUE(sign_in("sato", good_password));
}

TEST_F(SignInTest, EachFurtherLockIsTwiceAsLongUpToADay) {
    std::int64_t expected = 15 * minute_ns;
    for (int i = 0; i < 9; ++i) {
        const WallNs now = clock_.wall_ns();
        fail_times(5);
        const auto locked = evidence("access.locked");
        ASSERT_EQ(locked.size(), static_cast<std::size_t>(i + 1));
        EXPECT_EQ(locked.back().detail.at("until_ns"), now + expected) << i;
        clock_.advance(expected);
        expected = std::min(expected * 2, day_ns);
    }
}

TEST_F(SignInTest, GuessingFromManyAddressesLocksTheAccountEverywhere) {
    for (int i = 0; i < 50; ++i) fail_times(1, "198.51.100." + std::to_string(i));
    EXPECT_FALSE(sign_in("sato", good_password, "203.0.113.1"));
    EXPECT_EQ(evidence("access.locked").back().detail.at("address"), "*");
    ASSERT_TRUE(room_->people.unlock(administrator(), sato_.account_id));
    EXPECT_TRUE(sign_in("sato", good_password, "203.0.113.1"));
    EXPECT_EQ(evidence("access.unlocked").size(), 1U);
}

TEST_F(SignInTest, ParallelGuessesCannotOutrunTheCounter) {
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 12; ++i) {
        threads.emplace_back([&] { wrong += sign_in("sato", "wrong guess") ? 0 : 1; });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 12);
    EXPECT_EQ(evidence("access.locked").size(), 1U);
    EXPECT_FALSE(sign_in("sato", good_password));
    clock_.advance(minute_ns);
    ASSERT_TRUE(room_->sweep());
    EXPECT_EQ(counted("access.sign_in_failed"), 13);
}

TEST_F(SignInTest, TwoSignInsAtOnceGiveTwoSessions) {
    std::array<std::string, 2> tokens;
    std::thread other([&] { tokens[0] = sign_in("sato", good_password)->token; });
    tokens[1] = sign_in("sato", good_password)->token;
    other.join();
    EXPECT_NE(tokens[0], tokens[1]);
    for (const std::string& token : tokens) {
        EXPECT_TRUE(room_->sessions.resume(token, office, Activity::person));
    }
}

TEST_F(SignInTest, AOneTimePasswordLivesForThreeDays) {
    const auto issued =
        room_->people.create(administrator(), {"tanaka", "t", RoleSet{Role::member}, {}});
    EXPECT_EQ(issued->expires_ns, clock_.wall_ns() + 72 * hour_ns);
    clock_.advance(72 * hour_ns - second_ns);
    const auto session = sign_in("tanaka", issued->one_time_password);
    ASSERT_TRUE(session);
    clock_.advance(second_ns);
    EXPECT_EQ(
        room_->sign_in.change_password(session->caller, issued->one_time_password, good_password)
            .error()
            .code,
        Errc::expired)
        << "being signed in does not prolong it";
    EXPECT_FALSE(sign_in("tanaka", issued->one_time_password));
    const auto disabled = evidence("access.account_disabled");
    ASSERT_EQ(disabled.size(), 1U);
    EXPECT_EQ(disabled[0].actor, "daicho");
    EXPECT_EQ(disabled[0].detail.at("reason"), "initial_expired");
    EXPECT_FALSE(room_->sessions.resume(session->token, office, Activity::person));
}

TEST_F(SignInTest, TheSweepDisablesAccountsThatWereNeverUsed) {
    const auto issued =
        room_->people.create(administrator(), {"tanaka", "t", RoleSet{Role::member}, {}});
    clock_.advance(72 * hour_ns - 1);
    ASSERT_TRUE(room_->sweep());
    const auto state = [&] {
        const Caller auditor = *administrator_;
        return room_->people.one(auditor, issued->account_id)->state;
    };
    EXPECT_EQ(state(), AccountState::initial);
    clock_.advance(1);
    ASSERT_TRUE(room_->sweep());
    EXPECT_EQ(state(), AccountState::disabled);
}

TEST_F(SignInTest, ChangingThePasswordEndsEverySessionAndOpensANewOne) {
    const auto first = sign_in("sato", good_password);
    const auto second = sign_in("sato", good_password, elsewhere);
    const auto changed =
        room_->sign_in.change_password(first->caller, good_password, other_password);
    ASSERT_TRUE(changed);
    for (const NewSession& old : {*first, *second}) {
        EXPECT_EQ(room_->sessions.resume(old.token, office, Activity::person).error().code,
                  Errc::expired);
    }
    EXPECT_TRUE(room_->sessions.resume(changed->token, office, Activity::person));
    EXPECT_NE(changed->csrf, first->csrf);
    EXPECT_FALSE(sign_in("sato", good_password, elsewhere));
    EXPECT_TRUE(sign_in("sato", other_password, elsewhere));
    EXPECT_EQ(evidence("access.password_changed").back().detail.at("first"), false);
}

TEST_F(SignInTest, AWrongCurrentPasswordCountsLikeAFailedSignIn) {
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(room_->sign_in.change_password(sato_, "wrong guess", other_password).error().code,
                  Errc::denied);
    }
    EXPECT_EQ(room_->sign_in.change_password(sato_, good_password, other_password).error().code,
              Errc::locked);
    EXPECT_EQ(evidence("access.locked").size(), 1U);
}

TEST_F(SignInTest, APasswordOnceUsedIsNeverAcceptedAgain) {
    std::string current = good_password;
    for (int i = 0; i < 30; ++i) {
        const std::string next = "Kotoba-" + std::to_string(i * 37 + 100) + "-desu";
        const auto changed = room_->sign_in.change_password(sato_, current, next);
        ASSERT_TRUE(changed) << i;
        current = next;
    }
    for (const std::string& old : {good_password, std::string("Kotoba-100-desu"), current,
                                   std::string("Ｋｏｔｏｂａ-137-desu")}) {
        const auto again = room_->sign_in.change_password(sato_, current, old);
        ASSERT_FALSE(again) << old;
        EXPECT_EQ(again.error().params.at(0).second, "password.used_before");
    }
    EXPECT_EQ(store::test::number_from(
                  *database_, "SELECT count(DISTINCT tag) - count(*) FROM password_history"),
              0)
        << "equal passwords of two people have different tags";
}

TEST_F(SignInTest, ARefusedPasswordNamesEveryRuleItBreaks) {
    EXPECT_EQ(rules_broken("sato"),
              (std::vector<std::string>{"password.too_short", "password.only_letters",
                                        "password.contains_login"}));
    EXPECT_EQ(rules_broken(good_password), (std::vector<std::string>{"password.used_before"}));
    EXPECT_TRUE(rules_broken(other_password).empty());
}

TEST_F(SignInTest, TheOneTimePasswordIsNoPasswordOfOnesOwn) {
    const auto issued =
        room_->people.create(administrator(), {"tanaka", "t", RoleSet{Role::member}, {}});
    const auto session = sign_in("tanaka", issued->one_time_password);
    const auto same = room_->sign_in.change_password(session->caller, issued->one_time_password,
                                                     issued->one_time_password);
    ASSERT_FALSE(same);
    EXPECT_EQ(same.error().params.back().second, "password.used_before");
}

TEST_F(SignInTest, AHashOfOldCostIsRenewedAtTheNextSignIn) {
    const auto stored = [&] {
        return *database_->read([&](store::Reader& reader) -> Result<Account> {
            return *accounts::by_id(reader, sato_.account_id);
        });
    };
    const std::string before = stored().password_hash;
    Settings costlier = settings_;
    costlier.hash_cost = {2, crypto::password_cost_for_tests.memory_bytes};
    Room later(*database_, pepper_, costlier);
    ASSERT_TRUE(later.sign_in.attempt({"sato", good_password, office}));
    EXPECT_NE(stored().password_hash, before);
    EXPECT_EQ(evidence("access.password_rehashed").size(), 1U);
    ASSERT_TRUE(later.sign_in.attempt({"sato", good_password, office}));
    EXPECT_EQ(evidence("access.password_rehashed").size(), 1U);
}

}  // namespace
}  // namespace daicho::access::door
