#pragma once
// Sockets with an owner, and the addresses of peers as text.
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "base/fd.hpp"
#include "evidence/collect/listen/options.hpp"

namespace daicho::evidence::collect::listen {

using daicho::Fd;

/// Bound (and listening, for a stream), non-blocking. Errc::conflict when the port is taken,
/// Errc::denied without the right to it, Errc::invalid for an address that isn't this machine's.
[[nodiscard]] Result<Fd> listening_stream(const Endpoint& at);
[[nodiscard]] Result<Fd> bound_datagram(const Endpoint& at, int receive_buffer_bytes);
[[nodiscard]] std::uint16_t port_of(const Fd& socket);
/// "192.0.2.7" also where the kernel says ::ffff:192.0.2.7.
[[nodiscard]] std::string peer_text(const sockaddr_storage& peer);
/// Finds peers that vanished without a word: within about five minutes.
void keep_alive(const Fd& socket);

}  // namespace daicho::evidence::collect::listen
