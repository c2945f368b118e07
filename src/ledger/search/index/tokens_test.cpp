#include "ledger/search/index/tokens.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ledger/search/index/filter.hpp"
#include "ledger/search/matcher.hpp"
#include "ledger/search/query.hpp"

namespace daicho::ledger::search {
namespace {

bool has_all(const TokenSet& set, const std::vector<TokenHash>& wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](TokenHash hash) {
        return std::find(set.hashes().begin(), set.hashes().end(), hash) != set.hashes().end();
    });
}

std::vector<TokenHash> tokens(std::string_view term) {
    return tokens_of_term(term, false, false);
}

TEST(Tokens, NameWordsAddressesAndPairsOfCharacters) {
    TokenSet set;
    set.add(
        view_of("<86>1 2026-03-05T17:27:52.490662Z Failed password for Kim.Minsu from 10.16.1.102 "
                "端末操作"));
    for (const char* term :
         {"failed", "FAILED", "kim", "kim.minsu", "10.16.1.102", "端末", "末操", "端末操作"}) {
        EXPECT_FALSE(tokens(term).empty()) << term;
        EXPECT_TRUE(has_all(set, tokens(term))) << term;
    }
    for (const char* term : {"kimchi", "10.16.1.103", "110.16.1.102", "作業"}) {
        EXPECT_FALSE(has_all(set, tokens(term))) << term;
    }
}

TEST(Tokens, LeaveOutWhatIsNewInEveryEventAndWhatIsTooShort) {
    for (const char* term : {"05T17", "490662Z", "52", "12345", "a", "_", ".", "端", ""}) {
        EXPECT_TRUE(tokens(term).empty()) << term;
    }
    EXPECT_EQ(tokens("123456").size(), 1u);
    EXPECT_EQ(tokens_of_term("minsu", true, false).size(), 0u);
    EXPECT_EQ(tokens_of_term("kim minsu", true, true).size(), 0u);
    EXPECT_EQ(tokens_of_term("a kim minsu b", true, true).size(), 2u);
}

TEST(Tokens, OfAnAddressAreThoseOfItsText) {
    EXPECT_EQ(token_of_address(*parse_address("10.16.1.102")), tokens("10.16.1.102").at(0));
    EXPECT_NE(token_of_address(*parse_address("2001:db8::1")),
              token_of_address(*parse_address("2001:db8::2")));
}

TEST(Tokens, OfATermAreInEveryEventThatMatchesIt) {
    // Whatever the matcher finds, the filter must let through.
    std::mt19937_64 random(9);
    const std::vector<std::string> atoms = {"1",  "23", "456",  "7890123", ".",    ":",   "-",
                                            "_",  " ",  "a",    "Bc",      "Z",    "T",   "あ",
                                            "い", "漢", "\xe3", "\x81",    "\x82", "\xff"};
    const auto made = [&](std::size_t atoms_max) {
        std::string text;
        for (std::size_t i = 1 + random() % atoms_max; i > 0; --i)
            text += atoms[random() % atoms.size()];
        return text;
    };
    std::size_t found = 0;
    for (int i = 0; i < 30'000; ++i) {
        const std::string event = made(24);
        const std::size_t begin = random() % event.size();
        Term term{event.substr(begin, 1 + random() % 12), random() % 3 == 0, random() % 3 == 0};
        const bool ignore_case = random() % 2 == 0;
        const TermMatcher matcher(term, ignore_case);
        if (!matcher.found_in(view_of(event))) continue;
        ++found;
        TokenSet set;
        set.add(view_of(event));
        ASSERT_TRUE(has_all(set, matcher.tokens()))
            << to_hex(view_of(event)) << " / " << to_hex(view_of(term.bytes));
    }
    EXPECT_GT(found, 2000u);
}

TEST(Filter, KnowsItsKeysAndFewOthers) {
    std::mt19937_64 random(3);
    for (const std::size_t count : {0u, 1u, 2u, 3u, 4u, 7u, 8u, 63u, 1000u, 9000u, 100'000u}) {
        std::vector<std::uint64_t> keys(count);
        for (auto& key : keys) key = random();
        Bytes bytes;
        FilterBuilder().build(keys, bytes);
        const auto filter = Filter::parse(bytes);
        ASSERT_TRUE(filter) << count;
        for (const std::uint64_t key : keys) ASSERT_TRUE(filter->may_contain(key)) << count;
        std::size_t wrong = 0;
        for (int i = 0; i < 20'000; ++i) wrong += filter->may_contain(random());
        EXPECT_LT(wrong, 20'000u / 256 * 2) << count;
        if (count >= 9000) {
            EXPECT_LT(bytes.size() * 8, count * 21 / 2) << count;
        }
    }
}

TEST(Filter, RefusesAnotherLength) {
    std::vector<std::uint64_t> keys{1, 2, 3, 4, 5};
    Bytes bytes;
    FilterBuilder().build(keys, bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(Filter::parse(ByteView(bytes).first(size)));
    bytes.push_back(0);
    EXPECT_FALSE(Filter::parse(bytes));
}

}  // namespace
}  // namespace daicho::ledger::search
