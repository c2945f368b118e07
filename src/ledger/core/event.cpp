#include "ledger/core/event.hpp"

#include <algorithm>

namespace daicho::ledger::core {
namespace {

constexpr std::uint8_t envelope_version = 1;

void put(std::uint8_t*& at, std::uint64_t value, unsigned width) noexcept {
    for (unsigned i = width; i-- > 0;) *at++ = static_cast<std::uint8_t>(value >> (8 * i));
}

}  // namespace

std::array<std::uint8_t, envelope_size> encode(const Envelope& envelope) noexcept {
    std::array<std::uint8_t, envelope_size> out{};
    std::uint8_t* at = out.data();
    put(at, envelope_version, 1);
    put(at, static_cast<std::uint8_t>(envelope.transport), 1);
    put(at, static_cast<std::uint8_t>(envelope.framing), 1);
    put(at, 0, 1);
    put(at, envelope.flags, 2);
    put(at, envelope.source, 2);
    put(at, envelope.seq, 8);
    put(at, static_cast<std::uint64_t>(envelope.wall_ns), 8);
    put(at, static_cast<std::uint64_t>(envelope.monotonic_ns), 8);
    put(at, envelope.raw_length, 4);
    put(at, envelope.true_length, 8);
    return out;
}

Result<Envelope> decode_envelope(ByteView bytes) {
    ByteReader in(bytes);
    Envelope out;
    const std::uint8_t version = in.u8();
    const std::uint8_t transport = in.u8();
    const std::uint8_t framing = in.u8();
    const std::uint8_t reserved = in.u8();
    out.flags = in.u16();
    out.source = in.u16();
    out.seq = in.u64();
    out.wall_ns = static_cast<WallNs>(in.u64());
    out.monotonic_ns = static_cast<std::int64_t>(in.u64());
    out.raw_length = in.u32();
    out.true_length = in.u64();
    if (!in.done() || version != envelope_version || reserved != 0) {
        return fail(Errc::invalid, "not an envelope of a known version");
    }
    if (transport > static_cast<std::uint8_t>(Transport::file) ||
        framing > static_cast<std::uint8_t>(Framing::datagram) ||
        (out.flags & ~event_flag::all) != 0 || out.raw_length > event_size_max ||
        out.true_length < out.raw_length) {
        return fail(Errc::invalid, "an envelope field is out of range");
    }
    out.transport = static_cast<Transport>(transport);
    out.framing = static_cast<Framing>(framing);
    return out;
}

crypto::Digest event_commitment(const Salt& salt, const Envelope& envelope, ByteView raw) {
    constexpr std::array<std::uint8_t, 1> tag{0x00};
    const auto encoded = encode(envelope);
    return crypto::sha256({ByteView(tag), ByteView(salt), ByteView(encoded), raw});
}

void CommitmentLanes::add(std::size_t position, ByteView salt, const Envelope& envelope,
                          ByteView raw) {
    Head& head = heads_[waiting_];
    head[0] = 0x00;
    std::copy_n(salt.begin(), salt_size, head.begin() + 1);
    const auto encoded = encode(envelope);
    std::copy(encoded.begin(), encoded.end(), head.begin() + 1 + salt_size);
    messages_[waiting_] = {ByteView(head), raw, {}, {}};
    positions_[waiting_] = position;
    if (++waiting_ == waiting_max) flush();
}

void CommitmentLanes::flush() {
    crypto::sha256_many(std::span(messages_).first(waiting_), std::span(digests_).first(waiting_));
    for (std::size_t i = 0; i < waiting_; ++i) commitments_[positions_[i]] = digests_[i];
    waiting_ = 0;
}

}  // namespace daicho::ledger::core
