#include "evidence/collect/listen/stream_loop.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

#include "base/fault.hpp"
#include "evidence/collect/listen/stream_connection.hpp"

namespace daicho::evidence::collect::listen {
namespace {

constexpr int quiet_wait_ms = 1000;  // time-outs are looked at this often

}  // namespace

StreamLoop::StreamLoop(const Context& context, Fd listener, const crypto::tls::ServerContext* tls)
    : context_(context),
      listener_(std::move(listener)),
      tls_(tls),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      reserve_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      budget_(context.options.limits.held_bytes_max),
      maker_(context.options.zone),
      scratch_(context.options.limits.round_bytes_max) {
    if (!epoll_.open() || !wake_.open() || !reserve_.open())
        throw IoFault("preparing a listener", errno);
    for (const int fd : {listener_.get(), wake_.get()}) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 =
            static_cast<std::uint64_t>(fd) << 1 | 1;  // odd: no pointer to a connection
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
            throw IoFault("watching a listener", errno);
    }
}

StreamLoop::~StreamLoop() = default;

void StreamLoop::stop() noexcept {
    stopping_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

void StreamLoop::run() {
    std::array<epoll_event, 256> events;
    while (!stopping_) {
        const int wait_ms = !again_.empty()    ? 0
                            : !paused_.empty() ? paused_retry_ms
                                               : quiet_wait_ms;
        const int count =
            ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_ms);
        if (count < 0 && errno != EINTR) throw IoFault("waiting for connections", errno);
        ++round_;
        now_ns_ = context_.clock.monotonic_ns();
        retry_paused();
        serve_again();
        for (int i = 0; i < count; ++i) {
            const std::uint64_t what = events[static_cast<std::size_t>(i)].data.u64;
            if ((what & 1) == 0) {  // pointers are even
                serve(*reinterpret_cast<Connection*>(what));
            } else if (static_cast<int>(what >> 1) == listener_.get()) {
                accept_some();
            }
        }
        if (now_ns_ - swept_ns_ >= second_ns) sweep();
        for (Connection* connection : ended_) remove(*connection);
        ended_.clear();
    }
    drain();
}

/// With 0 it is taken out: epoll would report the end of a connection that nobody reads again and
/// again.
void StreamLoop::watch(Connection& connection, std::uint32_t events) {
    if (connection.watched == events) return;
    epoll_event event{};
    event.events = events;
    event.data.u64 = reinterpret_cast<std::uint64_t>(&connection);
    const int operation = events == 0               ? EPOLL_CTL_DEL
                          : connection.watched == 0 ? EPOLL_CTL_ADD
                                                    : EPOLL_CTL_MOD;
    if (::epoll_ctl(epoll_.get(), operation, connection.fd.get(), &event) != 0) {
        throw IoFault("watching a connection", errno);
    }
    connection.watched = events;
}

void StreamLoop::refused(const std::string& address, std::string_view reason) {
    if (context_.options.refused) context_.options.refused(address, reason);
}

bool StreamLoop::admit(const std::string& address) {
    const Limits& limits = context_.options.limits;
    if (connections_.size() >= limits.connections_max) {
        ++context_.counters.refused_full;
        refused(address, "connections_max");
        return false;
    }
    const auto found = per_address_.find(address);
    if (found != per_address_.end() && found->second >= limits.connections_per_address_max) {
        ++context_.counters.refused_per_address;
        refused(address, "connections_per_address_max");
        return false;
    }
    if (tls_ != nullptr && handshakes_ >= limits.handshakes_max) give_up_a_handshake();
    return true;
}

/// The one that takes longest gives way: else whoever begins many and ends none keeps every sender
/// with a certificate out.
void StreamLoop::give_up_a_handshake() {
    const auto oldest = std::ranges::find_if(
        connections_, [](const auto& one) { return !one->shaken && !one->over; });
    check(oldest != connections_.end(), "handshakes that go on are those of connections");
    ++context_.counters.refused_full;
    refused((*oldest)->address, "handshakes_max");
    end(**oldest, true);
}

