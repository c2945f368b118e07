#include "evidence/collect/listen/server.hpp"

#include "base/fault.hpp"

namespace daicho::evidence::collect::listen {

SyslogServer::SyslogServer(Options options, ledger::Intake& intake, SourceBoard& board,
                           const SourceRegistry& registry, const Clock& clock,
                           const crypto::tls::ServerContext* tls)
    : options_(std::move(options)),
      context_{options_, intake, board, registry, clock, counters_},
      tls_context_(tls) {}

SyslogServer::~SyslogServer() {
    stop();
}

Status SyslogServer::start() {
    check(threads_.empty(), "a server is started once");
    check(!options_.tls || tls_context_ != nullptr, "TLS needs a certificate");
    Fd tcp;
    Fd tls;
    Fd udp;
    if (options_.tcp) {
        auto bound = listening_stream(*options_.tcp);
        if (!bound) return fail(bound.error());
        tcp = std::move(*bound);
    }
    if (options_.tls) {
        auto bound = listening_stream(*options_.tls);
        if (!bound) return fail(bound.error());
        tls = std::move(*bound);
    }
    if (options_.udp) {
        auto bound = bound_datagram(*options_.udp, options_.limits.udp_receive_buffer_bytes);
        if (!bound) return fail(bound.error());
        udp = std::move(*bound);
    }
    tcp_port_ = tcp.open() ? port_of(tcp) : std::uint16_t{0};
    tls_port_ = tls.open() ? port_of(tls) : std::uint16_t{0};
    udp_port_ = udp.open() ? port_of(udp) : std::uint16_t{0};
    if (tcp.open()) tcp_ = std::make_unique<StreamLoop>(context_, std::move(tcp), nullptr);
    if (tls.open()) tls_ = std::make_unique<StreamLoop>(context_, std::move(tls), tls_context_);
    if (udp.open()) udp_ = std::make_unique<UdpLoop>(context_, std::move(udp));
    if (tcp_) launch(*tcp_);
    if (tls_) launch(*tls_);
    if (udp_) launch(*udp_);
    return {};
}

template <typename Loop>
void SyslogServer::launch(Loop& loop) {
    threads_.emplace_back([this, &loop] {
        try {
            loop.run();
        } catch (const Fault& fault) {
            // The thread's end must not be the process's: the rest of daicho goes on and shows it.
            const MutexLock lock(mutex_);
            fault_ = fault.what();
        }
    });
}

void SyslogServer::stop() {
    if (tcp_) tcp_->stop();
    if (tls_) tls_->stop();
    if (udp_) udp_->stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

std::string SyslogServer::fault() const {
    const MutexLock lock(mutex_);
    return fault_;
}

}  // namespace daicho::evidence::collect::listen
