#pragma once
// For tests: what a sender does, blocking and simple.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "crypto/tls/stream.hpp"
#include "evidence/collect/listen/socket.hpp"

namespace daicho::evidence::collect::listen {

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

inline Fd connected(std::uint16_t port, int type = SOCK_STREAM) {
    Fd fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
    const sockaddr_in at = loopback(port);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return {};
    return fd;
}

/// False when the peer does not take it within `wait_ms`; how much was sent is in `sent`.
inline bool send_all(const Fd& fd, std::string_view bytes, int wait_ms, std::size_t& sent) {
    sent = 0;
    while (sent < bytes.size()) {
        pollfd one{fd.get(), POLLOUT, 0};
        if (::poll(&one, 1, wait_ms) != 1) return false;
        const ssize_t part =
            ::send(fd.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (part < 0 && errno != EAGAIN) return false;
        if (part > 0) sent += static_cast<std::size_t>(part);
    }
    return true;
}
inline bool send_all(const Fd& fd, std::string_view bytes) {
    std::size_t sent = 0;
    return send_all(fd, bytes, 10'000, sent);
}

/// Bytes that came within the time; nullopt-like -1 is: still open and silent. 0: closed.
inline ssize_t receive_within(const Fd& fd, int wait_ms) {
    pollfd one{fd.get(), POLLIN, 0};
    if (::poll(&one, 1, wait_ms) != 1) return -1;
    char buffer[256];
    const ssize_t got = ::recv(fd.get(), buffer, sizeof buffer, 0);
    return got < 0 ? 0 : got;
}

/// Polls until it holds or the time is over; says which.
inline bool eventually(const std::function<bool()>& holds, int wait_ms = 20'000) {
    for (int waited = 0; waited < wait_ms; waited += 5) {
        if (holds()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return holds();
}

/// Drives one operation of a TLS stream on a blocking-like wait; the state it ended with.
inline crypto::tls::Io drive(int fd, const std::function<crypto::tls::Io()>& step,
                             int wait_ms = 5000) {
    while (true) {
        const crypto::tls::Io state = step();
        if (state != crypto::tls::Io::wants_read && state != crypto::tls::Io::wants_write)
            return state;
        pollfd one{fd, static_cast<short>(state == crypto::tls::Io::wants_read ? POLLIN : POLLOUT),
                   0};
        if (::poll(&one, 1, wait_ms) != 1) return crypto::tls::Io::failed;
    }
}

}  // namespace daicho::evidence::collect::listen
