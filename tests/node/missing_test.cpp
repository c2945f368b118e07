// Files of the ledger that somebody took away: never called lawfully destroyed, never passed over.
#include <filesystem>

#include "app/node/services/ledger_damage.hpp"
#include "node/world.hpp"

namespace daicho::app::node::test {
namespace {

namespace fs = std::filesystem;

class Missing : public NodeWorld {
protected:
    void SetUp() override {
        NodeWorld::SetUp();
        officer_ = person("officer", {"security_officer"});
        first_ = append({"alpha one", "alpha two"});
        settle();
        last_ = append({"alpha three"});
        settle();
    }
    /// The segment file that holds this event.
    [[nodiscard]] std::string file_of(std::uint64_t seq) {
        const auto place = node_->ledger().segments().locate(seq);
        if (!place || !place->sealed) return "";
        return places_.data + "/ledger/segment/" + place->sealed->file;
    }
    void again() {
        close();
        open();
        sign_in(officer_);
        sign_in(administrator_);
    }
    [[nodiscard]] json search() {
        return post(officer_, "/api/v1/events/search",
                    {{"text", "alpha"},
                     {"from", text(clock_.wall_ns() - 30 * day_ns)},
                     {"to", text(clock_.wall_ns() + day_ns)}},
                    200);
    }
    /// The alarm of that name on the home page, null without.
    [[nodiscard]] json alarm(const std::string& key) {
        for (const char* place : {"/api/v1/home", "/api/v1/ledger"}) {
            const json answer = get(officer_, place);
            for (const json& one : answer["alarms"]) {
                if (one["message"]["text_key"] == key) {
                    EXPECT_EQ(one["level"], "critical");
                    return one["message"]["params"];
                }
            }
        }
        return nullptr;
    }
    void expect_missing(const std::string& missing_seq, const std::string& there_seq) {
        const json found = search();
        EXPECT_FALSE(found["complete"]) << found;
        EXPECT_EQ(found["incomplete_reason"]["text_key"], "search.missing");
        const Answer gone = ask("GET", "/api/v1/events/" + missing_seq, &officer_);
        EXPECT_EQ(gone.status, 500);
        EXPECT_EQ(gone.key(), "ledger.segment_missing");
        get(officer_, "/api/v1/events/" + there_seq);
        EXPECT_FALSE(alarm("ledger.alarm.segment_missing").is_null());
    }

