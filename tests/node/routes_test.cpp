// Every reading operation of openapi.yaml, answered by the real services over a small real ledger.
// Which parameters to ask with is the only thing said here by hand, and an operation that is
// missing from that list fails.
#include "node/world.hpp"

namespace daicho::app::node::test {
namespace {

const std::vector<std::string> some_lines{
    "<86>1 2026-11-22T07:59:00Z app-01 sshd 4711 - - Accepted publickey for tanaka from 192.0.2.10 "
    "port 50022 ssh2",
    "<86>1 2026-11-22T07:59:01Z app-01 sshd 4712 - - Failed password for root from 198.51.100.23 "
    "port 40022 ssh2",
    "<85>1 2026-11-22T07:59:02Z app-01 sudo 4714 - -   tanaka : TTY=pts/0 ; PWD=/home/tanaka ; "
    "USER=root ; COMMAND=/bin/ls"};

class RealAnswers : public NodeWorld {
protected:
    void SetUp() override {
        NodeWorld::SetUp();
        officer_ = person("officer", {"security_officer"});
        auditor_ = person("auditor", {"auditor"});
        member_ = person("member", {"member"});
        first_ = append(some_lines);
        settle();
        review(officer_);
        job_ = export_now(officer_);
        const json pack = wait_for_job(
            officer_,
            post(officer_, "/api/v1/packs",
                 {{"clauses", {"002-4-2a"}}, {"from", "2026-11-01"}, {"to", "2026-11-22"}}, 202));
        pack_ = pack.value("result_id", "");
        post(officer_, "/api/v1/delegations",
             {{"person_id", member_.id},
              {"permission", "log.read"},
              {"from", text(clock_.wall_ns() + second_ns)},
              {"until", text(clock_.wall_ns() + 8 * day_ns)},
              {"reason", "incident"}},
             201);
        clock_.advance(2 * second_ns);  // the delegation has begun
        settle();
    }

    /// What to ask each operation with. GET only: all of them must be here.
    [[nodiscard]] std::map<std::string, std::string> targets() const {
        const std::string seq = std::to_string(first_);
        return {{"getHealth", "/healthz"},
                {"getOpenapi", "/api/v1/openapi.yaml"},
                {"getSession", "/api/v1/session"},
                {"getPreferences", "/api/v1/preferences"},
                {"getHome", "/api/v1/home"},
                {"listSources", "/api/v1/sources"},
                {"getEvent", "/api/v1/events/" + seq},
                {"getEventProof", "/api/v1/events/" + seq + "/proof"},
                {"getLeafProof", "/api/v1/leaves/0/proof"},
                {"getLedger", "/api/v1/ledger"},
                {"listExports", "/api/v1/ledger/exports"},
                {"getExportTarget", "/api/v1/ledger/export-target"},
                {"draftReview",
                 "/api/v1/reviews/draft?obligation=weekly-access-log-review&"
                 "from=2026-11-15T00:00:00Z&to=2026-11-22T09:00:00Z"},
                {"listReviews", "/api/v1/reviews"},
                {"listObligations", "/api/v1/obligations"},
                {"getCompliance", "/api/v1/compliance"},
                {"getClause", "/api/v1/compliance/clauses/003-01-4.5-9a"},
                {"listPacks", "/api/v1/packs"},
                {"downloadPack", "/api/v1/packs/" + pack_ + "/download"},
                {"listPeople", "/api/v1/people"},
                {"listDelegations", "/api/v1/delegations"},
                {"getSettings", "/api/v1/settings"},
                {"getRetention", "/api/v1/retention"},
                {"listDisposals", "/api/v1/retention/disposals"},
                {"getJob", "/api/v1/jobs/" + job_.value("id", "")}};
    }

