#pragma once
// What a received event is to the ledger before it has a sequence number, and the numbers of the
// ledger format that say how it came.
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace daicho::ledger {

/// How the bytes arrived. Values are part of the ledger format: never renumber.
enum class Transport : std::uint8_t { internal = 0, tls = 1, tcp = 2, udp = 3, file = 4 };
/// How one event was told from the next. `line` is low-trust: a sender can forge a line end inside
/// a message.
enum class Framing : std::uint8_t { whole = 0, octet_counted = 1, line = 2, datagram = 3 };

/// Bits of Item::flags and of the envelope. Values are part of the ledger format.
namespace event_flag {
inline constexpr std::uint16_t truncated =
    1 << 0;  // the sender stopped in the middle, or the rest was cut
inline constexpr std::uint16_t oversize =
    1 << 1;  // longer than event_size_max: true_length says how long
inline constexpr std::uint16_t invalid_utf8 = 1 << 2;
inline constexpr std::uint16_t unauthenticated = 1 << 3;  // the source id is only an address
inline constexpr std::uint16_t unregistered = 1 << 4;     // nobody has registered this source
inline constexpr std::uint16_t clock_skew =
    1 << 5;  // the time in the message is far from the receive time
inline constexpr std::uint16_t framing_error = 1 << 6;  // a count that lied, mixed framing
inline constexpr std::uint16_t all = (1 << 7) - 1;
}  // namespace event_flag

/// Longer events are cut to this and flagged (RFC 5424 receivers must take 480 octets, should take
/// 2048).
inline constexpr std::size_t event_size_max = std::size_t{16} << 20;
inline constexpr std::size_t source_id_size_max = 255;
inline constexpr std::size_t chunk_items_max = 65536;

/// Where one event lies in Chunk::data.
struct Item {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    std::uint16_t flags = 0;
    std::uint64_t true_length = 0;  // as sent; equals `length` unless cut
};

/// Events of ONE source that were received at one moment, in order of arrival. Moved, never copied.
struct Chunk {
    /// Authenticated identity, or an address: `tls:<hex SHA-256 of SPKI>`, `tcp:192.0.2.7`,
    /// `udp:…`, `import:NAME`, `daicho`.
    std::string source;
    std::string retention_class = "log";
    Transport transport = Transport::internal;
    Framing framing = Framing::whole;
    WallNs wall_ns = 0;  // receive time; 0 = the ledger stamps it on submit
    std::int64_t monotonic_ns = 0;
    Bytes data;
    std::vector<Item> items;  // ascending, not overlapping; bytes between items are dropped
};

}  // namespace daicho::ledger
