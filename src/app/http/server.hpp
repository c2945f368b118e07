#pragma once
// HTTPS: one thread of coroutines does all network work, a bounded pool runs the handlers.
//
// A connection is either waiting (handshake, between or within requests) or busy (a handler runs,
// an answer is being written). When all places are taken the connection that has waited longest
// gives way to the newcomer, so whoever holds many connections open without asking anything shuts
// nobody out.
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "app/http/gate.hpp"
#include "app/http/limits.hpp"
#include "app/http/message.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "crypto/tls/x509.hpp"

namespace daicho::app::http {

struct ServerSettings {
    std::string address = "127.0.0.1";  // IPv4 or IPv6, without brackets
    std::uint16_t port = 8443;          // 0: any free one, see port()
    crypto::tls::Identity identity;
    HostNames hosts;
    unsigned workers = workers_default;
    std::size_t queue_max = http::queue_max;
    std::size_t connections_max = http::connections_max;
    Timeouts timeouts;
};

/// Since the start; exact.
struct ServerCounters {
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> evicted{0};      // gave way to a newcomer
    std::atomic<std::uint64_t> turned_away{0};  // all places busy
    std::atomic<std::uint64_t> refused{0};      // by the gate
    std::atomic<std::uint64_t> overloaded{0};   // answered 503 because the queue was full
};

class Server {
public:
    /// Binds and listens, so that port() is known and a taken port is found here
    /// (Errc::unavailable). Errc::invalid for a bad address or identity. `application`, `clock`
    /// must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<Server>> create(ServerSettings settings,
                                                                Application& application,
                                                                const Clock& clock,
                                                                std::shared_ptr<Log> log);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] const ServerCounters& counters() const noexcept;
    /// Serves on the calling thread until stop(). Requests being worked on are finished, at most
    /// Timeouts::grace long.
    void run();
    /// Thread-safe, returns at once; not for a signal handler.
    void stop();

private:
    class Core;
    explicit Server(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace daicho::app::http
