#include "base/text.hpp"

#include <gtest/gtest.h>

namespace daicho {
namespace {

using namespace std::string_literals;

TEST(IsUtf8, TakesEveryLengthOfSequence) {
    for (const std::string& text : {""s, "abc"s, "é"s, "台帳"s, "𠮷野家"s, "\0"s, "\x7f"s,
                                    "\xF4\x8F\xBF\xBF"s, "\xEE\x80\x80"s, "\xED\x9F\xBF"s}) {
        EXPECT_TRUE(is_utf8(text)) << to_hex(view_of(text));
    }
}

TEST(IsUtf8, RefusesWhatRfc3629Forbids) {
    for (const std::string& text :
         {"\x80"s, "\xC0\x80"s, "\xC1\xBF"s, "\xE0\x9F\xBF"s, "\xED\xA0\x80"s, "\xED\xBF\xBF"s,
          "\xF0\x8F\xBF\xBF"s, "\xF4\x90\x80\x80"s, "\xF5\x80\x80\x80"s, "\xFF"s, "\xE3\x81"s,
          "\xF0\x9F\x98"s, "\xC3("s, "\xE3\x28\xA1"s}) {
        EXPECT_FALSE(is_utf8(text)) << to_hex(view_of(text));
        EXPECT_FALSE(is_utf8("12345678901234567" + text)) << to_hex(view_of(text));
    }
}

TEST(IsUtf8, AgreesWithItselfAtEveryOffsetOfTheFastPath) {
    for (std::size_t before = 0; before < 20; ++before) {
        for (std::size_t after = 0; after < 20; ++after) {
            const std::string head(before, 'a');
            const std::string tail(after, 'z');
            EXPECT_TRUE(is_utf8(head + "帳" + tail));
            EXPECT_FALSE(is_utf8(head + "\xE5\xB8" + tail));
        }
    }
}

TEST(SafeDisplay, LeavesOrdinaryTextAlone) {
    for (const std::string_view text :
         {"plain 123", "令和8年　台帳", "𠮷野家", "葛\U000E0100城", "😀"}) {
        EXPECT_EQ(safe_display(text), text);
    }
}

TEST(SafeDisplay, ShowsControlsAsTheirPictures) {
    EXPECT_EQ(safe_display("a\0b"s), "a␀b");
    EXPECT_EQ(safe_display("\x1b[31mred"), "␛[31mred");
    EXPECT_EQ(safe_display("one\r\ntwo\t\x7f"), "one␍␊two␉␡");
    EXPECT_EQ(safe_display("\xC2\x9B"
                           "31m"),
              "⟦U+009B⟧31m");
}

TEST(SafeDisplay, ShowsWhatWouldTurnOrHideText) {
    EXPECT_EQ(safe_display("user\u202Etxt.exe"), "user⟦U+202E⟧txt.exe");
    EXPECT_EQ(safe_display("ad\u200Bmin"), "ad⟦U+200B⟧min");
    EXPECT_EQ(safe_display("\uFEFFa\u2028b\u00A0c\u2066d\u3164"),
              "⟦U+FEFF⟧a⟦U+2028⟧b⟦U+00A0⟧c⟦U+2066⟧d⟦U+3164⟧");
    EXPECT_EQ(safe_display("\U000E0041"), "⟦U+E0041⟧");
}

TEST(SafeDisplay, ShowsInvalidBytesAndStaysUtf8) {
    EXPECT_EQ(safe_display("\xFF\xE3\x81z"), "⟦FF⟧⟦E3⟧⟦81⟧z");
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
    EXPECT_TRUE(is_utf8(safe_display(all)));
}

TEST(FoldForSearch, JoinsWidthsKanaAndCase) {
    const std::string key = fold_for_search("アラート");
    EXPECT_EQ(fold_for_search("ｱﾗｰﾄ"), key);
    EXPECT_EQ(fold_for_search("あらーと"), key);
    EXPECT_EQ(fold_for_search("ＡＤＭＩＮ"), "admin");
    EXPECT_EQ(fold_for_search("Straße"), "strasse");
    EXPECT_EQ(fold_for_search("ガ"), fold_for_search("ｶﾞ"));
    EXPECT_EQ(fold_for_search("㈱"), "(株)");
    EXPECT_EQ(fold_for_search("ad\u200Bmin"), "admin");
    EXPECT_EQ(fold_for_search("ヴァー"), "ゔぁー");
}

TEST(FoldForSearch, IsItsOwnFixedPointAndAlwaysUtf8) {
    for (const std::string& text : {"Ångström ＫＡＮＡ ヽヾヶ ㍻"s, "\xFFx\xE3"s, "ΑΣ"s, "İı"s}) {
        const std::string once = fold_for_search(text);
        EXPECT_TRUE(is_utf8(once));
        EXPECT_EQ(fold_for_search(once), once);
    }
}

TEST(Nfkc, TurnsCompatibilityFormsIntoPlainOnes) {
    EXPECT_EQ(nfkc("ＡＢＣ１２３"), "ABC123");
    EXPECT_EQ(nfkc("㋿"), "令和");
    EXPECT_EQ(nfkc("plain"), "plain");
    EXPECT_EQ(nfkc("髙"), "髙");
    EXPECT_TRUE(
        is_utf8(nfkc("a\xFF"
                     "b")));
}

TEST(CodePoints, AreCountedAndNeverCut) {
    EXPECT_EQ(code_point_count("a帳𠮷"), 3U);
    EXPECT_EQ(code_point_count("\xFF\xFF"), 2U);
    EXPECT_EQ(utf8_prefix("台帳", 5), "台");
    EXPECT_EQ(utf8_prefix("台帳", 6), "台帳");
    EXPECT_EQ(utf8_prefix("台帳", 2), "");
    EXPECT_EQ(utf8_prefix("a𠮷", 4), "a");
    EXPECT_EQ(utf8_prefix("\x80\x80\x80\x80\x80\x80", 4).size(), 4U);
    EXPECT_EQ(utf8_prefix("abc", 0), "");
}

TEST(Trim, TakesOnlyAsciiBlanks) {
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim("\u3000a"), "\u3000a");
    EXPECT_EQ(trim("   "), "");
}

TEST(Split, KeepsEmptyParts) {
    EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
    EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
    EXPECT_EQ(split(",", ','), (std::vector<std::string_view>{"", ""}));
}

TEST(AsciiLower, TouchesNothingElse) {
    EXPECT_EQ(ascii_lower("AbZ[É"), "abz[É");
    EXPECT_TRUE(equal_ignoring_case("Content-Length", "content-LENGTH"));
    EXPECT_FALSE(equal_ignoring_case("a", "ab"));
    EXPECT_FALSE(equal_ignoring_case("@", "`"));
}

}  // namespace
}  // namespace daicho