    Person officer_, auditor_, member_;
    std::uint64_t first_ = 0;
    json job_;
    std::string pack_;
};

TEST_F(RealAnswers, OfEveryReadFitItsSchemaForEveryRoleThatMayAsk) {
    const std::map<std::string, std::string> all = targets();
    const std::map<access::Role, Person> people{{access::Role::administrator, administrator_},
                                                {access::Role::security_officer, officer_},
                                                {access::Role::auditor, auditor_},
                                                {access::Role::member, member_}};
    answered_.clear();
    for (const auto& [id, operation] : spec_->operations()) {
        if (operation.method != "GET") continue;
        ASSERT_TRUE(all.contains(id)) << id << " is described, and nobody asks it here";
        for (const auto& [role, who] : people) {
            const Answer answer = ask("GET", all.at(id), &who);
            const auto permission = access::permission_named(operation.permission);
            const bool lent = role == access::Role::member && operation.permission == "log.read";
            if (permission && !access::granted_by_role({role}, *permission) && !lent) {
                EXPECT_EQ(answer.status, 403) << id << " as " << access::name_of(role);
                continue;
            }
            const bool others = id == "getJob" || id == "downloadPack";  // one's own only
            const bool own = !others || role == access::Role::security_officer;
            EXPECT_EQ(answer.status, own ? 200 : 404)
                << id << " as " << access::name_of(role) << "\n"
                << answer.text.substr(0, 2000);
        }
        EXPECT_TRUE(answered_.contains(id)) << id << " succeeded for nobody";
    }
}

TEST_F(RealAnswers, HoldWhatHappenedAndNotOnlyWhatFits) {
    const json found = post(officer_, "/api/v1/events/search",
                            {{"from", "2026-11-22T00:00:00Z"},
                             {"to", "2026-11-23T00:00:00Z"},
                             {"user", "root"},
                             {"outcome", "failure"}},
                            200);
    ASSERT_EQ(found["events"].size(), 1U);
    EXPECT_EQ(found["events"][0]["seq"], std::to_string(first_ + 1));
    const json exports = get(officer_, "/api/v1/ledger/exports")["exports"];
    ASSERT_FALSE(exports.empty());
    const json leaf =
        get(auditor_, "/api/v1/leaves/" + exports[0]["leaf_index"].get<std::string>() + "/proof");
    EXPECT_EQ(leaf["type"], "EXPORT");
    EXPECT_EQ(leaf["facts"]["target"], root_ + "/media");
    EXPECT_EQ(get(officer_, "/api/v1/ledger/export-target")["write_once_checked_at"],
              leaf["recorded_at"]);
    const json packs = get(officer_, "/api/v1/packs")["packs"];
    ASSERT_EQ(packs.size(), 1U);
    const Answer pack = ask("GET", "/api/v1/packs/" + pack_ + "/download", &officer_);
    EXPECT_EQ(crypto::sha256(view_of(pack.text)).hex(), packs[0]["digest"]);
    EXPECT_EQ(get(member_, "/api/v1/home").contains("clause_counts"), false);
    EXPECT_EQ(get(officer_, "/api/v1/home")["clause_counts"]["conformant"].is_number(), true);
    EXPECT_EQ(get(officer_, "/api/v1/delegations")["delegations"].size(), 1U);
    // Each clause has reasons of its own, and so sentences with other blanks.
    const json all = get(auditor_, "/api/v1/compliance");
    EXPECT_GE(all["clauses"].size(), 9U);
    for (const json& clause : all["clauses"]) {
        const json detail =
            get(auditor_, "/api/v1/compliance/clauses/" + clause["id"].get<std::string>());
        EXPECT_EQ(detail["state"], clause["state"]);
        EXPECT_FALSE(detail["controls"].empty());
    }
}

TEST_F(RealAnswers, NameTheLedgerEntryAndThePeriodOfAReview) {
    // The first week of an organisation has no occurrence of its own yet; the next one has.
    later(9 * day_ns, {&officer_, &auditor_});
    append({"a line of the second week"});
    settle();
    review(officer_);
    const json reviews = get(officer_, "/api/v1/reviews")["reviews"];
    ASSERT_EQ(reviews.size(), 2U);
    EXPECT_EQ(reviews[0]["from"], reviewed_from_);
    EXPECT_EQ(reviews[0]["to"], reviewed_to_);
    const std::string seq = reviews[0]["ledger_seq"];
    EXPECT_EQ(get(auditor_, "/api/v1/events/" + seq)["envelope"]["source_id"], "daicho");
    bool told = false;
    const json all = get(officer_, "/api/v1/obligations");
    for (const json& one : all["obligations"]) {
        for (const json& occurrence : one["occurrences"]) {
            if (occurrence["id"] != reviews[0]["occurrence_id"]) {
                EXPECT_EQ(occurrence["ledger_seq"].is_null(), occurrence["done_at"].is_null());
                continue;
            }
            told = true;
            EXPECT_EQ(occurrence["ledger_seq"], seq);
            EXPECT_EQ(occurrence["review_id"], reviews[0]["id"]);
        }
    }
    EXPECT_TRUE(told) << "the occurrence that was reviewed is not listed";
}

TEST_F(RealAnswers, SayThePasswordRulesThatBind) {
    const json rules = get(member_, "/api/v1/session")["password_rules"];
    const access::password::Policy policy;
    EXPECT_EQ(rules["chars_min"], policy.chars_min);
    EXPECT_EQ(rules["same_run_max"], policy.same_run_max);
    EXPECT_EQ(rules["sequence_max"], policy.sequence_max);
    const std::string too_short(policy.chars_min - 1, 'x');
    const Answer refused =
        ask("POST", "/api/v1/session/password", &member_,
            {{"current_password", member_.password}, {"new_password", too_short}});
    EXPECT_EQ(refused.status, 400);
}

TEST(DaysLeft, AreTheFreeBytesOverTheGrowthOfADay) {
    constexpr std::uint64_t gib = std::uint64_t{1} << 30;
    EXPECT_EQ(days_left(12 * gib, 2 * gib, 7 * gib, 7 * day_ns), 10);
    EXPECT_EQ(days_left(12 * gib, 2 * gib, gib, day_ns / 2), 5);
    EXPECT_EQ(days_left(2 * gib, 2 * gib, gib, day_ns), 0);
    EXPECT_EQ(days_left(gib, 2 * gib, gib, day_ns), 0);
    EXPECT_EQ(days_left(12 * gib, 0, gib, growth_window_ns_min - 1), std::nullopt);
    EXPECT_EQ(days_left(12 * gib, 0, 0, 7 * day_ns), std::nullopt);
    EXPECT_EQ(days_left(~std::uint64_t{0}, 0, 1, 7 * day_ns), 36'525);
}

class ExportTarget : public NodeWorld {};

TEST_F(ExportTarget, IsNeverMadeAndAMissingOneIsRefused) {
    const json before = get(administrator_, "/api/v1/ledger/export-target");
    const std::string missing = root_ + "/not-mounted/ledger";
    const Answer refused = ask("PUT", "/api/v1/ledger/export-target", &administrator_,
                               {{"directory", missing}, {"version", before["version"]}});
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.key(), "export.target_missing");
    EXPECT_FALSE(std::filesystem::exists(root_ + "/not-mounted"));
    EXPECT_EQ(get(administrator_, "/api/v1/ledger/export-target"), before);
}

}  // namespace
}  // namespace daicho::app::node::test
