#include "evidence/assess/fact_store.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <map>

#include "evidence/assess/history.hpp"

namespace daicho::evidence::assess {
namespace {

const register_::Content& content() {
    static const register_::Content shipped =
        register_::load_content(real_files(), std::string(DAICHO_SOURCE_DIR) + "/content").value();
    return shipped;
}
const calendar::Zone& tokyo() {
    static const calendar::Zone zone = calendar::Zone::find("Asia/Tokyo").value();
    return zone;
}

constexpr WallNs noon = 1'795'316'400 * second_ns;

TEST(FactOfEvent, TakesTheSubjectFromWhereItStands) {
    const auto review =
        fact_of_event("review.completed", "account:2", "completion:1",
                      R"({"obligation":"weekly-access-log-review","last_seq":5})", noon, 77);
    ASSERT_TRUE(review);
    EXPECT_EQ(review->subject, "weekly-access-log-review");
    EXPECT_EQ(review->seq, 77);
    EXPECT_EQ(fact_of(*review).number("last_seq"), 5);
    EXPECT_EQ(
        fact_of_event("delegation.granted", "account:2", "delegation:3", "{}", noon, 1)->subject,
        "delegation:3");
    EXPECT_EQ(fact_of_event("log.read", "account:2", "", "{}", noon, 1)->subject, "account:2");
    const auto refused =
        fact_of_event("access.refused", "account:4", "", R"({"permission":"log.read"})", noon, 1);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->kind, "log.refused");
}

TEST(FactOfEvent, IsNothingForOtherEventsAndForDetailsOfAnotherShape) {
    EXPECT_FALSE(fact_of_event("access.signed_in", "account:2", "", "{}", noon, 1));
    EXPECT_FALSE(fact_of_event("access.refused", "account:4", "",
                               R"({"permission":"people.manage"})", noon, 1));
    EXPECT_FALSE(fact_of_event("access.refused", "account:4", "", R"({"permission":7})", noon, 1));
    for (const char* detail : {"", "[]", "{", "{}", R"({"obligation":7})", "null"}) {
        EXPECT_FALSE(
            fact_of_event("review.completed", "account:2", "completion:1", detail, noon, 1))
            << detail;
    }
    // A measurement is not an act, and no event may pass for one.
    EXPECT_FALSE(fact_of_event("backlog.measured", "account:2", "", "{}", noon, 1));
}

TEST(FactWindows, ReachAsFarAsTheControlsLookBack) {
    const std::map<std::string, std::vector<std::string>> kinds_of = {
        {"authorised", {"log.read"}},
        {"no_stranger", {"log.read", "log.refused"}},
        {"source_items", {"source.coverage"}},
        {"source_days", {"source.coverage"}},
        {"transferred", {"segment.sealed", "export.completed", "backlog.measured"}},
        {"capacity", {"capacity.measured"}},
        {"clocks", {"source.clock"}}};
    for (const auto& [id, control] : content().controls) {
        for (const auto& spec : control.evidence) {
            const auto found = kinds_of.find(spec.check);
            if (found == kinds_of.end()) continue;
            for (const std::string& kind : found->second) {
                const bool measured = kind == "backlog.measured" || kind == "capacity.measured" ||
                                      kind == "source.clock";
                const auto reach = register_::parse_period(
                    spec.arguments.at(measured ? "fresh" : "look_back").get<std::string>());
                EXPECT_GT(window_days(kind) * 86'400, reach->mean_seconds() + 86'400 / 2)
                    << id << " " << kind;
            }
        }
    }
}

TEST(FactsInTheStore, AreLoadedWithinTheirWindowsAndNotFromTheFuture) {
    char name[] = "/tmp/daicho-facts-XXXXXX";
    const std::string folder = ::mkdtemp(name);
    const ManualClock clock(noon);
    {
        const auto database = store::Database::open(folder + "/state.db", clock).value();
        const store::MigrationSet sets[] = {store::migrations()};
        ASSERT_TRUE(database->migrate(sets));
        const auto put = [&](const char* kind, WallNs time, std::int64_t seq) {
            const auto written = database->write([&](store::Transaction& tx) -> Result<bool> {
                tx.no_evidence("facts are derived");
                return store::facts::insert(tx,
                                            {0, time, kind, "x", seq, "", "{\"leaf_index\":9}"});
            });
            ASSERT_TRUE(written && *written);
        };
        put("review.completed", noon - 4000 * day_ns, 1);
        put("review.completed", noon, 2);
        put("review.completed", noon + 1, 3);
        put("backlog.measured", noon - 3 * day_ns, 4);
        put("backlog.measured", noon - hour_ns, 5);
        const auto loaded =
            database->read([](store::Reader& reader) { return load_facts(reader, noon); });
        ASSERT_TRUE(loaded);
        std::vector<std::int64_t> seqs;
        for (const Fact& fact : *loaded) {
            seqs.push_back(fact.seq);
            EXPECT_EQ(fact.leaf, 9);
        }
        std::sort(seqs.begin(), seqs.end());
        EXPECT_EQ(seqs, (std::vector<std::int64_t>{1, 2, 5}));
        // The ends of the clock are moments like others.
        constexpr WallNs first = std::numeric_limits<WallNs>::min();
        constexpr WallNs last = std::numeric_limits<WallNs>::max();
        const auto at = [&](WallNs as_of) {
            return database->read([&](store::Reader& reader) { return load_facts(reader, as_of); });
        };
        EXPECT_TRUE(at(first)->empty());
        EXPECT_EQ(at(last)->size(), 3U);
    }
    std::filesystem::remove_all(folder);
}

TEST(FactsInTheStore, OfADayAreLoadedOnceWithTheirNewestCount) {
    char name[] = "/tmp/daicho-facts-XXXXXX";
    const std::string folder = ::mkdtemp(name);
    const ManualClock clock(noon);
    {
        const auto database = store::Database::open(folder + "/state.db", clock).value();
        const store::MigrationSet sets[] = {store::migrations()};
        ASSERT_TRUE(database->migrate(sets));
        const auto written = database->write([&](store::Transaction& tx) -> Result<bool> {
            tx.no_evidence("facts are derived");
            for (int hour = 0; hour < 9 * 24; ++hour) {
                const WallNs time = noon - 8 * day_ns + hour * hour_ns;
                const std::string local = tokyo().to_text(time);
                const std::string detail = "{\"day\":\"" + local.substr(0, 10) +
                                           "\",\"events\":" + std::to_string(hour) + "}";
                for (const char* source : {"tls:01", "tls:02"}) {
                    const auto put = store::facts::insert(
                        tx, {0, time, "source.coverage", source, -1, local.substr(0, 13), detail});
                    if (!put) return put;
                }
            }
            return true;
        });
        ASSERT_TRUE(written) << written.error().message;
        const WallNs moment = noon - 30 * hour_ns;
        const auto loaded =
            database->read([&](store::Reader& reader) { return load_facts(reader, moment); });
        ASSERT_TRUE(loaded);
        std::map<std::string, std::int64_t> newest;
        for (const Fact& fact : *loaded) {
            EXPECT_LE(fact.time_ns, moment);
            if (fact.subject != "tls:01") continue;
            EXPECT_TRUE(newest.emplace(fact.text("day"), *fact.number("events")).second);
        }
        EXPECT_EQ(newest.size(), 8U);
        EXPECT_EQ(newest.rbegin()->second, 8 * 24 - 30);
    }
    std::filesystem::remove_all(folder);
}

TEST(History, IsTheStatusOfEachMoment) {
    std::vector<Fact> facts(1);
    facts[0] = {"review.completed",
                "weekly-access-log-review",
                noon,
                5,
                -1,
                {{"performer", "account:2"},
                 {"right", "role"},
                 {"role", "security_officer"},
                 {"first_seq", 0},
                 {"last_seq", 4},
                 {"through_ns", noon},
                 {"checklist", {"impersonation"}}}};
    const auto runs = history(content(), facts, tokyo(), noon - day_ns, noon + 20 * day_ns, day_ns);
    ASSERT_TRUE(runs);
    std::string seen;
    for (const StateRun& run : *runs) {
        if (run.clause != "002-4-2a") continue;
        seen += std::string(name_of(run.state)) + " ";
        for (WallNs at = run.from_ns; at < run.until_ns; at += day_ns) {
            EXPECT_EQ(assess(content(), facts, tokyo(), at).clauses.at("002-4-2a").state,
                      run.state);
        }
    }
    EXPECT_EQ(seen, "insufficient conformant due_soon nonconformant ");
    EXPECT_EQ(history(content(), facts, tokyo(), noon, noon, day_ns).error().code, Errc::invalid);
    EXPECT_EQ(history(content(), facts, tokyo(), 0, noon, second_ns).error().code, Errc::too_large);
}

}  // namespace
}  // namespace daicho::evidence::assess
