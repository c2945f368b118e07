#include "access/door/session.hpp"

#include <gtest/gtest.h>

#include "access/test_support.hpp"

namespace daicho::access::door {
namespace {

class SessionTest : public access::test::AccessTest {
protected:
    void SetUp() override {
        AccessTest::SetUp();
        (void)administrator();
        session_ = *sign_in("kanri", access::test::good_password);
    }
    Result<Caller> resume(Activity activity = Activity::person) {
        return room_->sessions.resume(session_.token, access::test::office, activity);
    }
    std::string how_it_ended(Activity activity = Activity::polling) {
        const auto caller = resume(activity);
        if (caller) return "goes on";
        EXPECT_EQ(caller.error().code, Errc::expired);
        EXPECT_EQ(caller.error().text_key, "access.session_ended");
        return caller.error().params.at(0).second;
    }
    NewSession session_;
};

TEST_F(SessionTest, ActivityWithinFiveMinutesKeepsItAlive) {
    for (int i = 0; i < 10; ++i) {
        clock_.advance(5 * minute_ns - second_ns);
        ASSERT_TRUE(resume()) << i;
    }
}

TEST_F(SessionTest, ASecondOverFiveMinutesEndsItAndTheEndIsEvidence) {
    clock_.advance(5 * minute_ns + second_ns);
    EXPECT_EQ(how_it_ended(Activity::person), "idle");
    EXPECT_EQ(how_it_ended(Activity::person), "idle") << "it does not come back";
    const auto ended = evidence("access.signed_off");
    ASSERT_EQ(ended.size(), 2U) << "the first sign-in's session ended by replacing the password";
    EXPECT_EQ(ended[1].detail.at("reason"), "idle");
    EXPECT_EQ(ended[1].object, session_.caller.actor());
}

TEST_F(SessionTest, PollingDoesNotKeepItAlive) {
    for (int i = 0; i < 4; ++i) {
        clock_.advance(minute_ns);
        ASSERT_TRUE(resume(Activity::polling));
    }
    clock_.advance(59 * second_ns);
    ASSERT_EQ(how_it_ended(), "goes on");
    clock_.advance(second_ns);
    EXPECT_EQ(how_it_ended(), "idle");
}

TEST_F(SessionTest, TheTimeLeftIsToldWithoutRenewingIt) {
    clock_.advance(2 * minute_ns);
    const auto caller = resume(Activity::polling);
    EXPECT_EQ(room_->sessions.idle_left_ns(*caller), 3 * minute_ns);
    ASSERT_TRUE(resume());
    EXPECT_EQ(room_->sessions.idle_left_ns(*caller), 5 * minute_ns);
}

TEST_F(SessionTest, AfterTwelveHoursItEndsHoweverActive) {
    for (int i = 0; i < 12 * 60 / 4 - 1; ++i) {
        clock_.advance(4 * minute_ns);
        ASSERT_TRUE(resume()) << i;
    }
    clock_.advance(4 * minute_ns);
    EXPECT_EQ(how_it_ended(), "absolute");
}

TEST_F(SessionTest, SettingTheWallClockBackProlongsNothing) {
    clock_.advance(4 * minute_ns);
    clock_.step(-4 * minute_ns);
    clock_.advance(minute_ns + second_ns);
    EXPECT_EQ(how_it_ended(), "idle");
}

TEST_F(SessionTest, SettingTheWallClockForwardCutsOnTheSafeSide) {
    clock_.step(6 * minute_ns);
    EXPECT_EQ(how_it_ended(), "idle");
}

TEST_F(SessionTest, ARestartMayCutAtMostHalfAMinuteEarlyAndNeverLate) {
    clock_.advance(29 * second_ns);
    ASSERT_TRUE(resume());  // too soon to be written down
    restart();
    clock_.advance(5 * minute_ns - 30 * second_ns);
    ASSERT_EQ(how_it_ended(), "goes on");
    clock_.advance(second_ns);
    EXPECT_EQ(how_it_ended(), "idle");
}

TEST_F(SessionTest, AClockSetBackWhileTheProgramWasDownEndsIt) {
    clock_.step(-hour_ns);
    restart();
    EXPECT_NE(how_it_ended(), "goes on");
}

TEST_F(SessionTest, TokensThatWereNeverGivenAreUnauthorisedNotExpired) {
    for (const std::string& token : {std::string(), std::string("x"), std::string(43, 'A'),
                                     std::string(1'000'000, 'A'), session_.token + "A"}) {
        EXPECT_EQ(
            room_->sessions.resume(token, access::test::office, Activity::person).error().code,
            Errc::unauthorised);
    }
}

TEST_F(SessionTest, TheTokenItselfIsNotStored) {
    const std::string copy = directory_.file("copy.db");
    ASSERT_TRUE(database_->backup_to(copy));
    const Bytes bytes = read_file(real_files(), copy);
    const Bytes raw = *from_base64url(session_.token);
    EXPECT_EQ(text_of(bytes).find(text_of(raw)), std::string_view::npos);
    EXPECT_NE(text_of(bytes).find(text_of(crypto::sha256(raw).view())), std::string_view::npos);
}

TEST_F(SessionTest, SigningOffEndsThisSessionOnly) {
    const auto second = sign_in("kanri", access::test::good_password);
    ASSERT_TRUE(room_->sessions.sign_off(session_.caller));
    EXPECT_EQ(how_it_ended(), "own");
    EXPECT_TRUE(room_->sessions.resume(second->token, access::test::office, Activity::person));
    EXPECT_EQ(room_->sessions.sign_off(session_.caller).error().code, Errc::not_found);
}

TEST_F(SessionTest, OneEndsOnesOwnSessionsButNobodyElses) {
    const Caller other = person("sato", RoleSet{Role::member});
    const auto theirs = sign_in("sato", access::test::good_password);
    EXPECT_EQ(room_->sessions.end_own(session_.caller, theirs->caller.session_id).error().code,
              Errc::not_found);
    EXPECT_EQ(room_->sessions.list(other.account_id)->size(), 2U);
    ASSERT_TRUE(room_->sessions.end_own(other, theirs->caller.session_id));
    EXPECT_EQ(room_->sessions.list(other.account_id)->size(), 1U);
    ASSERT_TRUE(room_->people.end_sessions(administrator(), other.account_id));
    EXPECT_TRUE(room_->sessions.list(other.account_id)->empty());
    ASSERT_TRUE(room_->people.end_sessions(administrator(), other.account_id));
}

TEST_F(SessionTest, TheEleventhSessionEndsTheLeastRecentlyUsed) {
    std::vector<NewSession> all{session_};
    for (std::size_t i = 0; i < sessions_per_account_max; ++i) {
        clock_.advance(second_ns);
        all.push_back(*sign_in("kanri", access::test::good_password));
    }
    EXPECT_EQ(room_->sessions.list(session_.caller.account_id)->size(), sessions_per_account_max);
    EXPECT_EQ(how_it_ended(), "replaced");
    EXPECT_TRUE(room_->sessions.resume(all.back().token, access::test::office, Activity::person));
}

TEST_F(SessionTest, TheSweepEndsWhatIsOverAndForgetsItADayLater) {
    clock_.advance(6 * minute_ns);
    ASSERT_TRUE(room_->sweep());
    EXPECT_EQ(evidence("access.signed_off").back().detail.at("reason"), "idle");
    EXPECT_EQ(how_it_ended(), "idle");
    clock_.advance(day_ns + second_ns);
    ASSERT_TRUE(room_->sweep());
    EXPECT_EQ(resume().error().code, Errc::unauthorised);
}

TEST_F(SessionTest, TheCsrfTagIsBoundToTheSession) {
    const auto second = sign_in("kanri", access::test::good_password);
    EXPECT_EQ(room_->sessions.csrf_of(session_.caller), session_.csrf);
    EXPECT_TRUE(room_->sessions.check_csrf(session_.caller, session_.csrf));
    for (const std::string& bad : {std::string(), second->csrf, session_.csrf + "A",
                                   session_.csrf.substr(1), session_.token}) {
        EXPECT_EQ(room_->sessions.check_csrf(session_.caller, bad).error().code, Errc::denied);
    }
    restart();
    EXPECT_TRUE(room_->sessions.check_csrf(session_.caller, session_.csrf));
}

TEST_F(SessionTest, ALaxerIdleTimeThanTheRegulationsAllowIsABug) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const Keys keys(pepper_);
    EXPECT_DEATH(Sessions(*database_, keys, {5 * minute_ns + 1, hour_ns}), "idle time");
    EXPECT_DEATH(Sessions(*database_, keys, {minute_ns, 12 * hour_ns + 1}), "life");
}

}  // namespace
}  // namespace daicho::access::door
