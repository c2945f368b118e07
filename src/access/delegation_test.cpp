#include "access/delegation.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "access/test_support.hpp"

namespace daicho::access {
namespace {

class DelegationTest : public test::AccessTest {
protected:
    void SetUp() override {
        AccessTest::SetUp();
        officer_ = person("sato", RoleSet{Role::security_officer});
        helper_ = person("suzuki", RoleSet{Role::member});
    }
    [[nodiscard]] DelegationRequest request(Permission permission = Permission::log_read) const {
        return {helper_.account_id,        permission,
                clock_.wall_ns(),          clock_.wall_ns() + 7 * day_ns,
                DelegationReason::absence, "佐藤の休暇のため"};
    }
    bool reads() { return *room_->access.may(helper_, Permission::log_read); }

    Caller officer_;
    Caller helper_;
};

TEST_F(DelegationTest, ALentRightHoldsFromItsStartToItsEndAndNoLonger) {
    DelegationRequest later = request();
    later.from_ns += day_ns;
    ASSERT_TRUE(room_->delegations.grant(officer_, later));
    EXPECT_FALSE(reads());
    clock_.advance(day_ns - 1);
    EXPECT_FALSE(reads());
    clock_.advance(1);
    EXPECT_TRUE(reads());
    clock_.advance(6 * day_ns - 1);
    EXPECT_TRUE(reads());
    clock_.advance(1);
    EXPECT_FALSE(reads());
}

TEST_F(DelegationTest, TheEvidenceSaysWhoLentWhatToWhomUntilWhenAndNotTheNote) {
    const auto id = room_->delegations.grant(officer_, request());
    const auto recorded = evidence("delegation.granted");
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].actor, officer_.actor());
    EXPECT_EQ(recorded[0].object, "delegation:" + std::to_string(*id));
    EXPECT_EQ(recorded[0].detail, (nlohmann::json{{"by", officer_.actor()},
                                                  {"to", helper_.actor()},
                                                  {"permission", "log.read"},
                                                  {"from_ns", clock_.wall_ns()},
                                                  {"until_ns", clock_.wall_ns() + 7 * day_ns},
                                                  {"reason", "absence"}}));
}

TEST_F(DelegationTest, TakingItBackEndsItAtOnceAndOnlyOnce) {
    const auto id = room_->delegations.grant(officer_, request());
    ASSERT_TRUE(reads());
    const WallNs before = clock_.wall_ns();
    clock_.advance(minute_ns);
    ASSERT_TRUE(room_->delegations.revoke(officer_, *id));
    EXPECT_FALSE(reads());
    EXPECT_EQ(evidence("delegation.revoked").size(), 1U);
    EXPECT_EQ(room_->delegations.revoke(officer_, *id).error().code, Errc::conflict);
    EXPECT_EQ(room_->delegations.revoke(officer_, 99).error().code, Errc::not_found);
    EXPECT_EQ(room_->delegations.active_at(officer_, before)->size(), 1U) << "it was in force then";
    EXPECT_TRUE(room_->delegations.active_at(officer_, clock_.wall_ns())->empty());
    EXPECT_EQ(room_->delegations.list(officer_)->size(), 1U);
}

TEST_F(DelegationTest, OnlyASecurityOfficerLends) {
    EXPECT_EQ(room_->delegations.grant(administrator(), request()).error().code, Errc::denied);
    EXPECT_EQ(room_->delegations.grant(helper_, request()).error().code, Errc::denied);
    ASSERT_TRUE(room_->delegations.grant(officer_, request()));
    EXPECT_EQ(room_->delegations.revoke(helper_, 1).error().code, Errc::denied);
    EXPECT_EQ(room_->delegations.list(helper_).error().code, Errc::denied)
        << "a reader by delegation does not see the others";
}

TEST_F(DelegationTest, AnImpossibleDelegationIsRefusedWithItsReason) {
    const auto key = [&](const std::function<void(DelegationRequest&)>& spoil) {
        DelegationRequest spoilt = request();
        spoil(spoilt);
        const auto result = room_->delegations.grant(officer_, spoilt);
        return result ? std::string("granted") : result.error().text_key;
    };
    EXPECT_EQ(key([&](auto& r) { r.grantee_id = officer_.account_id; }),
              "access.delegation_to_self");
    EXPECT_EQ(key([](auto& r) { r.permission = Permission::log_export; }),
              "access.delegation_permission");
    EXPECT_EQ(key([](auto& r) { r.permission = Permission::people_write; }),
              "access.delegation_permission");
    EXPECT_EQ(key([](auto& r) { r.from_ns -= 2 * minute_ns; }), "access.delegation_past");
    EXPECT_EQ(key([](auto& r) { r.until_ns = r.from_ns; }), "access.delegation_period");
    EXPECT_EQ(key([](auto& r) { r.until_ns = r.from_ns + 90 * day_ns + 1; }),
              "access.delegation_too_long");
    EXPECT_EQ(key([](auto& r) { r.until_ns = r.from_ns + 90 * day_ns; }), "granted");
    EXPECT_EQ(key([](auto& r) { r.note = std::string(1'001, 'n'); }), "access.delegation_note");
    EXPECT_EQ(key([](auto& r) { r.grantee_id = 99; }), "access.no_such_person");
}

TEST_F(DelegationTest, ARightDoesNotOutliveItsSource) {
    ASSERT_TRUE(room_->delegations.grant(officer_, request()));
    ASSERT_TRUE(reads());
    const auto view = room_->people.one(administrator(), officer_.account_id);
    ASSERT_TRUE(room_->people.change_roles(administrator(), officer_.account_id, view->version,
                                           RoleSet{Role::auditor}, {}));
    EXPECT_FALSE(reads());
}

TEST_F(DelegationTest, LendingTheReviewLendsTheReadingButNotTheOtherWayRound) {
    ASSERT_TRUE(room_->delegations.grant(officer_, request(Permission::log_read)));
    EXPECT_FALSE(*room_->access.may(helper_, Permission::log_review));
    ASSERT_TRUE(room_->delegations.grant(officer_, request(Permission::log_review)));
    EXPECT_TRUE(*room_->access.may(helper_, Permission::log_review));
    EXPECT_TRUE(reads());
    EXPECT_FALSE(*room_->access.may(helper_, Permission::log_export));
}

TEST_F(DelegationTest, ADisabledPersonGetsNothing) {
    const auto view = room_->people.one(administrator(), helper_.account_id);
    ASSERT_TRUE(room_->people.disable(administrator(), helper_.account_id, view->version));
    EXPECT_EQ(room_->delegations.grant(officer_, request()).error().code, Errc::not_found);
}

}  // namespace
}  // namespace daicho::access