    Person officer_;
    std::uint64_t first_ = 0;
    std::uint64_t last_ = 0;
};

TEST_F(Missing, NothingIsMissingWhereAllIsThere) {
    again();
    EXPECT_TRUE(search()["complete"]);
    EXPECT_EQ(search()["events"].size(), 3U);
    EXPECT_TRUE(alarm("ledger.alarm.segment_missing").is_null());
}

TEST_F(Missing, ASegmentThatWasDeletedIsNoticedAtTheStart) {
    const std::string file = file_of(first_);
    close();
    ASSERT_TRUE(fs::remove(file));
    open();
    sign_in(officer_);
    expect_missing(std::to_string(first_), std::to_string(last_));
    EXPECT_EQ(alarm("ledger.alarm.segment_missing")["events"], "2");
    EXPECT_EQ(alarm("ledger.alarm.segment_missing")["segments"], "1");
    EXPECT_EQ(search()["events"].size(), 1U);
}

TEST_F(Missing, ASegmentThatVanishesMeanwhileIsNoticedWhenItIsRead) {
    ASSERT_TRUE(fs::remove(file_of(first_)));
    EXPECT_TRUE(alarm("ledger.alarm.segment_missing").is_null());
    expect_missing(std::to_string(first_), std::to_string(last_));
}

TEST_F(Missing, ASegmentThatVanishesMeanwhileIsNoticedByALook) {
    ASSERT_TRUE(fs::remove(file_of(first_)));
    node_->ledger().segments().look_for_missing();
    expect_missing(std::to_string(first_), std::to_string(last_));
}

TEST_F(Missing, AKeyThatNobodyDestroyedLawfullyIsMissingToo) {
    const auto place = node_->ledger().segments().locate(first_);
    ASSERT_TRUE(place && place->sealed);
    const std::string day = place->sealed->directory.header.key.day;
    // No file that is written to uses that day's key any more.
    later(2 * day_ns, {&officer_, &administrator_});
    append({"alpha four"});
    settle();
    append({"alpha five"});
    settle();
    close();
    ASSERT_TRUE(fs::remove(places_.keys + "/kek/log/" + day + ".key"));
    open();
    sign_in(officer_);
    const Answer gone = ask("GET", "/api/v1/events/" + std::to_string(first_), &officer_);
    EXPECT_EQ(gone.status, 500);
    EXPECT_EQ(gone.key(), "ledger.segment_missing");
    EXPECT_FALSE(search()["complete"]);
    EXPECT_FALSE(alarm("ledger.alarm.segment_missing").is_null());
}

TEST_F(Missing, AFileWithoutItsBlocksDoesNotStandForItsEvents) {
    const std::string file = file_of(first_);
    const auto place = node_->ledger().segments().locate(first_);
    ledger::core::SegmentDirectory hollow = place->sealed->directory;
    close();
    const Bytes header = ledger::core::encode(hollow.header);
    hollow.footer.blocks.clear();
    const Bytes footer = ledger::core::encode(hollow.footer);
    Bytes all = header;
    ByteWriter(all).raw(footer);
    const Bytes trailer = ledger::core::encode_trailer(
        header.size(), crypto::sha256({ByteView(header), ByteView(footer)}));
    ByteWriter(all).raw(trailer);
    fs::remove(file);
    write_file_durably(real_files(), file, all);
    NodeOptions options;
    options.places = places_;
    options.commit.reserve_bytes = 0;
    const auto opened = Node::open(real_files(), clock_, std::move(options), Log::none());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().text_key, "ledger.segment_damaged");
}

TEST_F(Missing, WhatARetireLeafNamesIsDestroyedAndTheRestIsMissing) {
    const auto place = node_->ledger().segments().locate(first_);
    const std::string day = place->sealed->directory.header.key.day;
    later(2 * day_ns, {&officer_, &administrator_});
    append({"alpha under the key of the file that was open"});
    settle();
    const std::uint64_t newer = append({"alpha four"});
    settle();
    const std::uint64_t newest = append({"alpha five"});
    settle();
    const auto retired = ledger::keep::retire(node_->ledger(), clock_,
                                              {"log", day, 0, "rule-1", "person-1", "person-2"});
    ASSERT_TRUE(retired) << retired.error().message;
    again();
    EXPECT_TRUE(search()["complete"]);
    EXPECT_TRUE(alarm("ledger.alarm.segment_missing").is_null());
    get(officer_, "/api/v1/events/" + std::to_string(first_), 410);
    const std::string file = file_of(newest);
    ASSERT_NE(file, "");
    close();
    ASSERT_TRUE(fs::remove(file));
    open();
    sign_in(officer_);
    get(officer_, "/api/v1/events/" + std::to_string(first_), 410);
    get(officer_, "/api/v1/events/" + std::to_string(newer));
    EXPECT_EQ(ask("GET", "/api/v1/events/" + std::to_string(newest), &officer_).key(),
              "ledger.segment_missing");
    EXPECT_EQ(alarm("ledger.alarm.segment_missing")["events"], "1");
    // A hint that lies costs time, nothing else.
    close();
    write_file_durably(real_files(), places_.data + "/index/retired",
                       view_of(R"({"leaves":[0,1],"through":1000000})"));
    open();
    sign_in(officer_);
    get(officer_, "/api/v1/events/" + std::to_string(first_), 410);
    EXPECT_EQ(alarm("ledger.alarm.segment_missing")["events"], "1");
}

TEST_F(Missing, AReviewSaysSoAndCanNotFindNothing) {
    const std::string file = file_of(first_);
    close();
    ASSERT_TRUE(fs::remove(file));
    open();
    sign_in(officer_);
    const std::string range =
        "from=" + text(clock_.wall_ns() - 7 * day_ns) + "&to=" + text(clock_.wall_ns() + minute_ns);
    const json draft =
        get(officer_, "/api/v1/reviews/draft?obligation=weekly-access-log-review&" + range);
    EXPECT_EQ(draft["missing_events"], 2);
    json checklist = json::array();
    for (const json& item : draft["checklist"]) checklist.push_back(item["id"]);
    json sign_off{{"obligation_id", "weekly-access-log-review"},
                  {"from", draft["from"]},
                  {"to", draft["to"]},
                  {"tree_size", draft["range"]["tree_size"]},
                  {"digest", draft["digest"]},
                  {"conclusion", "nothing_found"},
                  {"comment", ""},
                  {"findings", json::array()},
                  {"checklist", checklist}};
    const Answer refused = ask("POST", "/api/v1/reviews", &officer_, sign_off);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.key(), "review.missing_unnamed");
    sign_off["conclusion"] = "findings";
    sign_off["findings"] = {{{"text", "two entries are missing"}, {"seqs", json::array()}}};
    post(officer_, "/api/v1/reviews", sign_off, 201);
}

TEST_F(Missing, AHeadThatIsGoneIsRecordedAndShows) {
    again();
    EXPECT_TRUE(alarm("ledger.alarm.head_missing").is_null());
    close();
    ASSERT_TRUE(fs::remove(places_.keys + "/head"));
    open();
    sign_in(officer_);
    EXPECT_FALSE(alarm("ledger.alarm.head_missing").is_null());
    again();
    EXPECT_FALSE(alarm("ledger.alarm.head_missing").is_null()) << "a restart must not hide it";
    later(head_missing_shown_ns, {&officer_});
    EXPECT_TRUE(alarm("ledger.alarm.head_missing").is_null());
}

}  // namespace
}  // namespace daicho::app::node::test
