#include "ledger/core/block.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

namespace daicho::ledger::core {
namespace {

/// Events over lines that it owns.
struct Input {
    std::vector<Bytes> lines;
    std::vector<BlockEvent> events;
    std::vector<std::string> sources{"tcp:192.0.2.7", "daicho"};

    void add(std::string_view line) { lines.push_back(to_bytes(line)); }
    void finish() {
        events.clear();
        for (std::size_t i = 0; i < lines.size(); ++i) {
            BlockEvent event;
            event.seq = 1000 + i * 3;
            event.wall_ns =
                1'772'600'000'000'000'000 + static_cast<std::int64_t>(i / 4) * 1'000'003;
            event.monotonic_ns = 77 + static_cast<std::int64_t>(i / 4) * 1'000'003;
            event.source = static_cast<std::uint16_t>(i % 2);
            event.transport = i % 2 == 0 ? Transport::tcp : Transport::internal;
            event.framing = i % 2 == 0 ? Framing::octet_counted : Framing::whole;
            event.flags = i % 5 == 0 ? event_flag::all : event_flag::unauthenticated;
            event.true_length = lines[i].size() + (i % 7 == 0 ? i : 0);
            event.raw = lines[i];
            events.push_back(event);
        }
    }
};

void expect_equal(const BlockEvent& a, const BlockEvent& b) {
    EXPECT_EQ(a.seq, b.seq);
    EXPECT_EQ(a.wall_ns, b.wall_ns);
    EXPECT_EQ(a.monotonic_ns, b.monotonic_ns);
    EXPECT_EQ(a.source, b.source);
    EXPECT_EQ(a.transport, b.transport);
    EXPECT_EQ(a.framing, b.framing);
    EXPECT_EQ(a.flags, b.flags);
    EXPECT_EQ(a.true_length, b.true_length);
    EXPECT_EQ(text_of(a.raw), text_of(b.raw));
}

void expect_round_trip(const Input& input) {
    const auto packed = encode_block(input.events, input.sources);
    ASSERT_TRUE(packed) << packed.error().message;
    const auto block = decode_block(*packed);
    ASSERT_TRUE(block) << block.error().message;
    EXPECT_EQ(block->sources(), input.sources);
    ASSERT_EQ(block->size(), input.events.size());
    for (std::size_t i = 0; i < input.events.size(); ++i) {
        expect_equal(block->event(i), input.events[i]);
        EXPECT_EQ(block->find(input.events[i].seq), i);
        EXPECT_EQ(block->find(input.events[i].seq + 1), std::nullopt);
    }
}

void expect_round_trip(std::initializer_list<std::string_view> lines) {
    Input input;
    for (const std::string_view line : lines) input.add(line);
    input.finish();
    expect_round_trip(input);
}

TEST(Block, GivesBackOrdinaryLines) {
    expect_round_trip(
        {"<86>1 2026-03-05T17:27:52.490662Z app-03 sshd 59100 - - Failed password for root from "
         "10.16.1.102 port 61585 ssh2",
         "<4>1 2026-03-05T12:32:57.526772Z fw-02 kernel - - - [390777.526772] IN=eth0 OUT= "
         "MAC=52:54:00:ba:7a:11:52:54:00:9c:01:02:08:00 SRC=45.1.12.186 DST=10.1.3.222 LEN=1445",
         "<190>1 2026-03-05T00:21:46.898815Z web-04 nginx - - - 45.0.27.129 - - "
         "[05/Mar/2026:00:21:46 +0000] \"GET /cart/708953 HTTP/1.1\" 200 32391 \"-\" "
         "\"curl/8.5.0\" rt=0.6",
         "Mar  3 13:32:21 host su[77]: pam_unix(su:auth): authentication failure",
         "{\"time\":\"2026-03-05T00:21:46.898+09:00\",\"user\":\"山田 "
         "太郎\",\"n\":12,\"f\":0.0125}"});
}

TEST(Block, GivesBackWhatOnlyLooksLikeNumbersAndTimes) {
    expect_round_trip({"",
                       "0",
                       "00",
                       "000000000000000000000000000000001",
                       "18446744073709551616",
                       "999999999999999999",
                       "1000000000000000000",
                       "1.2.3.4",
                       "01.2.3.4",
                       "1.2.3.256",
                       "1.2.3.4.5",
                       "1.2.3",
                       "1..2",
                       "300.1.1.1:80",
                       "2026-02-30T00:00:00Z",
                       "2026-02-28T24:00:00Z",
                       "2026-02-28T23:59:60Z",
                       "2026-02-28T23:59:59.",
                       "2026-02-28T23:59:59.1234567890Z",
                       "2024-02-29T00:00:00.000000Z",
                       "1969-12-31T23:59:59Z",
                       "9999-12-31T23:59:59.999999999Z",
                       "2242-03-16T12:56:31.999999999Z",
                       "2242-03-16T12:56:32Z"});
    expect_round_trip({"Mar  3 13:32:21",
                       "Mar 03 13:32:21",
                       "Mar 31 23:59:59 x",
                       "Feb 30 00:00:00",
                       "Mar 32 00:00:00",
                       "Mar  0 00:00:00",
                       "mar  3 13:32:21",
                       "<13>Dec 25 01:02:03 a",
                       "<13",
                       "<",
                       "<>",
                       "<12345>1 a",
                       "\"",
                       "\"\"",
                       "=\"",
                       "a=\"b",
                       "a=\"\" b=\"1\"",
                       "a=\"x\\\"y\" c",
                       "\"k\":\"v\"",
                       ":\"\"\"\"",
                       "0x1F",
                       "deadbeef",
                       "dead0beef",
                       "DEAD0BEEF",
                       "12ab",
                       "12abg",
                       "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7",
                       "00:11:22:33:44:55",
                       "00:11:22:33:44:5",
                       "00:11:22:33:44:55:",
                       "00:11:22:33:44:55x",
                       "0:11:22:33:44:55",
                       "AA:11:22:33:44:55:66:77:88:99:00:11:22"});
}

TEST(Block, GivesBackTimesThatReferToTheStamp) {
    const std::string stamp = "<1>1 2026-03-05T12:32:57.526772Z ";
    for (const char* rest : {"526772",
                             ".526772",
                             ".526",
                             ".52",
                             ".5267720",
                             "[390777.526772]",
                             "[390777.526773]",
                             "audit(1772713977.526:33210)",
                             "1772713977",
                             "1772713978",
                             "1772627577",
                             "1772800377",
                             "[05/Mar/2026:12:32:57 +0000]",
                             "[05/Mar/2026:21:32:57 +0900]",
                             "[31/Feb/2026:21:32:57 +0900]",
                             "[05/Mar/9999:21:32:57]",
                             "[05/mar/2026:12:32:57",
                             "05/Mar/1969:12:32:57",
                             "2026-03-05T12:32:57.526772Z again",
                             "00000.526772",
                             "1.526772",
                             "12345678901.526772"}) {
        expect_round_trip({stamp + rest, stamp + rest});
    }
    // Without a stamp, and with one that has no fraction.
    expect_round_trip(
        {".526772 [05/Mar/2026:12:32:57 +0000] 1772713977", "2026-03-05T12:32:57Z a.5 1.526772"});
}

TEST(Block, GivesBackAnyBytes) {
    std::mt19937_64 random(1);
    Input input;
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    input.add(all);
    for (unsigned c = 0; c < 32; ++c)
        input.add(std::string(3, static_cast<char>(c)) + "12 \"x1\" " + all.substr(c, 40));
    for (int i = 0; i < 400; ++i) {
        std::string line(random() % 300, ' ');
        for (char& c : line) c = static_cast<char>(random());
        input.add(line);
    }
    // Mostly what the tokeniser looks for.
    constexpr std::string_view alphabet = "0123456789abcdef.:-/T\"= <>Z\n\tMar";
    for (int i = 0; i < 4000; ++i) {
        std::string line(random() % 60, ' ');
        for (char& c : line) c = alphabet[random() % alphabet.size()];
        input.add(line);
    }
    input.finish();
    expect_round_trip(input);
}

TEST(Block, GivesBackLinesAtTheSizesWhereTreatmentChanges) {
    Input input;
    for (const std::size_t size :
         {63u, 64u, 65u, 127u, 128u, 129u, 16383u, 16384u, 16385u, 70000u}) {
        input.add(std::string(size, 'x'));
        input.add(std::string(size, '7'));
        std::string mixed(size, ' ');
        for (std::size_t i = 0; i < size; ++i) mixed[i] = i % 3 == 0 ? '5' : ',';
        input.add(mixed);
        for (std::size_t i = 0; i < size; ++i) mixed[i] = i % 4 == 1 ? '"' : i % 4 == 0 ? '=' : '1';
        input.add(mixed);
    }
    input.finish();
    expect_round_trip(input);
}

TEST(Block, GivesBackMoreTemplatesThanItWillKeep) {
    Input input;
    for (unsigned i = 0; i < 30'000; ++i) {
        std::string word;
        for (unsigned n = i + 1; n > 0; n /= 26) word += static_cast<char>('a' + n % 26);
        input.add(word + " said=\"" + word + " 12\" 34");
    }
    input.finish();
    expect_round_trip(input);
}

TEST(Block, GivesBackAnEventOfTheLargestSizeAndOneThatIsEmpty) {
    Input input;
    input.add(std::string(event_size_max, '\0'));
    input.add("");
    input.add(std::string(1 << 20, 'a'));
    input.finish();
    expect_round_trip(input);
}

TEST(Block, GivesBackExtremeEnvelopes) {
    Input input;
    input.add("a");
    input.add("b");
    input.finish();
    input.events[0].seq = 0;
    input.events[0].wall_ns = std::numeric_limits<std::int64_t>::min();
    input.events[0].monotonic_ns = std::numeric_limits<std::int64_t>::max();
    input.events[0].true_length = std::numeric_limits<std::uint64_t>::max();
    input.events[1].seq = std::numeric_limits<std::uint64_t>::max();
    input.events[1].wall_ns = std::numeric_limits<std::int64_t>::max();
    input.events[1].monotonic_ns = std::numeric_limits<std::int64_t>::min();
    const auto packed = encode_block(input.events, input.sources);
    ASSERT_TRUE(packed);
    const auto block = decode_block(*packed);
    ASSERT_TRUE(block);
    for (std::size_t i = 0; i < 2; ++i) expect_equal(block->event(i), input.events[i]);
}

TEST(Block, RefusesInputThatBreaksItsRules) {
    Input input;
    input.add("a");
    input.add("b");
    input.finish();
    EXPECT_EQ(encode_block({}, input.sources).error().code, Errc::invalid);
    Input equal = input;
    equal.finish();
    equal.events[1].seq = equal.events[0].seq;
    EXPECT_EQ(encode_block(equal.events, equal.sources).error().code, Errc::invalid);
    Input foreign = input;
    foreign.finish();
    foreign.events[1].source = 2;
    EXPECT_EQ(encode_block(foreign.events, foreign.sources).error().code, Errc::invalid);
    Input shorter = input;
    shorter.finish();
    shorter.events[1].true_length = 0;
    EXPECT_EQ(encode_block(shorter.events, shorter.sources).error().code, Errc::invalid);
    Input named = input;
    named.finish();
    named.sources[0] = std::string(source_id_size_max + 1, 's');
    EXPECT_EQ(encode_block(named.events, named.sources).error().code, Errc::invalid);
    const std::vector<BlockEvent> many(block_events_max + 1);
    EXPECT_EQ(encode_block(many, input.sources).error().code, Errc::too_large);
}

TEST(Block, DependsOnItsInputAlone) {
    Input first;
    Input second;
    for (int i = 0; i < 500; ++i)
        first.add("user=" + std::to_string(i) + " \"q" + std::to_string(i) + "\"");
    for (int i = 0; i < 300; ++i)
        second.add("other " + std::to_string(i * 7) + " 10.0.0." + std::to_string(i));
    first.finish();
    second.finish();
    BlockEncoder kept;
    ASSERT_TRUE(kept.encode(first.events, first.sources));
    EXPECT_EQ(*kept.encode(second.events, second.sources),
              *encode_block(second.events, second.sources));
    EXPECT_EQ(*kept.encode(first.events, first.sources),
              *encode_block(first.events, first.sources));
}

Bytes small_block() {
    Input input;
    for (int i = 0; i < 40; ++i) {
        input.add("<13>1 2026-03-05T12:32:57.52677" + std::to_string(i % 10) +
                  "Z h a - - - from 10.0.0." + std::to_string(i) + " n=" + std::to_string(i * i) +
                  " u=\"u" + std::to_string(i % 3) + "\"");
    }
    input.add(std::string_view("raw\0bytes", 9));
    input.finish();
    return *encode_block(input.events, input.sources);
}

TEST(Block, RefusesEveryTruncationAndAnyByteBehindItsEnd) {
    Bytes packed = small_block();
    for (std::size_t size = 0; size < packed.size(); ++size) {
        EXPECT_FALSE(decode_block(ByteView(packed).first(size))) << size;
    }
    packed.push_back(0);
    EXPECT_FALSE(decode_block(packed));
}

TEST(Block, SurvivesEveryFlippedBit) {
    Bytes packed = small_block();
    for (std::size_t at = 0; at < packed.size(); ++at) {
        for (unsigned flip = 1; flip < 256; flip *= 2) {
            packed[at] ^= static_cast<std::uint8_t>(flip);
            const auto block = decode_block(packed);
            if (block) {
                EXPECT_LE(block->raw().size(), block_raw_bytes_max);
                EXPECT_EQ(block->offset(block->size()), block->raw().size());
            }
            packed[at] ^= static_cast<std::uint8_t>(flip);
        }
    }
}

TEST(Block, GivesOnlyTheRowsThatAreWanted) {
    const Bytes packed = small_block();
    const Block whole = *decode_block(packed);
    std::mt19937_64 random(6);
    for (int round = 0; round < 20; ++round) {
        std::vector<std::uint8_t> wanted(random() % 50);
        for (auto& row : wanted) row = random() % 4 == 0 ? 1 : 0;
        const auto some = decode_rows(packed, wanted);
        ASSERT_TRUE(some);
        ASSERT_EQ(some->size(), whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i) {
            EXPECT_EQ(some->event(i).seq, whole.event(i).seq);
            const bool is_wanted = i < wanted.size() && wanted[i] != 0;
            EXPECT_EQ(text_of(some->event(i).raw), is_wanted ? text_of(whole.event(i).raw) : "");
        }
    }
}

TEST(Block, RefusesToExpandBeyondTheReadersLimits) {
    const Bytes packed = small_block();
    EXPECT_EQ(decode_block(packed, {.events_max = 40, .raw_bytes_max = 1 << 20}).error().code,
              Errc::too_large);
    EXPECT_EQ(decode_block(packed, {.events_max = 100, .raw_bytes_max = 1000}).error().code,
              Errc::too_large);
}

TEST(Block, PacksRealLogsTighterThanZstd) {
    const std::filesystem::path data(DAICHO_SOURCE_DIR "/../shared/data/loghub");
    if (!std::filesystem::exists(data)) GTEST_SKIP() << "no real logs here";
    for (const char* name : {"OpenSSH_2k.log", "Linux_2k.log", "Apache_2k.log"}) {
        std::ifstream file(data / name, std::ios::binary);
        Input input;
        std::string line;
        std::string whole;
        while (std::getline(file, line)) {
            input.add(line);
            whole += line;
        }
        ASSERT_FALSE(input.lines.empty()) << name;
        input.finish();
        for (std::size_t i = 0; i < input.events.size(); ++i) {
            input.events[i].source = 0;
            input.events[i].true_length = input.lines[i].size();
            input.events[i].transport = Transport::file;
            input.events[i].framing = Framing::line;
            input.events[i].flags = 0;
        }
        expect_round_trip(input);
        Bytes packed(ZSTD_compressBound(whole.size()));
        const std::size_t peer =
            ZSTD_compress(packed.data(), packed.size(), whole.data(), whole.size(), 3);
        EXPECT_LT(encode_block(input.events, input.sources)->size(), peer) << name;
    }
}

}  // namespace
}  // namespace daicho::ledger::core
