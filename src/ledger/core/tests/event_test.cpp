#include "ledger/core/event.hpp"

#include <gtest/gtest.h>

#include "ledger/core/tests/sample.hpp"

namespace daicho::ledger::core {
namespace {

Envelope envelope() {
    Envelope out;
    out.seq = 0x0102030405060708;
    out.wall_ns = sample::moment;
    out.monotonic_ns = 77;
    out.source = 3;
    out.transport = Transport::udp;
    out.framing = Framing::datagram;
    out.flags = event_flag::unauthenticated | event_flag::invalid_utf8;
    out.raw_length = 5;
    out.true_length = 9;
    return out;
}

TEST(Envelope, has_the_bytes_that_the_format_gives_it) {
    EXPECT_EQ(to_hex(encode(envelope())),
              "01"  // version
              "03"
              "03"
              "00"  // transport, framing, reserved
              "000c"
              "0003"              // flags, source
              "0102030405060708"  // seq
              "18ea34ee67450000"  // wall
              "000000000000004d"  // monotonic
              "00000005"          // raw length
              "0000000000000009");
}

TEST(Envelope, comes_back_as_it_was) {
    const auto bytes = encode(envelope());
    const Result<Envelope> read = decode_envelope(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, envelope());
}

TEST(Envelope, refuses_what_no_writer_makes) {
    const auto good = encode(envelope());
    const auto refuses = [&](std::size_t at, std::uint8_t value) {
        auto bytes = good;
        bytes[at] = value;
        return !decode_envelope(bytes);
    };
    EXPECT_TRUE(refuses(0, 2));      // a version to come
    EXPECT_TRUE(refuses(1, 5));      // a transport
    EXPECT_TRUE(refuses(2, 4));      // a framing
    EXPECT_TRUE(refuses(3, 1));      // the reserved byte
    EXPECT_TRUE(refuses(5, 0x80));   // a flag
    EXPECT_TRUE(refuses(32, 0x02));  // longer than an event may be
    EXPECT_TRUE(refuses(43, 4));     // shorter as sent than as kept
    EXPECT_FALSE(decode_envelope(ByteView(good).first(envelope_size - 1)));
    Bytes longer(good.begin(), good.end());
    longer.push_back(0);
    EXPECT_FALSE(decode_envelope(longer));
}

TEST(EventCommitment, is_the_leaf_hash_of_salt_envelope_and_bytes) {
    const Salt salt{1, 2, 3};
    const Bytes raw = to_bytes("hello");
    Bytes message(salt.begin(), salt.end());
    const auto head = encode(envelope());
    message.insert(message.end(), head.begin(), head.end());
    message.insert(message.end(), raw.begin(), raw.end());
    EXPECT_EQ(event_commitment(salt, envelope(), raw), crypto::hash_leaf(message));
}

TEST(EventCommitment, changes_with_each_of_its_parts) {
    const Bytes raw = to_bytes("hello");
    const crypto::Digest base = event_commitment(Salt{}, envelope(), raw);
    Envelope later = envelope();
    ++later.wall_ns;
    EXPECT_NE(event_commitment(Salt{1}, envelope(), raw), base);
    EXPECT_NE(event_commitment(Salt{}, later, raw), base);
    EXPECT_NE(event_commitment(Salt{}, envelope(), to_bytes("hellp")), base);
}

}  // namespace
}  // namespace daicho::ledger::core
