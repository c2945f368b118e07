#include "access/people.hpp"

#include <gtest/gtest.h>

#include "access/organisation.hpp"
#include "access/test_support.hpp"

namespace daicho::access {
namespace {

class PeopleTest : public test::AccessTest {
protected:
    Result<Issued> create(const std::string& login, RoleSet roles = RoleSet{Role::member},
                          const std::optional<std::string>& reason = std::nullopt,
                          const std::string& name = "佐藤") {
        return room_->people.create(administrator(), {login, name, roles, reason});
    }
    std::int64_t version_of(std::int64_t id) {
        return room_->people.one(administrator(), id)->version;
    }
    Status roles(std::int64_t id, RoleSet set, const std::optional<std::string>& reason = {}) {
        return room_->people.change_roles(administrator(), id, version_of(id), set, reason);
    }
};

TEST_F(PeopleTest, TheFirstAdministratorIsMadeOnceAndMustReplaceThePassword) {
    EXPECT_EQ(bootstrap(*database_, room_->hashes, "別の会社", "other").error().code,
              Errc::conflict);
    const auto session = sign_in("kanri", first_password_);
    ASSERT_TRUE(session);
    EXPECT_TRUE(session->caller.must_change);
    EXPECT_EQ(session->caller.roles, RoleSet{Role::administrator});
}

TEST_F(PeopleTest, TheOneTimePasswordIsNowhereInTheDatabase) {
    const auto issued = create("sato");
    const std::string copy = directory_.file("copy.db");
    ASSERT_TRUE(database_->backup_to(copy));
    const Bytes bytes = read_file(real_files(), copy);
    EXPECT_NE(text_of(bytes).find("access.initial_issued"), std::string_view::npos);
    EXPECT_EQ(text_of(bytes).find(issued->one_time_password), std::string_view::npos);
    EXPECT_EQ(text_of(bytes).find(test::good_password), std::string_view::npos);
}

TEST_F(PeopleTest, ALoginIsTakenInEveryWritingOfIt) {
    ASSERT_TRUE(create("Sato"));
    for (const char* same : {"sato", "SATO", "ｓａｔｏ", " Sato "}) {
        EXPECT_EQ(create(same).error().text_key, "access.login_taken") << same;
    }
    EXPECT_TRUE(create("佐藤"));
    for (const char* bad : {"", "   ", "a b", "a\u200bb", "a\u202eb", "\xff"}) {
        EXPECT_EQ(create(bad).error().text_key, "access.login_invalid") << bad;
    }
    EXPECT_EQ(create(std::string(65, 'a')).error().text_key, "access.login_invalid");
    EXPECT_TRUE(create(std::string(64, 'a')));
}

TEST_F(PeopleTest, AdministratorAndOfficerInOneNeedAReasonThatIsKept) {
    const RoleSet both{Role::administrator, Role::security_officer};
    EXPECT_EQ(create("sato", both).error().text_key, "access.combined_roles_need_reason");
    EXPECT_EQ(create("sato", both, "   ").error().text_key, "access.reason_invalid");
    const auto issued = create("sato", both, "二名の事務所のため");
    ASSERT_TRUE(issued);
    const auto view = room_->people.one(administrator(), issued->account_id);
    EXPECT_EQ(view->combined_roles_reason, "二名の事務所のため");
    const auto recorded = evidence("access.account_created");
    EXPECT_EQ(recorded.back().detail.at("combined"), true);
    ASSERT_TRUE(roles(issued->account_id, RoleSet{Role::security_officer}, "もう不要"));
    EXPECT_EQ(room_->people.one(administrator(), issued->account_id)->combined_roles_reason,
              std::nullopt);
}

TEST_F(PeopleTest, TheLastAdministratorStays) {
    const std::int64_t self = administrator().account_id;
    EXPECT_EQ(roles(self, RoleSet{Role::member}).error().text_key, "access.last_administrator");
    EXPECT_EQ(room_->people.disable(administrator(), self, version_of(self)).error().text_key,
              "access.last_administrator");
    const auto second = create("futari", RoleSet{Role::administrator});
    EXPECT_EQ(roles(self, RoleSet{Role::member}).error().text_key, "access.last_administrator")
        << "somebody who never signed in does not count";
    settle("futari", second->one_time_password);
    EXPECT_TRUE(roles(self, RoleSet{Role::member}));
}

TEST_F(PeopleTest, ChangingRolesTakesEffectAtOnceAndEndsTheSessions) {
    const Caller member = person("sato", RoleSet{Role::member});
    const auto session = sign_in("sato", test::good_password);
    ASSERT_TRUE(roles(member.account_id, RoleSet{Role::auditor}));
    EXPECT_EQ(
        room_->sessions.resume(session->token, test::office, door::Activity::person).error().code,
        Errc::expired);
    const auto recorded = evidence("access.role_changed");
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].detail,
              (nlohmann::json{{"from", "member"}, {"to", "auditor"}, {"combined", false}}));
}

TEST_F(PeopleTest, AChangeBasedOnAnOldViewIsAConflict) {
    const Caller member = person("sato", RoleSet{Role::member});
    const std::int64_t version = version_of(member.account_id);
    ASSERT_TRUE(roles(member.account_id, RoleSet{Role::auditor}));
    EXPECT_EQ(room_->people
                  .change_roles(administrator(), member.account_id, version,
                                RoleSet{Role::security_officer}, {})
                  .error()
                  .text_key,
              "store.changed_meanwhile");
}

