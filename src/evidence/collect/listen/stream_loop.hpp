#pragma once
// One thread that serves all connections of one stream listener (plain TCP, or TLS) with epoll.
//
// Invariants
// 1. A connection whose events the ledger can't take now is not read: the sender feels it through
// TCP, nothing is lost.
// 2. In one round a connection is read at most once and a source at most source_round_bytes_max, so
// that none starves.
// 3. Chunks of a connection reach the ledger in the order of their bytes.
// 4. Whatever was received is submitted, also when a connection ends in the middle; only stopping
// against a ledger that
//    takes nothing loses events, and then a gap is declared with their number.
#include <atomic>
#include <deque>
#include <list>
#include <memory>
#include <unordered_map>

#include "evidence/collect/chunk_maker.hpp"
#include "evidence/collect/listen/channel.hpp"
#include "evidence/collect/listen/context.hpp"

namespace daicho::evidence::collect::listen {

class StreamLoop {
public:
    /// `tls` null: plain TCP. Throws IoFault where the system has no descriptors left.
    StreamLoop(const Context& context, Fd listener, const crypto::tls::ServerContext* tls);
    ~StreamLoop();
    StreamLoop(const StreamLoop&) = delete;
    StreamLoop& operator=(const StreamLoop&) = delete;

    /// Serves until stop(), then drains. Runs in its own thread.
    void run();
    /// From any thread; returns at once.
    void stop() noexcept;
    [[nodiscard]] std::uint16_t port() const { return port_of(listener_); }

private:
    struct Source {
        SourceIdentity who;
        std::uint64_t revision = 0;
        std::uint64_t round = 0;
        std::size_t round_bytes = 0;
        std::size_t connections = 0;
    };
    struct Connection;
    using Connections = std::list<std::unique_ptr<Connection>>;

    void accept_some();
    [[nodiscard]] bool admit(const std::string& address);
    void give_up_a_handshake();
    void serve(Connection& connection);
    [[nodiscard]] bool shake_hands(Connection& connection);
    void identify(Connection& connection);
    void read_once(Connection& connection);
    void take(Connection& connection, std::vector<FrameBatch>& batches);
    void hand_over(Connection& connection);
    void pause(Connection& connection);
    void end(Connection& connection, bool failed);
    void remove(Connection& connection);
    void retry_paused();
    void serve_again();
    void sweep();
    void watch(Connection& connection, std::uint32_t events);
    void refused(const std::string& address, std::string_view reason);
    void drain();
    void declare_lost(Connection& connection);
    void refresh(Source& source);

    Context context_;
    Fd listener_;
    const crypto::tls::ServerContext* tls_;
    Fd epoll_;
    Fd wake_;
    Fd reserve_;  // given up to accept and close a connection when no descriptor is left
    std::atomic<bool> stopping_{false};
    HeldBudget budget_;
    ChunkMaker maker_;
    Bytes scratch_;
    std::vector<FrameBatch> batches_;
    Connections connections_;
    std::unordered_map<std::string, Source> sources_;
    std::unordered_map<std::string, std::size_t> per_address_;
    std::vector<Connection*> paused_;
    std::vector<Connection*> again_;  // have bytes that epoll doesn't know of
    std::vector<Connection*> ended_;  // to be removed at the end of the round
    std::size_t handshakes_ = 0;
    std::uint64_t round_ = 0;
    std::int64_t now_ns_ = 0;
    std::int64_t swept_ns_ = 0;
};

}  // namespace daicho::evidence::collect::listen
