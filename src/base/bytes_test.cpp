#include "base/bytes.hpp"

#include <gtest/gtest.h>

namespace daicho {
namespace {

TEST(Hex, GoesThereAndBack) {
    const Bytes bytes{0x00, 0x7f, 0x80, 0xff};
    EXPECT_EQ(to_hex(bytes), "007f80ff");
    EXPECT_EQ(from_hex("007F80ff").value(), bytes);
    EXPECT_EQ(to_hex({}), "");
    EXPECT_TRUE(from_hex("").value().empty());
}

TEST(Hex, RefusesOddLengthsAndOtherCharacters) {
    for (const std::string_view text : {"0", "0g", " 0", "0x", "é0"}) {
        const Result<Bytes> read = from_hex(text);
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_EQ(read.error().code, Errc::invalid);
    }
}

TEST(Base64, GivesTheVectorsOfRfc4648Section10) {
    const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                     {"f", "Zg=="},
                                                                     {"fo", "Zm8="},
                                                                     {"foo", "Zm9v"},
                                                                     {"foob", "Zm9vYg=="},
                                                                     {"fooba", "Zm9vYmE="},
                                                                     {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        EXPECT_EQ(to_base64(view_of(plain)), encoded);
        EXPECT_EQ(from_base64(encoded).value(), to_bytes(plain));
    }
}

TEST(Base64, OfUrlsHasItsOwnAlphabetAndNoPadding) {
    const Bytes bytes{0xfb, 0xff, 0xfe, 0xff};
    EXPECT_EQ(to_base64(bytes), "+//+/w==");
    EXPECT_EQ(to_base64url(bytes), "-__-_w");
    EXPECT_EQ(from_base64url("-__-_w").value(), bytes);
    EXPECT_FALSE(from_base64url("+//+/w").has_value());
}

TEST(Base64, RefusesEverySecondFormOfOneValue) {
    for (const std::string_view text :
         {"Zg=", "Zg", "Zg===", "Zh==", "Zm9=", "Zm9v\n", "Z g=", "=Zg=", "Zg==Zg==", "===="}) {
        EXPECT_FALSE(from_base64(text).has_value()) << text;
    }
    EXPECT_FALSE(from_base64url("Z").has_value());
    EXPECT_FALSE(from_base64url("Zh").has_value());
}

TEST(ByteWriter, IsReadBackByByteReader) {
    Bytes bytes;
    ByteWriter writer(bytes);
    writer.u8(1);
    writer.u16(0x0203);
    writer.u32(0x04050607);
    writer.u64(0x08090a0b0c0d0e0f);
    writer.text16("台帳");
    writer.varint(300);
    writer.raw(Bytes{9, 9});
    EXPECT_EQ(to_hex(ByteView(bytes).first(15)), "0102030405060708090a0b0c0d0e0f");

    ByteReader reader(bytes);
    EXPECT_EQ(reader.u8(), 1);
    EXPECT_EQ(reader.u16(), 0x0203);
    EXPECT_EQ(reader.u32(), 0x04050607U);
    EXPECT_EQ(reader.u64(), 0x08090a0b0c0d0e0fU);
    EXPECT_EQ(reader.text16(), "台帳");
    EXPECT_EQ(reader.varint(), 300U);
    EXPECT_EQ(reader.array<2>(), (std::array<std::uint8_t, 2>{9, 9}));
    EXPECT_TRUE(reader.done());
}

TEST(ByteReader, StaysFailedAfterReadingPastTheEnd) {
    const Bytes bytes{1, 2, 3};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.u32(), 0U);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.u8(), 0);
    EXPECT_TRUE(reader.raw(1).empty());
    EXPECT_EQ(reader.left(), 0U);
    EXPECT_FALSE(reader.done());
}

TEST(ByteReader, TakesALengthThatLiesForAFailureNotForMemory) {
    const Bytes bytes{0xff, 0xff, 'a'};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.text16(), "");
    EXPECT_FALSE(reader.ok());
    ByteReader huge(bytes);
    EXPECT_TRUE(huge.raw(SIZE_MAX).empty());
    EXPECT_FALSE(huge.ok());
}

TEST(Varint, HasOneFormForEveryValue) {
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                      std::uint64_t{16383}, std::uint64_t{1} << 63, UINT64_MAX}) {
        Bytes bytes;
        ByteWriter(bytes).varint(value);
        ByteReader reader(bytes);
        EXPECT_EQ(reader.varint(), value);
        EXPECT_TRUE(reader.done());
    }
    for (const Bytes& bad : {Bytes{0x80, 0x00}, Bytes{0xff}, Bytes(10, 0xff),
                             Bytes{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}}) {
        ByteReader reader(bad);
        (void)reader.varint();
        EXPECT_FALSE(reader.ok()) << to_hex(bad);
    }
}

}  // namespace
}  // namespace daicho
