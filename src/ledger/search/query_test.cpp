#include "ledger/search/query.hpp"

#include <gtest/gtest.h>

#include "ledger/search/matcher.hpp"

namespace daicho::ledger::search {
namespace {

TEST(SearchText, IsWordsPhrasesAndStars) {
    const auto terms =
        parse_text(" kim  \"Failed password\" *min* svc-* \"a \\\"b\\\" \\\\ \\n\" ");
    ASSERT_TRUE(terms);
    const std::vector<Term> expected = {{"kim", false, false},
                                        {"Failed password", false, false},
                                        {"min", true, true},
                                        {"svc-", false, true},
                                        {"a \"b\" \\ \\n", false, false}};
    EXPECT_EQ(*terms, expected);
    EXPECT_TRUE(parse_text("")->empty());
}

TEST(SearchText, IsRefusedWhenItCannotBeMeant) {
    for (const char* text : {"\"open", "\"\"", "*", "**", "\"a\\\""}) {
        EXPECT_EQ(parse_text(text).error().code, Errc::invalid) << text;
    }
    std::string many;
    for (std::size_t i = 0; i <= query_terms_max; ++i) many += "a ";
    EXPECT_EQ(parse_text(many).error().code, Errc::too_large);
    EXPECT_EQ(parse_text(std::string(query_text_size_max + 1, 'a')).error().code, Errc::too_large);
}

bool finds(const char* text, std::string_view event, bool ignore_case = false) {
    return TermMatcher(parse_text(text)->at(0), ignore_case).found_in(view_of(event));
}

TEST(SearchText, FindsWholeWordsUnlessAStarOpensThem) {
    EXPECT_TRUE(finds("kim", "user kim.minsu"));
    EXPECT_FALSE(finds("kim", "kimchi"));
    EXPECT_TRUE(finds("kim", "kimchi kim"));
    EXPECT_TRUE(finds("kim*", "kimchi"));
    EXPECT_FALSE(finds("*chi", "kimchis"));
    EXPECT_TRUE(finds("*chi", "kimchi"));
    EXPECT_TRUE(finds("10.1.2.3", "from 10.1.2.3:22"));
    EXPECT_FALSE(finds("10.1.2.3", "from 10.1.2.34"));
    EXPECT_TRUE(finds("\"ed pass\"", "x ed pass"));
    EXPECT_FALSE(finds("\"ed pass\"", "Failed password"));
    EXPECT_FALSE(finds("KIM", "kim"));
    EXPECT_TRUE(finds("KIM", "kim", true));
}

TEST(SearchText, FindsJapaneseInsideWordsAndKeepsCharactersWhole) {
    EXPECT_TRUE(finds("端末", "この端末操作は"));
    EXPECT_TRUE(finds("太郎", "山田太郎taro"));
    EXPECT_TRUE(finds("taro", "山田太郎taro"));
    EXPECT_FALSE(TermMatcher(Term{"\x81\x82", false, false}, false).found_in(view_of("あ")));
}

TEST(AddressRange, HoldsItsAddresses) {
    const auto range = parse_address_range("192.0.2.0/25");
    ASSERT_TRUE(range);
    EXPECT_TRUE(range->contains(*parse_address("192.0.2.127")));
    EXPECT_FALSE(range->contains(*parse_address("192.0.2.128")));
    EXPECT_TRUE(parse_address_range("0.0.0.0/0")->contains(*parse_address("255.1.1.1")));
    EXPECT_FALSE(parse_address_range("0.0.0.0/0")->contains(*parse_address("2001:db8::1")));
    EXPECT_TRUE(parse_address_range("2001:db8::/32")->contains(*parse_address("2001:db8:1::1")));
    EXPECT_TRUE(parse_address_range("::/0")->contains(*parse_address("10.0.0.1")));
}

TEST(AddressRange, IsRefusedInLooseForms) {
    for (const char* text :
         {"", "10.0.0", "10.0.0.1/", "10.0.0.1/24", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1",
          "2001:db8::1/32", "2001:db8::/129", "10.0.0.0/8/8", "host", "01.2.3.4"}) {
        EXPECT_FALSE(parse_address_range(text)) << text;
    }
    EXPECT_FALSE(parse_address(std::string_view("10.0.0.1\0", 9)));
}

TEST(Address, PrintsAsItIsRead) {
    for (const char* text : {"0.0.0.0", "10.16.1.102", "255.255.255.255", "2001:db8::1", "::1"}) {
        EXPECT_EQ(print_address(*parse_address(text)), text);
    }
}

TEST(Query, IsCheckedAgainstItsLimits) {
    Query query;
    EXPECT_TRUE(check_query(query));
    query.limit = 0;
    EXPECT_FALSE(check_query(query));
    query.limit = query_limit_max + 1;
    EXPECT_FALSE(check_query(query));
    query.limit = 1;
    query.terms.push_back({"", false, false});
    EXPECT_FALSE(check_query(query));
}

}  // namespace
}  // namespace daicho::ledger::search
