#include "access/access.hpp"

#include <gtest/gtest.h>

#include <map>

#include "access/test_support.hpp"

namespace daicho::access {
namespace {

// Written down a second time on purpose: a change of the table must be made twice to be meant.
const std::map<Role, std::string> expected{
    {Role::administrator,
     "self.manage obligation.read obligation.perform status.read evidence.read source.read "
     "source.write settings.read settings.write retention.approve ledger.operate people.read "
     "people.write "},
    {Role::security_officer,
     "self.manage obligation.read obligation.perform status.read evidence.read pack.create "
     "log.read log.review log.export source.read settings.read retention.write "
     "retention.approve ledger.operate people.read delegation.read delegation.grant "},
    {Role::auditor,
     "self.manage obligation.read status.read evidence.read pack.create source.read settings.read "
     "people.read delegation.read "},
    {Role::member, "self.manage obligation.read obligation.perform "},
};

std::string names(RoleSet roles) {
    std::string out;
    for (std::size_t i = 0; i < permission_count; ++i) {
        const auto permission = static_cast<Permission>(i);
        if (granted_by_role(roles, permission)) out += std::string(name_of(permission)) + " ";
    }
    return out;
}

TEST(Permissions, EachRoleHasExactlyItsPermissions) {
    for (const auto& [role, permissions] : expected) {
        EXPECT_EQ(names(RoleSet{role}), permissions) << name_of(role);
    }
    EXPECT_EQ(names(RoleSet{}), "");
}

TEST(Permissions, AnAdministratorReadsNoLogs) {
    for (const Permission permission :
         {Permission::log_read, Permission::log_review, Permission::log_export}) {
        EXPECT_FALSE(
            granted_by_role(RoleSet{Role::administrator, Role::auditor, Role::member}, permission));
    }
}

TEST(Permissions, OnlyReadingAndReviewingLogsCanBeLent) {
    for (std::size_t i = 0; i < permission_count; ++i) {
        const auto permission = static_cast<Permission>(i);
        EXPECT_EQ(can_be_delegated(permission),
                  permission == Permission::log_read || permission == Permission::log_review);
        EXPECT_EQ(permission_named(name_of(permission)), permission);
    }
    EXPECT_FALSE(permission_named("log.destroy"));
}

TEST(Roles, TheStoredFormIsTheOnlyOneAccepted) {
    const RoleSet both{Role::auditor, Role::administrator};
    EXPECT_EQ(both.text(), "administrator auditor");
    EXPECT_EQ(*RoleSet::from_text("administrator auditor"), both);
    EXPECT_TRUE(RoleSet::from_text("")->empty());
    for (const char* bad :
         {"auditor administrator", "auditor auditor", "auditor ", " auditor", "root", "Auditor"}) {
        EXPECT_EQ(RoleSet::from_text(bad).error().code, Errc::tampered) << bad;
    }
}

class AccessRefusals : public test::AccessTest {};

TEST_F(AccessRefusals, ARefusalIsEvidenceBeforeItIsAnswered) {
    const Caller caller = administrator();
    const Status refused = room_->access.require(caller, Permission::log_read);
    EXPECT_EQ(refused.error().code, Errc::denied);
    EXPECT_EQ(refused.error().text_key, "access.denied");
    const auto recorded = evidence("access.refused");
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].actor, caller.actor());
    EXPECT_EQ(recorded[0].detail, (nlohmann::json{{"permission", "log.read"}, {"count", 1}}));
}

TEST_F(AccessRefusals, WhatIsAllowedLeavesNoRefusal) {
    EXPECT_TRUE(room_->access.require(administrator(), Permission::people_write));
    EXPECT_FALSE(*room_->access.may(administrator(), Permission::log_read));
    EXPECT_TRUE(evidence("access.refused").empty());
}

TEST_F(AccessRefusals, AFloodOfRefusalsIsTwoRecordsWithAnExactSum) {
    const Caller caller = administrator();
    for (int i = 0; i < 250; ++i) {
        EXPECT_FALSE(room_->access.require(caller, Permission::log_read));
        clock_.advance(second_ns / 10);
    }
    clock_.advance(minute_ns);
    ASSERT_TRUE(room_->sweep());
    EXPECT_EQ(evidence("access.refused").size(), 2U);
    EXPECT_EQ(counted("access.refused"), 250);
}

TEST_F(AccessRefusals, WhoHasOnlyAOneTimePasswordMayOnlyReplaceIt) {
    const Caller caller = sign_in("kanri", first_password_)->caller;
    ASSERT_TRUE(caller.must_change);
    for (std::size_t i = 0; i < permission_count; ++i) {
        const auto permission = static_cast<Permission>(i);
        EXPECT_EQ(*room_->access.may(caller, permission), permission == Permission::self_manage);
    }
    EXPECT_EQ(room_->access.require(caller, Permission::people_write).error().text_key,
              "access.password_change_required");
    EXPECT_EQ(room_->people.create(caller, {"a", "a", RoleSet{Role::member}, {}}).error().code,
              Errc::denied);
}

TEST_F(AccessRefusals, TheGroundsNameTheRoleOrTheDelegation) {
    const Caller officer = person("sato", RoleSet{Role::security_officer});
    const Caller helper = person("suzuki", RoleSet{Role::member});
    EXPECT_FALSE(
        room_->access.require_grounds(officer, Permission::log_read)->delegation_id.has_value());
    EXPECT_FALSE(room_->access.require_grounds(helper, Permission::log_read));
    const auto id = room_->delegations.grant(
        officer, {helper.account_id, Permission::log_review, clock_.wall_ns(),
                  clock_.wall_ns() + day_ns, DelegationReason::workload, ""});
    ASSERT_TRUE(id);
    EXPECT_EQ(room_->access.require_grounds(helper, Permission::log_read)->delegation_id, *id);
    EXPECT_FALSE(room_->access.require_grounds(helper, Permission::log_export));
}

}  // namespace
}  // namespace daicho::access
