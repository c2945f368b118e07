#pragma once
// Where to listen and how much one sender may take. Every limit has a name and a reason.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "evidence/collect/parse/time.hpp"

namespace daicho::evidence::collect::listen {

struct Endpoint {
    std::string address = "0.0.0.0";  // IPv4 or IPv6, no names: a listener must not depend on DNS
    std::uint16_t port = 0;           // 0: any free one
};
/// "127.0.0.1:514", "[::]:6514".
[[nodiscard]] Result<Endpoint> endpoint_of(std::string_view text);

struct Limits {
    /// All connections of one listener. Each holds about 1 KiB when idle, at most 8 KiB beyond the
    /// shared budget.
    std::size_t connections_max = 10'000;
    /// From one address: many devices may stand behind one router, but one must not fill the table.
    std::size_t connections_per_address_max = 1'000;
    /// Read from one connection before the next has its turn; also the largest chunk of a stream.
    std::size_t round_bytes_max = std::size_t{256} << 10;
    /// Read from all connections of one source in a round.
    std::size_t source_round_bytes_max = std::size_t{1} << 20;
    /// Unfinished events of all connections of a listener.
    std::size_t held_bytes_max = std::size_t{64} << 20;
    /// A quiet connection is normal for syslog, and closing it costs the sender's next event: a
    /// day. Dead peers are found by keep-alive.
    std::int64_t idle_ns = 24 * hour_ns;
    /// An event begun must go on: this long without a byte of it ends the connection (slow loris).
    std::int64_t partial_ns = 5 * minute_ns;
    std::int64_t handshake_ns = 10 * second_ns;
    /// Handshakes that may go on at once: each costs milliseconds of the thread that also reads.
    std::size_t handshakes_max = 256;
    /// UDP: received but not yet taken by the ledger. Beyond it datagrams are dropped, counted
    /// exactly.
    std::size_t udp_pending_bytes_max = std::size_t{16} << 20;
    /// UDP: the kernel's buffer; the first to overflow, so as large as the system lets it be.
    int udp_receive_buffer_bytes = 16 << 20;
    /// When stopping: what was received is handed over within this time, the rest is declared lost.
    std::int64_t stop_ns = 5 * second_ns;
};

struct Options {
    std::optional<Endpoint> tcp;
    std::optional<Endpoint> tls;
    std::optional<Endpoint> udp;
    Limits limits;
    parse::ZoneRule zone = parse::fixed_zone(9 * 3600);
    /// A connection was turned away: by its limits or because TLS failed. Called from a listener's
    /// thread, must not block. `reason` is a fixed word or OpenSSL's text, nothing the peer wrote.
    std::function<void(std::string_view peer, std::string_view reason)> refused;
};

}  // namespace daicho::evidence::collect::listen