void StreamLoop::accept_some() {
    constexpr int accepted_per_round_max = 64;  // a storm of connections must not stop reading
    for (int i = 0; i < accepted_per_round_max; ++i) {
        sockaddr_storage peer{};
        socklen_t size = sizeof peer;
        Fd fd(::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&peer), &size,
                        SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!fd.open()) {
            if (errno != EMFILE && errno != ENFILE) return;  // none left, or it went away again
            // Without a descriptor the connection would wait for ever and wake us each time: let it
            // in and out.
            reserve_.reset();
            Fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)).reset();
            reserve_ = Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
            ++context_.counters.refused_full;
            refused("", "descriptors");
            return;
        }
        const std::string address = peer_text(peer);
        if (!admit(address)) continue;
        keep_alive(fd);
        const int raw = fd.get();
        auto channel = tls_ == nullptr ? plain_channel(raw) : tls_channel(*tls_, raw);
        auto& made = connections_.emplace_back(
            std::make_unique<Connection>(std::move(fd), std::move(channel), address, budget_));
        made->self = std::prev(connections_.end());
        made->last_byte_ns = now_ns_;
        ++per_address_[address];
        ++context_.counters.accepted;
        ++context_.counters.open;
        if (tls_ == nullptr) {
            identify(*made);
        } else {
            ++handshakes_;
        }
        watch(*made, EPOLLIN);
    }
}

void StreamLoop::refresh(Source& source) {
    const std::uint64_t revision = context_.registry.revision();
    if (source.revision == revision) return;
    const SourceRecord record = context_.registry.find(source.who.source);
    source.who.registered = record.registered;
    source.who.retention_class = record.retention_class;
    source.revision = revision;
}

/// RFC 5425 section 5.2: the key, not the name in the certificate and not the host in the message,
/// says who it is.
void StreamLoop::identify(Connection& connection) {
    const auto key = connection.channel->peer_key();
    const std::string name = key               ? "tls:" + key->hex()
                             : tls_ != nullptr ? "tls-anon:" + connection.address
                                               : "tcp:" + connection.address;
    Source& source = sources_[name];
    if (source.connections++ == 0) {
        source.who.source = name;
        source.who.transport = tls_ != nullptr ? ledger::Transport::tls : ledger::Transport::tcp;
        source.who.authenticated = key.has_value();
        source.revision = context_.registry.revision() + 1;  // any other than the present one
        refresh(source);
    }
    connection.source = &source;
    connection.shaken = true;
    context_.board.connection_opened(name, source.who.transport, source.who.registered);
}

bool StreamLoop::shake_hands(Connection& connection) {
    if (connection.shaken) return true;
    switch (connection.channel->handshake()) {
        case Progress::bytes:
            --handshakes_;
            identify(connection);
            watch(connection, EPOLLIN);
            return true;
        case Progress::nothing_now:
            watch(connection, connection.channel->wants_write() ? EPOLLOUT : EPOLLIN);
            return false;
        case Progress::ended:
        case Progress::failed:
            break;
    }
    ++context_.counters.tls_failed;
    refused(connection.address, connection.channel->error());
    end(connection, true);
    return false;
}

void StreamLoop::serve(Connection& connection) {
    if (connection.over || connection.paused) return;
    if (shake_hands(connection)) read_once(connection);
}

