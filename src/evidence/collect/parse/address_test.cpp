#include "evidence/collect/parse/address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace daicho::evidence::collect::parse {
namespace {

TEST(AddressText, both_families_are_read_and_written) {
    for (const char* text : {"192.0.2.7", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "::1",
                             "fe80::1:2", "1:2:3:4:5:6:7:8"}) {
        const auto read = address(text);
        ASSERT_TRUE(read.has_value()) << text;
        EXPECT_EQ(text_of_address(*read), text);
    }
    EXPECT_EQ(address("[2001:db8::1]"), address("2001:db8::1"));
    EXPECT_EQ(address("fe80::1%eth0"), address("fe80::1"));
    EXPECT_EQ(address("::ffff:192.0.2.7"), address("192.0.2.7"));
}

TEST(AddressText, what_only_looks_like_an_address_is_none) {
    for (const char* text :
         {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1..2.3", "host", ":",
          ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::1",
          "1:2:3:4:5:6:7:", "::1.2.3", "1.2.3.1000"}) {
        EXPECT_FALSE(address(text).has_value()) << text;
    }
}

TEST(AddressText, it_agrees_with_the_c_library_on_random_text) {
    std::mt19937 random(7);
    constexpr std::string_view letters = "0123456789abcf::::..";
    for (int i = 0; i < 200'000; ++i) {
        std::string text;
        for (auto size = 2 + random() % 22; size > 0; --size)
            text += letters[random() % letters.size()];
        ledger::search::Address wanted{};
        bool valid = ::inet_pton(AF_INET6, text.c_str(), wanted.data()) == 1;
        if (!valid && ::inet_pton(AF_INET, text.c_str(), wanted.data() + 12) == 1) {
            wanted[10] = wanted[11] = 0xff;
            valid = true;
        }
        const auto read = address(text);
        ASSERT_EQ(read.has_value(), valid) << text;
        if (valid) {
            ASSERT_EQ(*read, wanted) << text;
        }
    }
}

}  // namespace
}  // namespace daicho::evidence::collect::parse
