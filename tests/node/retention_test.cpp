// The end of retention: one person applies, another approves exactly what was shown, the key goes,
// and what remains says so.
#include <thread>

#include "app/node/retention/clock_evidence.hpp"
#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/render.hpp"
#include "node/world.hpp"

namespace daicho::app::node::test {
namespace {

constexpr std::int64_t three_years_ns = 3 * 366 * day_ns;
const std::string disposals_path = "/api/v1/retention/disposals";

class RetentionTest : public NodeWorld {
protected:
    void SetUp() override {
        NodeWorld::SetUp();
        one_ = person("officer-one", {"security_officer"});
        two_ = person("officer-two", {"security_officer"});
        auditor_ = person("auditor", {"auditor"});
        day_ = ledger::core::day_of(clock_.wall_ns());
        first_ = append({"a line that will go", "and another"});
        settle();
    }
    void after_the_period() {
        clock_.advance(three_years_ns);
        run_for_days(clock_days_min);
        later(0, {&administrator_, &one_, &two_, &auditor_});
        settle();  // what comes now lies in a file, and under a key, of today
        kept_ = append({"a line of today"});
        settle();
    }
    /// As daicho does every hour it runs.
    void run_for_days(std::size_t days) {
        for (std::size_t day = 0; day < days; ++day) {
            if (day > 0) clock_.advance(day_ns);
            ASSERT_TRUE(node_->upkeep().measure_capacity());
        }
        ASSERT_TRUE(node_->pump().flush());
    }
    json log_class() {
        const json all = get(auditor_, "/api/v1/retention");
        for (const json& one : all["classes"]) {
            if (one["id"] == "log") return one;
        }
        return nullptr;
    }
    json apply(int status = 201) {
        return post(one_, disposals_path,
                    {{"class", "log"}, {"days", {day_}}, {"reason", "period over"}}, status);
    }
    json approve(const Person& who, const json& shown, int status = 200) {
        return post(who, disposals_path + "/" + shown["id"].get<std::string>() + "/approval",
                    {{"version", shown["version"]}, {"content", shown["content"]}}, status);
    }
    json wait_until_finished(const json& disposal) {
        json now;
        for (int i = 0; i < 1'500; ++i) {
            const json all = get(auditor_, disposals_path);
            for (const json& one : all["disposals"]) {
                if (one["id"] == disposal["id"]) now = one;
            }
            // Finished, and the record of that is in the ledger.
            if (now["state"] != "approved" && !now["ledger_seq"].is_null()) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return now;
    }
    ledger::core::verify::Report verify() {
        ledger::core::verify::Options options;
        options.deep = true;
        options.keys_directory = places_.keys;
        auto report =
            ledger::core::verify::verify_ledger(real_files(), places_.data + "/ledger", options);
        EXPECT_TRUE(report);
        return *report;
    }

    Person one_, two_, auditor_;
    std::string day_;
    std::uint64_t first_ = 0;
    std::uint64_t kept_ = 0;
};

TEST_F(RetentionTest, DestroysWhatOnePersonAppliedForAndAnotherApproved) {
    after_the_period();
    const json before = log_class();
    ASSERT_EQ(before["past"].size(), 1U) << before.dump();
    EXPECT_EQ(before["past"][0]["day"], day_);
    EXPECT_EQ(before["past"][0]["state"], "ready");
    EXPECT_EQ(before["past"][0]["events"], 2);
    const json applied = apply();
    EXPECT_EQ(applied["state"], "requested");
    EXPECT_EQ(log_class()["past"][0]["state"], "applied");
    get(one_, "/api/v1/events/" + std::to_string(first_));
    const json approved = approve(two_, applied);
    EXPECT_EQ(approved["state"], "approved");
    const json done = wait_until_finished(applied);
    ASSERT_EQ(done["state"], "done") << done.dump();
    EXPECT_EQ(done["requested_by"]["id"], one_.id);
    EXPECT_EQ(done["decided_by"]["id"], two_.id);
    // Gone, and only that.
    get(one_, "/api/v1/events/" + std::to_string(first_), 410);
    get(one_, "/api/v1/events/" + std::to_string(kept_));
    EXPECT_TRUE(log_class()["past"].empty());
    const auto keys = node_->ledger().keyring().kek_days("log");
    EXPECT_EQ(std::ranges::find(keys, day_), keys.end()) << "the key is still there";
    // What remains says so.
    const json leaf = get(
        auditor_, "/api/v1/leaves/" + done["days"][0]["leaf_index"].get<std::string>() + "/proof");
    EXPECT_EQ(leaf["type"], "RETIRE");
    EXPECT_EQ(leaf["facts"]["events"], "2");
    EXPECT_EQ(leaf["facts"]["rule"], "log P3Y 003-01-4.5-9c");
    EXPECT_EQ(leaf["facts"]["approved_by"], json({"account:" + one_.id, "account:" + two_.id}));
    EXPECT_EQ(recorded("retention.disposal"),
              (std::vector<std::string>{"retention.disposal_requested",
                                        "retention.disposal_approved", "retention.disposal_done"}));
    const json step = get(auditor_, "/api/v1/events/" + done["ledger_seq"].get<std::string>());
    EXPECT_EQ(step["envelope"]["source_id"], "daicho");
    const json clause = get(auditor_, "/api/v1/compliance/clauses/003-01-4.5-9c");
    EXPECT_EQ(clause["state"], "conformant") << clause.dump();
    close();
    const auto report = verify();
    EXPECT_TRUE(report.passed()) << ledger::core::verify::to_text(
        report, "ledger", ledger::core::verify::Language::en);
    EXPECT_EQ(report.proven.retired_events, 2U);
}

TEST_F(RetentionTest, DestroysNothingOnTheWordOfOnePerson) {
    after_the_period();
    const json applied = apply();
    const json refused = approve(one_, applied, 403);
    EXPECT_EQ(refused["text_key"], "retention.own_application");
    const std::string path = disposals_path + "/" + applied["id"].get<std::string>();
    EXPECT_EQ(post(one_, path + "/rejection", {{"version", 1}, {"note", "x"}}, 403)["text_key"],
              "retention.own_application");
    EXPECT_EQ(post(two_, path + "/withdrawal", {{"version", 1}}, 403)["text_key"],
              "retention.not_own_application");
    ASSERT_TRUE(node_->pump().flush());
    EXPECT_EQ(recorded("retention.self_decision_refused").size(), 2U);
    approve(auditor_, applied, 403);
    Progress progress;
    EXPECT_TRUE(node_->retention().carry_out(progress));
    get(two_, "/api/v1/events/" + std::to_string(first_));
    // The administrator, who may not read it, may be the second person.
    approve(administrator_, applied);
    EXPECT_EQ(wait_until_finished(applied)["state"], "done");
}

TEST_F(RetentionTest, ApprovesOnlyWhatWasShownAsItWasShown) {
    after_the_period();
    const json applied = apply();
    json other = applied;
    other["content"] = std::string(64, '0');
    EXPECT_EQ(approve(two_, other, 409)["text_key"], "retention.content_changed");
    other = applied;
    other["version"] = 7;
    approve(two_, other, 409);
    EXPECT_EQ(apply(409)["text_key"], "retention.day_applied");
    const std::string path = disposals_path + "/" + applied["id"].get<std::string>();
    EXPECT_EQ(post(two_, path + "/rejection", {{"version", 1}, {"note", "keep it"}}, 200)["state"],
              "rejected");
    EXPECT_EQ(approve(two_, applied, 409)["text_key"], "retention.already_decided");
    const json again = apply();
    EXPECT_EQ(post(one_, disposals_path + "/" + again["id"].get<std::string>() + "/withdrawal",
                   {{"version", 1}}, 200)["state"],
              "withdrawn");
    get(two_, "/api/v1/events/" + std::to_string(first_));
}

TEST_F(RetentionTest, RefusesWhatMustBeKept) {
    EXPECT_EQ(apply(409)["text_key"], "retention.day_kept");
    post(one_, disposals_path, {{"class", "nothing"}, {"days", {day_}}, {"reason", "x"}}, 404);
    after_the_period();
    EXPECT_EQ(post(one_, disposals_path,
                   {{"class", "log"}, {"days", {"2020-01-01"}}, {"reason", "x"}}, 409)["text_key"],
              "retention.day_absent");
    node_->ledger().keyring().set_hold("log", day_, true);
    EXPECT_EQ(log_class()["past"][0]["state"], "held");
    EXPECT_EQ(apply(409)["text_key"], "retention.day_held");
    node_->ledger().keyring().set_hold("log", day_, false);
    const json applied = apply();
    // A hold that comes after the approval still wins.
    node_->ledger().keyring().set_hold("log", day_, true);
    EXPECT_EQ(approve(two_, applied, 409)["text_key"], "retention.day_held");
    get(two_, "/api/v1/events/" + std::to_string(first_));
}

TEST_F(RetentionTest, HoldsDaysUntilTheyAreReleased) {
    const calendar::Date first = *calendar::parse_date(day_);
    Holds& holds = node_->retention().holds();
    EXPECT_FALSE(holds.place("command-line", first, calendar::add_days(first, -1), "x"));
    EXPECT_FALSE(holds.place("command-line", first, first, " "));
    const auto other = holds.place("command-line", calendar::add_days(first, 30),
                                   calendar::add_days(first, 9'000), "another matter");
    ASSERT_TRUE(other) << other.error().message;
    const auto hold = holds.place("command-line", first, first, "inquiry 17");
    ASSERT_TRUE(hold) << hold.error().message;
    EXPECT_EQ(recorded("retention.hold_placed").size(), 2U);
    EXPECT_TRUE(node_->ledger().keyring().held("log", day_))
        << "the ledger itself must refuse, too";
    after_the_period();
    const json shown = log_class()["past"][0];
    EXPECT_EQ(shown["state"], "held");
    EXPECT_EQ(shown["holds"],
              json::array({{{"id", std::to_string(hold->id)}, {"reason", "inquiry 17"}}}));
    EXPECT_EQ(apply(409)["text_key"], "retention.day_held");
    // Not even if the mark beside the key has gone.
    node_->ledger().keyring().set_hold("log", day_, false);
    EXPECT_EQ(apply(409)["text_key"], "retention.day_held");
    close();
    open();
    for (Person* one : {&administrator_, &one_, &two_, &auditor_}) sign_in(*one);
    EXPECT_EQ(apply(409)["text_key"], "retention.day_held") << "a restart forgot the hold";
    Holds& again = node_->retention().holds();
    EXPECT_EQ(again.release("command-line", 4711, "over").error().code, Errc::not_found);
    ASSERT_TRUE(again.release("command-line", hold->id, "the inquiry is over"));
    EXPECT_EQ(again.release("command-line", hold->id, "again").error().code, Errc::conflict);
    EXPECT_EQ(recorded("retention.hold_released").size(), 1U);
    const json applied = apply();
    // One that comes between the application and the approval.
    const auto late = again.place("command-line", first, first, "late");
    ASSERT_TRUE(late);
    EXPECT_EQ(approve(two_, applied, 409)["text_key"], "retention.day_held");
    get(two_, "/api/v1/events/" + std::to_string(first_));
    ASSERT_TRUE(again.release("command-line", late->id, "nothing in it"));
    approve(two_, applied);
    EXPECT_EQ(wait_until_finished(applied)["state"], "done");
}

TEST_F(RetentionTest, StopsADestructionThatWasApprovedBeforeTheHold) {
    after_the_period();
    const json applied = apply();
    const auto approved = node_->database().write([&](store::Transaction& tx) -> Result<Disposal> {
        Disposal one = *disposals::find(tx, std::stoll(applied["id"].get<std::string>()));
        one.state = DisposalState::approved;
        one.decided_by = "account:" + two_.id;
        one.decided_ns = clock_.wall_ns();
        return disposals::change(tx, one, one.decided_by);
    });
    ASSERT_TRUE(approved);
    const calendar::Date first = *calendar::parse_date(day_);
    ASSERT_TRUE(node_->retention().holds().place("command-line", first, first, "inquiry 18"));
    Progress progress;
    ASSERT_TRUE(node_->retention().carry_out(progress));
    const json finished = wait_until_finished(applied);
    EXPECT_EQ(finished["state"], "failed");
    EXPECT_EQ(finished["days"][0]["problem"]["text_key"], "retention.day_held");
    get(two_, "/api/v1/events/" + std::to_string(first_));
}

TEST_F(RetentionTest, KeepsLongerWhenTheOfficerSaysSoAndNeverShorterThanDemanded) {
    const json before = log_class();
    EXPECT_EQ(before["period"], "P3Y");
    const auto put = [&](const Person& who, const std::string& period, const json& version) {
        return ask("PUT", "/api/v1/retention/classes/log", &who,
                   {{"period", period}, {"version", version}});
    };
    const Answer shorter = put(one_, "P35M", before["version"]);
    EXPECT_EQ(shorter.status, 400);
    EXPECT_EQ(shorter.body["errors"][0]["text_key"], "retention.period_too_short");
    EXPECT_EQ(put(administrator_, "P5Y", before["version"]).status, 403);
    const Answer longer = put(one_, "P5Y", before["version"]);
    ASSERT_EQ(longer.status, 200) << longer.text;
    EXPECT_EQ(longer.body["period"], "P5Y");
    EXPECT_EQ(put(one_, "P6Y", before["version"]).status, 409);
    after_the_period();
    EXPECT_TRUE(log_class()["past"].empty()) << "three years are not five";
    EXPECT_EQ(apply(409)["text_key"], "retention.day_kept");
    close();
    open();
    sign_in(auditor_);
    EXPECT_EQ(log_class()["period"], "P5Y") << "a restart forgot what the officer said";
}

TEST_F(RetentionTest, FinishesAfterAStopWhatWasApprovedBefore) {
    after_the_period();
    const json applied = apply();
    // As if the process had died between the approval and the deed.
    const auto approved = node_->database().write([&](store::Transaction& tx) -> Result<Disposal> {
        Disposal one = *disposals::find(tx, std::stoll(applied["id"].get<std::string>()));
        one.state = DisposalState::approved;
        one.decided_by = "account:" + two_.id;
        one.decided_ns = clock_.wall_ns();
        return disposals::change(tx, one, one.decided_by);
    });
    ASSERT_TRUE(approved);
    // And again after the leaf and the key, before it was noted.
    const auto leaf = ledger::keep::retire(
        node_->ledger(), clock_,
        {"log", day_, 0, approved->rule, approved->requested_by, approved->decided_by});
    ASSERT_TRUE(leaf) << leaf.error().message;
    close();
    open();
    for (Person* one : {&auditor_, &two_}) sign_in(*one);
    node_->retention().resume();
    const json done = wait_until_finished(applied);
    EXPECT_EQ(done["state"], "done") << done.dump();
    EXPECT_EQ(done["days"][0]["leaf_index"], std::to_string(*leaf)) << "destroyed a second time";
}

}  // namespace
}  // namespace daicho::app::node::test
