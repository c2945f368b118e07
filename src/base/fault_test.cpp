#include "base/fault.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "base/result.hpp"

namespace daicho {
namespace {

TEST(Fault, RemembersWhereItWasThrown) {
    try {
        throw Fault("page 7 is corrupt");
    } catch (const Fault& fault) {
        EXPECT_STREQ(fault.what(), "page 7 is corrupt");
        EXPECT_NE(std::string(fault.where().file_name()).find("fault_test"), std::string::npos);
    }
}

TEST(IoFault, TellsAFullDiskFromTheRest) {
    EXPECT_TRUE(IoFault("write", ENOSPC).out_of_space());
    EXPECT_TRUE(IoFault("write", EDQUOT).out_of_space());
    EXPECT_FALSE(IoFault("write", EIO).out_of_space());
    EXPECT_EQ(IoFault("write", EIO).error_number(), EIO);
    EXPECT_NE(std::string(IoFault("write a", EIO).what()).find("write a: "), std::string::npos);
}

TEST(CheckDeathTest, EndsTheProcessAndSaysWhy) {
    check(true, "never printed");
    EXPECT_DEATH(check(false, "the root is older than its leaf"),
                 "the root is older than its leaf");
}

TEST(Result, CarriesACodeAndWordsForAPerson) {
    const Result<int> refused =
        refuse(Errc::locked, "error.account.locked", "locked", {{"minutes", "15"}});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::locked);
    EXPECT_EQ(refused.error().text_key, "error.account.locked");
    EXPECT_EQ(refused.error().params.at(0).second, "15");
    const Result<int> passed_on = fail(refused.error());
    EXPECT_EQ(passed_on.error().text_key, "error.account.locked");
}

TEST(Result, NamesEveryCodeDifferently) {
    std::vector<std::string_view> names;
    for (int code = 0; code <= static_cast<int>(Errc::expired); ++code) {
        const std::string_view name = name_of(static_cast<Errc>(code));
        EXPECT_NE(name, "unknown");
        EXPECT_EQ(std::count(names.begin(), names.end(), name), 0);
        names.push_back(name);
    }
}

}  // namespace
}  // namespace daicho