TEST_F(PeopleTest, ADisabledAccountIsOutUntilANewOneTimePasswordIsIssued) {
    const Caller member = person("sato", RoleSet{Role::member});
    ASSERT_TRUE(
        room_->people.disable(administrator(), member.account_id, version_of(member.account_id)));
    EXPECT_FALSE(sign_in("sato", test::good_password));
    EXPECT_EQ(room_->people.one(administrator(), member.account_id)->disabled_by,
              administrator().actor());
    const auto again = room_->people.reissue(administrator(), member.account_id);
    ASSERT_TRUE(again);
    EXPECT_FALSE(sign_in("sato", test::good_password)) << "the old password is gone";
    const auto session = sign_in("sato", again->one_time_password);
    ASSERT_TRUE(session);
    EXPECT_TRUE(session->caller.must_change);
}

TEST_F(PeopleTest, OnlyAdministratorsAdministerAndNobodyReissuesTheirOwn) {
    const Caller officer = person("sato", RoleSet{Role::security_officer});
    const Caller member = person("suzuki", RoleSet{Role::member});
    for (const Caller& caller : {officer, member}) {
        const std::int64_t other = administrator().account_id;
        EXPECT_EQ(room_->people.create(caller, {"x", "x", RoleSet{Role::member}, {}}).error().code,
                  Errc::denied);
        EXPECT_EQ(room_->people.reissue(caller, other).error().code, Errc::denied);
        EXPECT_EQ(room_->people.disable(caller, other, 1).error().code, Errc::denied);
        EXPECT_EQ(room_->people
                      .change_roles(caller, caller.account_id, 1, RoleSet{Role::administrator}, {})
                      .error()
                      .code,
                  Errc::denied);
        EXPECT_EQ(room_->people.unlock(caller, other).error().code, Errc::denied);
        EXPECT_EQ(room_->people.end_sessions(caller, other).error().code, Errc::denied);
    }
    EXPECT_TRUE(room_->people.list(officer));
    EXPECT_EQ(room_->people.list(member).error().code, Errc::denied);
    EXPECT_EQ(room_->people.one(member, officer.account_id).error().code, Errc::denied);
    EXPECT_EQ(room_->people.one(member, member.account_id)->login, "suzuki");
    EXPECT_EQ(room_->people.reissue(administrator(), administrator().account_id).error().text_key,
              "access.reissue_own");
}

TEST_F(PeopleTest, TheCommandLineLetsAnAdministratorBackInAndNobodyElse) {
    clock_.advance(73 * hour_ns);
    ASSERT_TRUE(room_->sweep());
    ASSERT_FALSE(sign_in("kanri", first_password_));
    const auto rescued = rescue_administrator(*database_, room_->hashes, room_->sessions, "KANRI");
    ASSERT_TRUE(rescued);
    first_password_ = rescued->one_time_password;
    EXPECT_EQ(evidence("access.initial_issued").back().actor, "command-line");
    (void)person("sato", RoleSet{Role::security_officer});
    EXPECT_EQ(rescue_administrator(*database_, room_->hashes, room_->sessions, "sato").error().code,
              Errc::not_found);
}

TEST_F(PeopleTest, EveryVersionOfAnAccountCanBeVerifiedAgainstItsEvidence) {
    const Caller member = person("sato", RoleSet{Role::member});
    ASSERT_TRUE(roles(member.account_id, RoleSet{Role::auditor}));
    const auto trouble = [&] {
        return *database_->read([](store::Reader& reader) -> Result<std::vector<std::string>> {
            return accounts::table().verify(reader);
        });
    };
    EXPECT_TRUE(trouble().empty());
    ASSERT_TRUE(store::test::run_alone(
        *database_, "UPDATE account SET roles = 'administrator' WHERE id = $1", member.account_id));
    ASSERT_EQ(trouble().size(), 1U);
    EXPECT_TRUE(trouble()[0].starts_with(member.actor() + " version 3"));
}

TEST_F(PeopleTest, TheOrganisationChangesOnlyByAnAdministratorWhoSawTheNewestVersion) {
    const auto current = [&] {
        return *database_->read([](store::Reader& reader) -> Result<Organisation> {
            return organisations::current(reader).value_or(Organisation{});
        });
    };
    Organisation wanted = current();
    EXPECT_EQ(wanted.name, "株式会社みほん");
    wanted.name = "みほん合同会社";
    const Caller member = person("sato", RoleSet{Role::member});
    EXPECT_EQ(change_organisation(*database_, room_->access, member, wanted).error().code,
              Errc::denied);
    EXPECT_EQ(change_organisation(*database_, room_->access, administrator(), wanted)->version, 2);
    EXPECT_EQ(change_organisation(*database_, room_->access, administrator(), wanted).error().code,
              Errc::conflict);
    wanted.version = 2;
    wanted.settings = "no json";
    EXPECT_EQ(change_organisation(*database_, room_->access, administrator(), wanted).error().code,
              Errc::invalid);
    EXPECT_EQ(current().name, "みほん合同会社");
}

TEST_F(PeopleTest, PreferencesBelongToOnePerson) {
    const Caller member = person("sato", RoleSet{Role::member});
    ASSERT_TRUE(set_preference(*database_, member, "language", "en"));
    ASSERT_TRUE(set_preference(*database_, member, "language", "ja"));
    ASSERT_TRUE(set_preference(*database_, member, "date_style", "iso"));
    EXPECT_EQ(*preference(*database_, member, "date_style", "wareki"), "iso");
    EXPECT_EQ(*preference(*database_, member, "language", "en"), "ja");
    EXPECT_EQ(*preference(*database_, administrator(), "date_style", "wareki"), "wareki");
}

}  // namespace
}  // namespace daicho::access
