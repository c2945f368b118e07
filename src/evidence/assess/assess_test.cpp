#include "evidence/assess/assess.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>
#include <random>
#include <set>

#include "base/calendar/timestamp.hpp"
#include "evidence/assess/status_json.hpp"

namespace daicho::evidence::assess {
namespace {

using nlohmann::json;

WallNs at(std::string_view text) {
    return calendar::parse_rfc3339(text)->wall_ns;
}

const register_::Content& content() {
    static const register_::Content shipped =
        register_::load_content(real_files(), std::string(DAICHO_SOURCE_DIR) + "/content").value();
    return shipped;
}

const calendar::Zone& tokyo() {
    static const calendar::Zone zone = calendar::Zone::find("Asia/Tokyo").value();
    return zone;
}

std::vector<Fact> facts_of(const json& list) {
    std::vector<Fact> out;
    for (const json& from : list) {
        out.push_back({from.at("kind"), from.at("subject"), from.at("time_ns"), from.at("seq"), -1,
                       from.at("detail")});
    }
    return out;
}

/// All examples of all controls: what their authors thought of, and material for the laws below.
struct Case {
    const register_::Control* control;
    const register_::Example* example;
    std::vector<Fact> facts;
};
std::vector<Case> cases() {
    std::vector<Case> out;
    for (const auto& [id, control] : content().controls) {
        for (const auto& example : control.examples)
            out.push_back({&control, &example, facts_of(example.facts)});
    }
    return out;
}

/// How good: unknown and broken are equally not good.
int goodness(State state) {
    return state == State::conformant ? 2 : state == State::due_soon ? 1 : 0;
}

TEST(ExamplesInContent, ComeOutAsTheySay) {
    for (const Case& one : cases()) {
        const ControlStatus status =
            assess_control(content(), *one.control, one.facts, tokyo(), one.example->as_of);
        EXPECT_EQ(name_of(status.finding.state), one.example->expect)
            << one.control->id << ": " << one.example->title << "\n"
            << to_json(content(), tokyo(), status).dump(1);
    }
}

TEST(Sentences, ExistForEverythingThatIsSaidAndLeaveNoBrace) {
    for (const Case& one : cases()) {
        const ControlStatus status =
            assess_control(content(), *one.control, one.facts, tokyo(), one.example->as_of);
        const auto check = [&](const Sentence& sentence) {
            for (const bool japanese : {true, false}) {
                const std::string words = to_words(content(), sentence, japanese);
                EXPECT_NE(words, sentence.text_key);
                EXPECT_EQ(words.find('{'), std::string::npos) << words;
            }
        };
        for (const Reason& reason : status.finding.reasons) check(reason.sentence);
        for (const Action& action : status.finding.missing) {
            check(action.sentence);
            EXPECT_TRUE(content().posts.contains(action.post));
        }
    }
}

TEST(Status, SaysWhyAndWhatToDoUnlessAllIsWell) {
    for (const Case& one : cases()) {
        const Finding finding =
            assess_control(content(), *one.control, one.facts, tokyo(), one.example->as_of).finding;
        EXPECT_FALSE(finding.reasons.empty()) << one.control->id << ": " << one.example->title;
        EXPECT_EQ(finding.missing.empty(), finding.state == State::conformant)
            << one.control->id << ": " << one.example->title;
    }
}

TEST(Status, DoesNotDependOnTheOrderOrRepetitionOfFacts) {
    std::mt19937 random(20261122);
    for (const Case& one : cases()) {
        std::vector<Fact> facts = one.facts;
        const std::string before =
            to_json(content(), tokyo(), assess(content(), facts, tokyo(), one.example->as_of))
                .dump();
        for (int round = 0; round < 5; ++round) {
            if (!facts.empty()) facts.push_back(facts[random() % facts.size()]);
            std::shuffle(facts.begin(), facts.end(), random);
            EXPECT_EQ(before, to_json(content(), tokyo(),
                                      assess(content(), facts, tokyo(), one.example->as_of))
                                  .dump());
        }
    }
}

/// A crowd of facts of all kinds over three weeks, some of them violations.
std::vector<Fact> crowd(std::mt19937& random) {
    std::vector<Fact> out;
    const std::vector<Case> all = cases();
    for (int i = 0; i < 60; ++i) {
        const Case& one = all[random() % all.size()];
        if (one.facts.empty()) continue;
        Fact fact = one.facts[random() % one.facts.size()];
        fact.time_ns += static_cast<std::int64_t>(random() % 40) * 12 * hour_ns - 10 * day_ns;
        out.push_back(std::move(fact));
    }
    return out;
}

TEST(Status, OfAMomentIsTheSameWhateverBecomesKnownLater) {
    std::mt19937 random(1);
    for (int round = 0; round < 60; ++round) {
        const std::vector<Fact> facts = crowd(random);
        const WallNs moment =
            at("2026-11-20T10:00:00+09:00") + static_cast<std::int64_t>(random() % 20) * day_ns;
        std::vector<Fact> known;
        for (const Fact& fact : facts) {
            if (fact.time_ns <= moment) known.push_back(fact);
        }
        EXPECT_EQ(to_json(content(), tokyo(), assess(content(), known, tokyo(), moment)).dump(),
                  to_json(content(), tokyo(), assess(content(), facts, tokyo(), moment)).dump());
    }
}

TEST(Status, NeverGetsBetterByTakingAwayAFactThatSupportsIt) {
    std::mt19937 random(2);
    std::size_t tried = 0;
    for (int round = 0; round < 25; ++round) {
        const std::vector<Fact> facts = crowd(random);
        const WallNs moment =
            at("2026-11-20T10:00:00+09:00") + static_cast<std::int64_t>(random() % 20) * day_ns;
        const Assessment before = assess(content(), facts, tokyo(), moment);
        for (std::size_t i = 0; i < facts.size(); ++i) {
            std::vector<Fact> fewer = facts;
            std::erase_if(fewer, [&](const Fact& fact) {
                return fact.kind == facts[i].kind && fact.time_ns == facts[i].time_ns &&
                       fact.subject == facts[i].subject;
            });
            const Assessment after = assess(content(), fewer, tokyo(), moment);
            for (const auto& [id, control] : before.controls) {
                const bool weighed_against =
                    std::any_of(control.finding.evidence.begin(), control.finding.evidence.end(),
                                [&](const Evidence& evidence) {
                                    return !evidence.supports && evidence.kind == facts[i].kind &&
                                           evidence.time_ns == facts[i].time_ns;
                                });
                // Registrations, revocations, settings and newer measurements say what is demanded
                // or known; taking those away changes the question, and their completeness is the
                // ledger's to prove.
                static const std::set<std::string> support = {"review.completed",
                                                              "export.completed", "gap.declared"};
                if (weighed_against || !support.contains(facts[i].kind)) continue;
                ++tried;
                EXPECT_LE(goodness(after.controls.at(id).finding.state),
                          goodness(control.finding.state))
                    << id << " without " << facts[i].kind;
            }
        }
    }
    EXPECT_GT(tried, 500U);
}

TEST(Status, OfEveryClauseIsInsufficientWithoutAnyFact) {
    const Assessment none = assess(content(), {}, tokyo(), at("2026-11-22T10:00:00+09:00"));
    EXPECT_GE(none.clauses.size(), 9U);
    for (const auto& [id, status] : none.clauses)
        EXPECT_EQ(status.state, State::insufficient) << id;
}

TEST(Status, TakesDetailsOfAnyShapeAsUnknown) {
    const std::vector<json> odd = {nullptr,
                                   "x",
                                   -1,
                                   true,
                                   json::array({1, nullptr}),
                                   json::object({{"a", 1}}),
                                   std::numeric_limits<std::int64_t>::max(),
                                   std::numeric_limits<std::int64_t>::min(),
                                   std::numeric_limits<std::uint64_t>::max(),
                                   number_max,
                                   -number_max,
                                   1.5};
    for (const Case& one : cases()) {
        std::vector<Fact> facts = one.facts;
        for (Fact& fact : facts) {
            // Every field by itself becomes each of the odd values; nothing may break on any of
            // them.
            const json original = fact.detail;
            for (const auto& [name, value] : original.items()) {
                for (const json& strange : odd) {
                    fact.detail[name] = strange;
                    const ControlStatus judged =
                        assess_control(content(), *one.control, facts, tokyo(), one.example->as_of);
                    EXPECT_FALSE(judged.finding.reasons.empty());
                }
                fact.detail[name] = value;
            }
        }
    }
}

TEST(Parameters, AreTheStrictestOfAllAdoptedRegulations) {
    const FactBook nothing({}, 0);
    const auto all = effective_parameters(content(), adopted(content(), nothing));
    EXPECT_EQ(to_text(all.at("log-retention").value), "P3Y");
    EXPECT_EQ(all.at("log-retention").source, "003-01-4.5-9c");
    ASSERT_EQ(all.at("log-retention").stated.size(), 2U);
    EXPECT_EQ(to_text(all.at("log-retention").stated.back().value), "P3M");
    EXPECT_EQ(to_text(all.at("access-review-interval").value), "P7D");
    EXPECT_EQ(all.at("clock-tolerance").source, "");
    const auto one = effective_parameters(content(), {"entrusted-information"});
    EXPECT_EQ(to_text(one.at("log-retention").value), "P3M");
    EXPECT_FALSE(one.contains("log-analysis-interval"));
}

Fact fact(std::string kind, std::string subject, std::string_view time,
          json detail = json::object()) {
    return {std::move(kind), std::move(subject), at(time), 1, -1, std::move(detail)};
}

TEST(Regulations, ThatAreNotAdoptedAreNotAssessed) {
    const std::vector<Fact> facts = {
        fact("regulation.adopted", "entrusted-information", "2026-04-01T00:00:00+09:00")};
    const Assessment now = assess(content(), facts, tokyo(), at("2026-11-22T10:00:00+09:00"));
    EXPECT_TRUE(now.clauses.contains("002-4-2a"));
    EXPECT_FALSE(now.clauses.contains("003-01-4.5-9a"));
    EXPECT_FALSE(now.controls.contains("write-once-transfer"));
}

TEST(Decisions, ExcuseUntilTheyLapseAndOnlyWhenTwoPeopleMadeThem) {
    const auto state = [](json detail, std::string_view as_of, std::vector<Fact> more = {}) {
        more.push_back(fact("exception.approved", "003-01-4.5-9a", "2026-11-01T00:00:00+09:00",
                            std::move(detail)));
        return assess(content(), more, tokyo(), at(as_of)).clauses.at("003-01-4.5-9a").state;
    };
    const json good = {{"by", "account:1"},
                       {"applicant", "account:2"},
                       {"until_ns", at("2026-12-01T00:00:00+09:00")},
                       {"reason_digest", "00"}};
    EXPECT_EQ(state(good, "2026-11-22T00:00:00+09:00"), State::exception);
    EXPECT_EQ(state(good, "2026-10-22T00:00:00+09:00"), State::insufficient);
    EXPECT_EQ(state(good, "2026-12-01T00:00:00+09:00"), State::insufficient);
    json alone = good;
    alone["applicant"] = "account:1";
    EXPECT_EQ(state(alone, "2026-11-22T00:00:00+09:00"), State::insufficient);
    json endless = good;
    endless.erase("until_ns");
    EXPECT_EQ(state(endless, "2026-11-22T00:00:00+09:00"), State::insufficient);
    EXPECT_EQ(state(good, "2026-11-22T00:00:00+09:00",
                    {fact("exception.revoked", "003-01-4.5-9a", "2026-11-10T00:00:00+09:00")}),
              State::insufficient);
}

TEST(Decisions, DoNotCoverUpWhatIsKeptNorCountAsKept) {
    std::vector<Fact> facts = {
        fact("capacity.measured", "ledger", "2026-11-22T09:00:00+09:00",
             {{"free_bytes", 1'000'000'000'000},
              {"reserve_bytes", 0},
              {"rate_p99_bytes_per_s", 1000}}),
        fact("exception.approved", "003-01-4.5-9b", "2026-11-01T00:00:00+09:00",
             {{"by", "account:1"},
              {"applicant", "account:2"},
              {"until_ns", at("2026-12-01T00:00:00+09:00")},
              {"reason_digest", "00"}})};
    Assessment now = assess(content(), facts, tokyo(), at("2026-11-22T10:00:00+09:00"));
    EXPECT_EQ(now.clauses.at("003-01-4.5-9b").state, State::conformant);
    facts[0].detail["free_bytes"] = 0;
    now = assess(content(), facts, tokyo(), at("2026-11-22T10:00:00+09:00"));
    EXPECT_EQ(now.clauses.at("003-01-4.5-9b").state, State::exception);
    EXPECT_EQ(now.clauses.at("003-01-4.5-9b").computed, State::nonconformant);
}

/// What is said of one clause's reasons in Japanese, line by line.
std::string said(const std::vector<Fact>& facts, const std::string& control) {
    const ControlStatus status = assess_control(content(), content().controls.at(control), facts,
                                                tokyo(), at("2026-11-22T10:00:00+09:00"));
    std::string out;
    for (const Reason& reason : status.finding.reasons)
        out += to_words(content(), reason.sentence, true) + "\n";
    return out;
}

std::string control_that_asks(const std::string& question) {
    for (const auto& [id, control] : content().controls)
        for (const register_::CheckSpec& spec : control.evidence)
            if (spec.check == question) return id;
    return {};
}

TEST(Sentences, NameUpToThreeStrangersAndCountTheRest) {
    std::vector<Fact> facts;
    const std::string control = control_that_asks("source_items");
    ASSERT_NE(control, "");
    const auto more = [&](const std::string& source) {
        facts.push_back(fact("source.coverage", source, "2026-11-21T10:00:00+09:00",
                             {{"day", "2026-11-21"}, {"events", 3}}));
        return said(facts, control);
    };
    EXPECT_THAT(more("udp:192.0.2.1"), testing::HasSubstr("1件あります（udp:192.0.2.1）"));
    (void)more("udp:192.0.2.2");
    EXPECT_THAT(more("udp:192.0.2.3"),
                testing::HasSubstr("3件あります（udp:192.0.2.1, udp:192.0.2.2, udp:192.0.2.3）"));
    (void)more("udp:192.0.2.4");
    EXPECT_THAT(
        more("udp:192.0.2.5"),
        testing::HasSubstr("5件あります（udp:192.0.2.1, udp:192.0.2.2, udp:192.0.2.3、他2件）"));
    const ControlStatus status = assess_control(content(), content().controls.at(control), facts,
                                                tokyo(), at("2026-11-22T10:00:00+09:00"));
    const auto to_do = std::ranges::count_if(status.finding.missing, [](const Action& action) {
        return action.sentence.text_key == "assess.sources.register_or_ignore";
    });
    EXPECT_EQ(to_do, 3);
}

TEST(Sentences, ShowLongTimesInYearsAndDaysAndSharesInPercent) {
    const std::string control = control_that_asks("capacity");
    ASSERT_NE(control, "");
    const auto with = [&](std::int64_t seconds) {
        return said({fact("capacity.measured", "data", "2026-11-22T09:00:00+09:00",
                          {{"free_bytes", seconds * 10'000},
                           {"reserve_bytes", 0},
                           {"rate_p99_bytes_per_s", 1000}})},
                    control);
    };
    EXPECT_THAT(with(58'919 * 3600 + 1226), testing::HasSubstr("6年耐えます"));
    EXPECT_THAT(with(729 * 86'400 + 5), testing::HasSubstr("729日耐えます"));
    EXPECT_THAT(with(3 * 86'400 + 7'199), testing::HasSubstr("3日1時間耐えます"));
    EXPECT_THAT(with(3'723), testing::HasSubstr("1時間2分3秒しか"));
    EXPECT_EQ(percent_text(950), "95.0 %");
    EXPECT_EQ(percent_text(999), "99.9 %");
    EXPECT_EQ(percent_text(7), "0.7 %");
    EXPECT_EQ(shown(content().parameters.at("item-share"), std::int64_t{950}), "95.0 %");
    EXPECT_EQ(shown(content().parameters.at("capacity-flood-factor"), std::int64_t{10}), "10");
}

TEST(WeeklyReview, GoesFromConformantToDueSoonToNonconformantAsTheWeekPasses) {
    const std::vector<Fact> facts = {fact("review.completed", "weekly-access-log-review",
                                          "2026-11-22T15:00:00+09:00",
                                          {{"performer", "account:2"},
                                           {"right", "role"},
                                           {"role", "security_officer"},
                                           {"first_seq", 0},
                                           {"last_seq", 9},
                                           {"through_ns", at("2026-11-22T15:00:00+09:00")},
                                           {"checklist", {"impersonation"}}})};
    const auto state = [&](std::string_view as_of) {
        return std::string(
            name_of(assess(content(), facts, tokyo(), at(as_of)).clauses.at("002-4-2a").state));
    };
    EXPECT_EQ(state("2026-11-22T14:59:59+09:00"), "insufficient");
    EXPECT_EQ(state("2026-11-22T15:00:00+09:00"), "conformant");
    EXPECT_EQ(state("2026-11-27T23:59:59+09:00"), "conformant");
    EXPECT_EQ(state("2026-11-28T00:00:00+09:00"), "due_soon");
    EXPECT_EQ(state("2026-12-01T23:59:59+09:00"), "due_soon");
    EXPECT_EQ(state("2026-12-02T00:00:00+09:00"), "nonconformant");
}

}  // namespace
}  // namespace daicho::evidence::assess
