#include "evidence/collect/listen/socket.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/fault.hpp"
#include "evidence/collect/parse/text.hpp"

namespace daicho::evidence::collect::listen {
namespace {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

Result<SocketAddress> resolve(const Endpoint& at) {
    SocketAddress out;
    auto* const v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
    auto* const v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
    if (::inet_pton(AF_INET, at.address.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(at.port);
        out.size = sizeof(sockaddr_in);
        return out;
    }
    if (::inet_pton(AF_INET6, at.address.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(at.port);
        out.size = sizeof(sockaddr_in6);
        return out;
    }
    return fail(Errc::invalid, "not an IP address to listen on: " + at.address);
}

Result<Fd> bound(const Endpoint& at, int type) {
    const auto address = resolve(at);
    if (!address) return fail(address.error());
    Fd fd(::socket(address->storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.open()) throw IoFault("making a socket", errno);
    const int on = 1;
    // Without this a restart would have to wait for old connections to time out.
    if (type == SOCK_STREAM) (void)::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address->storage), address->size) == 0)
        return fd;
    const std::string where = at.address + " port " + std::to_string(at.port);
    if (errno == EADDRINUSE) return fail(Errc::conflict, "already in use: " + where);
    if (errno == EACCES) return fail(Errc::denied, "no right to listen on " + where);
    return fail(Errc::invalid, "cannot listen on " + where + ": " + std::strerror(errno));
}

}  // namespace

Result<Endpoint> endpoint_of(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    const std::uint16_t port =
        colon == std::string_view::npos ? 0 : parse::port_number(text.substr(colon + 1));
    if (port == 0 && (colon == std::string_view::npos || text.substr(colon + 1) != "0")) {
        return fail(Errc::invalid, "expected ADDRESS:PORT");
    }
    std::string_view address = text.substr(0, colon);
    if (address.size() > 2 && address.front() == '[' && address.back() == ']')
        address = address.substr(1, address.size() - 2);
    Endpoint out{std::string(address), port};
    const auto resolved = resolve(out);
    if (!resolved) return fail(resolved.error());
    return out;
}

Result<Fd> listening_stream(const Endpoint& at) {
    auto fd = bound(at, SOCK_STREAM);
    if (!fd) return fd;
    constexpr int backlog = 4096;  // the kernel cuts it to its own limit
    if (::listen(fd->get(), backlog) != 0) throw IoFault("listening", errno);
    return fd;
}

Result<Fd> bound_datagram(const Endpoint& at, int receive_buffer_bytes) {
    auto fd = bound(at, SOCK_DGRAM);
    if (!fd) return fd;
    // The first needs a privilege; the second is cut to the system's limit.
    if (::setsockopt(fd->get(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer_bytes,
                     sizeof receive_buffer_bytes) != 0) {
        (void)::setsockopt(fd->get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                           sizeof receive_buffer_bytes);
    }
    return fd;
}

std::uint16_t port_of(const Fd& socket) {
    sockaddr_storage at{};
    socklen_t size = sizeof at;
    if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&at), &size) != 0) return 0;
    return ntohs(at.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&at)->sin6_port
                                          : reinterpret_cast<const sockaddr_in*>(&at)->sin_port);
}

std::string peer_text(const sockaddr_storage& peer) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (peer.ss_family == AF_INET) {
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&peer)->sin_addr, text.data(),
                    text.size());
    } else if (peer.ss_family == AF_INET6) {
        const in6_addr& address = reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&address)) {
            ::inet_ntop(AF_INET, address.s6_addr + 12, text.data(), text.size());
        } else {
            ::inet_ntop(AF_INET6, &address, text.data(), text.size());
        }
    }
    return text.data();
}

void keep_alive(const Fd& socket) {
    const int on = 1;
    const int idle_s = 120;
    const int interval_s = 30;
    const int probes = 6;
    (void)::setsockopt(socket.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
    (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

}  // namespace daicho::evidence::collect::listen
