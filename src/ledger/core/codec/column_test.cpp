#include "ledger/core/codec/column.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <random>

namespace daicho::ledger::core::codec {
namespace {

using Values = std::vector<std::uint64_t>;

Bytes encoded(const Values& values, Shape shape = Shape::number) {
    Bytes out;
    ColumnEncoder().encode(values, shape, out);
    return out;
}

void expect_round_trip(const Values& values, Shape shape = Shape::number) {
    const Bytes bytes = encoded(values, shape);
    Values back;
    const auto used = ColumnDecoder().decode(bytes, values.size(), back);
    ASSERT_TRUE(used) << used.error().message;
    EXPECT_EQ(*used, bytes.size());
    EXPECT_EQ(back, values);
}

Values made(std::size_t count, const std::function<std::uint64_t(std::size_t)>& value_of) {
    Values values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = value_of(i);
    return values;
}

TEST(Column, GivesBackConstantsRunsStepsAndNoise) {
    std::mt19937_64 random(7);
    const std::uint64_t top = std::numeric_limits<std::uint64_t>::max();
    for (const std::size_t count : {1u, 2u, 3u, 11u, 12u, 13u, 100u, 4099u}) {
        expect_round_trip(made(count, [](std::size_t) { return 0; }));
        expect_round_trip(made(count, [&](std::size_t) { return top; }));
        expect_round_trip(made(count, [&](std::size_t i) { return i % 2 == 0 ? 0 : top; }));
        expect_round_trip(made(count, [](std::size_t i) { return i / 40; }));
        expect_round_trip(
            made(count, [](std::size_t i) { return 1'700'000'000'000'000 + i * 977; }));
        expect_round_trip(made(count, [&](std::size_t) { return random(); }));
        expect_round_trip(made(count, [&](std::size_t) { return random() >> (random() % 64); }));
        expect_round_trip(made(count, [&](std::size_t) { return random() % 7; }));
        expect_round_trip(made(count, [&](std::size_t i) { return i % 97 == 0 ? random() : 5; }));
        expect_round_trip(made(count, [&](std::size_t) { return 0x0a000000 | random() % 65536; }),
                          Shape::bytes);
        expect_round_trip(made(count, [&](std::size_t) { return random(); }), Shape::bytes);
    }
}

TEST(Column, GivesBackAVeryUnevenAlphabet) {
    // Counts like Fibonacci numbers make the longest codes; the length limit must bite.
    Values values;
    std::uint64_t a = 1;
    std::uint64_t b = 1;
    for (std::uint64_t symbol = 0; symbol < 22; ++symbol) {
        values.insert(values.end(), a, symbol * 1000);
        const std::uint64_t next = a + b;
        a = b;
        b = next;
    }
    std::shuffle(values.begin(), values.end(), std::mt19937_64(3));
    expect_round_trip(values);
}

TEST(Column, TakesTheFullAlphabetOfADictionary) {
    std::mt19937_64 random(11);
    expect_round_trip(
        made(20'000, [&](std::size_t) { return random() % symbols_max * 1'000'003; }));
    expect_round_trip(
        made(20'000, [&](std::size_t) { return random() % (symbols_max + 1) * 1'000'003; }));
}

TEST(Column, StoresEvenNumbersInNoMoreThanTheirBits) {
    std::mt19937_64 random(5);
    const Values values = made(4000, [&](std::size_t) { return 1000 + random() % 60'000; });
    EXPECT_LE(encoded(values).size(), 4000 * 2 + 8);
    EXPECT_LE(encoded(made(4000, [](std::size_t i) { return i * 3; })).size(), 8u);
}

TEST(Column, RefusesEveryTruncation) {
    std::mt19937_64 random(2);
    for (const Values& values :
         {made(300, [&](std::size_t) { return random() % 9; }),
          made(300, [&](std::size_t) { return random() >> (random() % 60); }),
          made(300, [](std::size_t i) { return i / 30; })}) {
        const Bytes bytes = encoded(values);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            Values back;
            EXPECT_FALSE(ColumnDecoder().decode(ByteView(bytes).first(size), values.size(), back))
                << size;
        }
    }
}

TEST(Column, SurvivesEveryFlippedByte) {
    std::mt19937_64 random(4);
    for (const Values& values :
         {made(200, [&](std::size_t) { return random() % 9; }),
          made(200, [&](std::size_t) { return random() >> (random() % 60); }),
          made(200, [](std::size_t i) { return i / 30; })}) {
        Bytes bytes = encoded(values);
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            for (unsigned flip = 1; flip < 256; flip *= 2) {
                bytes[at] ^= static_cast<std::uint8_t>(flip);
                Values back;
                const auto used = ColumnDecoder().decode(bytes, values.size(), back);
                if (used) {
                    EXPECT_LE(*used, bytes.size());
                }
                bytes[at] ^= static_cast<std::uint8_t>(flip);
            }
        }
    }
}

}  // namespace
}  // namespace daicho::ledger::core::codec
