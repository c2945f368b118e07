#include "evidence/assess/rights.hpp"

#include <gtest/gtest.h>

namespace daicho::evidence::assess {
namespace {

Fact fact(std::string kind, std::string subject, WallNs time, nlohmann::json detail) {
    return {std::move(kind), std::move(subject), time, 1, -1, std::move(detail)};
}

/// Does account:3 hold the right to `act` at `time`, lent from 100 to 200 and recorded at 100?
bool held(const char* act, WallNs time, nlohmann::json change = nlohmann::json::object()) {
    nlohmann::json grant = {{"by", "account:2"},
                            {"to", "account:3"},
                            {"permission", "log.review"},
                            {"from_ns", 100},
                            {"until_ns", 200}};
    grant.update(change);
    const std::vector<Fact> facts = {
        fact("delegation.granted", "delegation:1", 100, grant),
        fact("delegation.revoked", "delegation:1", 150, {{"by", "account:2"}})};
    const FactBook book(facts, 1000);
    return Rights(book, {"security_officer"})
        .held(fact(
            act, "x", time,
            {{"performer", "account:3"}, {"right", "delegation"}, {"delegation", "delegation:1"}}));
}

TEST(Rights, LentForATimeEndWithItOrWhenTakenBack) {
    EXPECT_FALSE(held("log.read", 99));
    EXPECT_TRUE(held("log.read", 100));
    EXPECT_TRUE(held("log.read", 149));
    EXPECT_FALSE(held("log.read", 150));
    EXPECT_FALSE(held("log.read", 120, {{"until_ns", 120}}));
    EXPECT_FALSE(held("log.read", 120, {{"from_ns", 121}}));
}

TEST(Rights, ToReadAreNotRightsToReview) {
    EXPECT_TRUE(held("review.completed", 120));
    EXPECT_TRUE(held("log.read", 120, {{"permission", "log.read"}}));
    EXPECT_FALSE(held("review.completed", 120, {{"permission", "log.read"}}));
    EXPECT_FALSE(held("log.read", 120, {{"permission", nullptr}}));
}

TEST(Rights, AreNotLentToOneselfOrToAnother) {
    EXPECT_FALSE(held("log.read", 120, {{"by", "account:3"}}));
    EXPECT_FALSE(held("log.read", 120, {{"to", "account:4"}}));
}

TEST(Rights, OfARoleAreThoseOfTheRolesAskedFor) {
    const FactBook nothing({}, 1000);
    const Rights rights(nothing, {"security_officer"});
    const auto act = [](nlohmann::json detail) {
        return fact("log.read", "x", 1, std::move(detail));
    };
    EXPECT_TRUE(rights.held(
        act({{"performer", "account:2"}, {"right", "role"}, {"role", "security_officer"}})));
    EXPECT_FALSE(rights.held(
        act({{"performer", "account:1"}, {"right", "role"}, {"role", "administrator"}})));
    EXPECT_FALSE(rights.held(act({{"right", "role"}, {"role", "security_officer"}})));
    EXPECT_FALSE(rights.held(act({{"performer", "account:2"}, {"right", "none"}})));
    EXPECT_FALSE(rights.held(act({{"performer", "account:2"}})));
}

}  // namespace
}  // namespace daicho::evidence::assess
