#include "crypto/secret.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <set>
#include <type_traits>

#include "crypto/random.hpp"

namespace daicho::crypto {
namespace {

template <typename T>
concept Comparable = requires(const T& a, const T& b) { a == b; };
template <typename T>
concept Printable = requires(std::ostream& out, const T& a) { out << a; };

static_assert(!std::is_copy_constructible_v<SecretBytes> &&
              !std::is_copy_assignable_v<SecretBytes>);
static_assert(!std::is_copy_constructible_v<Key32> && !std::is_copy_assignable_v<Key32>);
static_assert(!Comparable<SecretBytes> && !Comparable<Key32>);
static_assert(!Printable<SecretBytes> && !Printable<Key32>);

TEST(SecretBytes, MoveAndLeaveNothingBehind) {
    SecretBytes a = SecretBytes::copy_of(view_of("example"));
    SecretBytes b = std::move(a);
    EXPECT_TRUE(a.empty());  // NOLINT: what a moved-from secret is, is the contract
    EXPECT_EQ(text_of(b.view()), "example");
    SecretBytes c(3);
    c = std::move(b);
    EXPECT_EQ(c.size(), 7U);
    c = c.clone();
    EXPECT_EQ(text_of(c.view()), "example");
    EXPECT_EQ(SecretBytes(4).view().back(), 0);
    EXPECT_TRUE(SecretBytes(0).empty());
}

TEST(Key32, IsWipedWhenItEnds) {
    alignas(Key32) std::array<std::uint8_t, sizeof(Key32)> place;
    place.fill(0);
    auto* key = ::new (place.data()) Key32(random_key());
    EXPECT_NE(place, (std::array<std::uint8_t, sizeof(Key32)>{}));
    key->~Key32();
    EXPECT_EQ(place, (std::array<std::uint8_t, sizeof(Key32)>{}));
}

TEST(Key32, IsWipedWhenMovedFrom) {
    Key32 a = random_key();
    const Key32 copy = a.clone();
    Key32 b = std::move(a);
    const Key32 zero;
    EXPECT_TRUE(equal_constant_time(a.view(), zero.view()));  // NOLINT: the contract again
    EXPECT_TRUE(equal_constant_time(b.view(), copy.view()));
    Key32 c;
    c = std::move(b);
    EXPECT_TRUE(equal_constant_time(b.view(), zero.view()));  // NOLINT
    EXPECT_TRUE(equal_constant_time(c.view(), copy.view()));
}

TEST(Key32, HasExactly32Bytes) {
    EXPECT_TRUE(Key32::from(Bytes(32)).has_value());
    for (const std::size_t size : {0U, 31U, 33U})
        EXPECT_FALSE(Key32::from(Bytes(size)).has_value());
}

TEST(EqualConstantTime, ComparesSizeAndEveryByte) {
    const Bytes a{1, 2, 3};
    EXPECT_TRUE(equal_constant_time(a, Bytes{1, 2, 3}));
    EXPECT_FALSE(equal_constant_time(a, Bytes{1, 2, 4}));
    EXPECT_FALSE(equal_constant_time(a, Bytes{0, 2, 3}));
    EXPECT_FALSE(equal_constant_time(a, Bytes{1, 2}));
    EXPECT_TRUE(equal_constant_time({}, {}));
}

TEST(Random, FillsEveryByteAndNeverRepeats) {
    std::array<int, 64> zeros{};
    std::set<std::array<std::uint8_t, 64>> seen;
    for (int i = 0; i < 64; ++i) {
        const auto bytes = random_bytes<64>();
        EXPECT_TRUE(seen.insert(bytes).second);
        for (std::size_t k = 0; k < bytes.size(); ++k) zeros[k] += bytes[k] == 0 ? 1 : 0;
    }
    // A byte never filled would be zero 64 times; by chance, 16 times has a probability below
    // 10^-22.
    for (const int count : zeros) EXPECT_LT(count, 16);
    std::vector<std::uint8_t> large(1 << 20);
    random_fill(large);
    EXPECT_NE(large[large.size() - 1] | large[large.size() - 2] | large[large.size() - 3], 0);
    random_fill({});
}

}  // namespace
}  // namespace daicho::crypto