void StreamLoop::read_once(Connection& connection) {
    const Limits& limits = context_.options.limits;
    Source& source = *connection.source;
    if (source.round != round_) {
        source.round = round_;
        source.round_bytes = 0;
        refresh(source);
    }
    const std::size_t allowed = std::min(
        limits.round_bytes_max, limits.source_round_bytes_max -
                                    std::min(source.round_bytes, limits.source_round_bytes_max));
    ReadResult result{Progress::nothing_now, 0, true};
    if (allowed > 0) result = connection.channel->read(std::span(scratch_).first(allowed));
    if (result.more_waiting && !connection.again) {
        connection.again = true;
        again_.push_back(&connection);
    }
    if (result.bytes > 0) {
        source.round_bytes += result.bytes;
        connection.last_byte_ns = now_ns_;
        batches_.clear();
        connection.splitter.feed(ByteView(scratch_).first(result.bytes), batches_);
        take(connection, batches_);
    }
    if (result.progress == Progress::ended || result.progress == Progress::failed) {
        end(connection, result.progress == Progress::failed);
    } else if (!connection.paused) {
        watch(connection, connection.channel->wants_write() ? EPOLLOUT : EPOLLIN);
    }
}

void StreamLoop::take(Connection& connection, std::vector<FrameBatch>& batches) {
    const WallNs wall_ns = context_.clock.wall_ns();
    const std::int64_t monotonic_ns = context_.clock.monotonic_ns();
    for (FrameBatch& batch : batches) {
        if (batch.empty() && batch.framing_errors == 0) continue;
        auto& [chunk, stats] = connection.pending.emplace_back();
        chunk = maker_.make(std::move(batch), connection.source->who, wall_ns, monotonic_ns, stats);
    }
    hand_over(connection);
}

/// Submits what is pending, in order, as far as the ledger takes it.
void StreamLoop::hand_over(Connection& connection) {
    while (!connection.pending.empty()) {
        auto& [chunk, stats] = connection.pending.front();
        if (!chunk.items.empty()) {
            const auto ticket = context_.intake.submit(chunk);
            if (!ticket && ticket.error().code == Errc::unavailable) return pause(connection);
            check(ticket.has_value(), "a chunk made here breaks no rule of the ledger");
        }
        context_.board.record(connection.source->who.source, stats);
        connection.pending.pop_front();
    }
}

void StreamLoop::pause(Connection& connection) {
    if (connection.paused) return;
    ++context_.counters.pauses;
    watch(connection, 0);
    connection.paused = true;
    paused_.push_back(&connection);
}

void StreamLoop::retry_paused() {
    std::vector<Connection*> paused;
    paused.swap(paused_);
    for (Connection* connection : paused) {
        connection->paused = false;
        hand_over(*connection);
        if (connection->paused) continue;
        if (connection->over) {
            ended_.push_back(connection);
            continue;
        }
        watch(*connection, EPOLLIN);
        if (!connection->again) {  // a TLS stream may hold bytes that epoll doesn't know of
            connection->again = true;
            again_.push_back(connection);
        }
    }
}

void StreamLoop::serve_again() {
    std::vector<Connection*> again;
    again.swap(again_);
    for (Connection* connection : again) {
        connection->again = false;
        serve(*connection);
    }
}

/// The connection is over: its half event becomes one, and it goes once everything is handed over.
void StreamLoop::end(Connection& connection, bool failed) {
    if (connection.over) return;
    connection.over = true;
    if (connection.shaken) {
        batches_.clear();
        connection.splitter.close(batches_);
        take(connection, batches_);
    } else {
        --handshakes_;
    }
    if (!failed) connection.channel->finish();
    watch(connection, 0);
    if (!connection.paused) ended_.push_back(&connection);  // else it is kept for what is pending
}

void StreamLoop::remove(Connection& connection) {
    if (connection.removed) return;
    connection.removed = true;
    std::erase(again_, &connection);
    std::erase(paused_, &connection);
    if (connection.source != nullptr) {
        const std::string name = connection.source->who.source;
        context_.board.connection_closed(name);
        if (--connection.source->connections == 0) sources_.erase(name);
    }
    const auto found = per_address_.find(connection.address);
    if (found != per_address_.end() && --found->second == 0) per_address_.erase(found);
    --context_.counters.open;
    connections_.erase(connection.self);
}

}  // namespace daicho::evidence::collect::listen
