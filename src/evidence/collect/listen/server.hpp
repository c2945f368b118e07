#pragma once
// The syslog listeners of daicho: TCP, TLS (RFC 5425) and UDP, each in a thread of its own.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "evidence/collect/listen/context.hpp"
#include "evidence/collect/listen/stream_loop.hpp"
#include "evidence/collect/listen/udp_loop.hpp"

namespace daicho::evidence::collect::listen {

/// start() and stop() are called by one thread; the rest is thread-safe. What it is given must
/// outlive it.
class SyslogServer {
public:
    /// `tls` may be null when options.tls is empty. Client certificates are required or optional as
    /// `tls` was made.
    SyslogServer(Options options, ledger::Intake& intake, SourceBoard& board,
                 const SourceRegistry& registry, const Clock& clock,
                 const crypto::tls::ServerContext* tls);
    /// stop()s.
    ~SyslogServer();
    SyslogServer(const SyslogServer&) = delete;
    SyslogServer& operator=(const SyslogServer&) = delete;

    /// Binds all endpoints, then receives; on failure nothing runs. Errc::conflict: a port is in
    /// use.
    [[nodiscard]] Status start();
    /// No new events; returns when what was received is in the ledger's queue or declared lost
    /// (Limits::stop_ns).
    void stop();

    /// 0 when there is no such listener.
    [[nodiscard]] std::uint16_t tcp_port() const noexcept { return tcp_port_; }
    [[nodiscard]] std::uint16_t tls_port() const noexcept { return tls_port_; }
    [[nodiscard]] std::uint16_t udp_port() const noexcept { return udp_port_; }
    [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
    /// Why a listener's thread ended by itself (a fault of the system); empty while all is well.
    [[nodiscard]] std::string fault() const;

private:
    template <typename Loop>
    void launch(Loop& loop);

    Options options_;
    Counters counters_;
    Context context_;
    const crypto::tls::ServerContext* tls_context_;
    std::unique_ptr<StreamLoop> tcp_;
    std::unique_ptr<StreamLoop> tls_;
    std::unique_ptr<UdpLoop> udp_;
    std::uint16_t tcp_port_ = 0;
    std::uint16_t tls_port_ = 0;
    std::uint16_t udp_port_ = 0;
    std::vector<std::thread> threads_;
    mutable Mutex mutex_;
    std::string fault_ DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::evidence::collect::listen
