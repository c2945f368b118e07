#include "crypto/crc32c.hpp"

#include <gtest/gtest.h>

#include "crypto/random.hpp"

namespace daicho::crypto {
namespace {

TEST(Crc32c, GivesTheCheckValueAndRfc3720AppendixB4) {
    EXPECT_EQ(crc32c(view_of("123456789")), 0xE3069283U);
    EXPECT_EQ(crc32c(Bytes(32, 0x00)), 0x8A9136AAU);
    EXPECT_EQ(crc32c(Bytes(32, 0xFF)), 0x62A8AB43U);
    Bytes rising;
    for (int i = 0; i < 32; ++i) rising.push_back(static_cast<std::uint8_t>(i));
    EXPECT_EQ(crc32c(rising), 0x46DD794EU);
    EXPECT_EQ(crc32c({}), 0U);
}

TEST(Crc32c, IsTheSameByTableAndByInstruction) {
    Bytes bytes(2000);
    random_fill(bytes);
    for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 50) {
        for (std::size_t offset = 0; offset < 9; ++offset) {
            if (offset + size > bytes.size()) continue;
            const ByteView part = ByteView(bytes).subspan(offset, size);
            ASSERT_EQ(crc32c(part, 77), detail::crc32c_by_table(part, 77)) << size << "+" << offset;
        }
    }
}

TEST(Crc32c, GoesOnFromWhatCameBefore) {
    Bytes bytes(300);
    random_fill(bytes);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        const ByteView all(bytes);
        ASSERT_EQ(crc32c(all.subspan(cut), crc32c(all.first(cut))), crc32c(all));
    }
}

TEST(Crc32c, ChangesWithEverySingleBit) {
    Bytes bytes(64, 0x33);
    const std::uint32_t whole = crc32c(bytes);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
        bytes[bit / 8] ^= mask;
        ASSERT_NE(crc32c(bytes), whole);
        bytes[bit / 8] ^= mask;
    }
}

}  // namespace
}  // namespace daicho::crypto
