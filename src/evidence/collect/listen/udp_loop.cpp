#include "evidence/collect/listen/udp_loop.hpp"

#include <linux/sock_diag.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/fault.hpp"

namespace daicho::evidence::collect::listen {
namespace {

constexpr int retry_ms = 10;    // while the ledger is full
constexpr int quiet_ms = 1000;  // drops in the kernel are looked at this often when nothing arrives
/// Addresses remembered; a forger can invent any number, so the table is emptied when full.
constexpr std::size_t senders_max = 65'536;
/// Gaps that wait, by source; more sources than this share one.
constexpr std::size_t gaps_max = 4'096;

/// Address bytes as key: the port is of no meaning for who sends.
std::string key_of(const sockaddr_storage& peer) {
    if (peer.ss_family == AF_INET6) {
        const auto& address = reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_addr;
        return {reinterpret_cast<const char*>(&address), sizeof address};
    }
    const auto& address = reinterpret_cast<const sockaddr_in*>(&peer)->sin_addr;
    return {reinterpret_cast<const char*>(&address), sizeof address};
}

}  // namespace

UdpLoop::UdpLoop(const Context& context, Fd socket)
    : context_(context),
      socket_(std::move(socket)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      maker_(context.options.zone) {
    if (!wake_.open()) throw IoFault("preparing the UDP listener", errno);
    prepare();
}

void UdpLoop::prepare() {
    buffer_ = std::make_unique_for_overwrite<std::uint8_t[]>(batch_size * datagram_size_max);
    headers_.resize(batch_size);
    vectors_.resize(batch_size);
    peers_.resize(batch_size);
    for (std::size_t i = 0; i < batch_size; ++i) {
        vectors_[i] = {buffer_.get() + i * datagram_size_max, datagram_size_max};
        headers_[i] = {};
        headers_[i].msg_hdr.msg_name = &peers_[i];
        headers_[i].msg_hdr.msg_namelen = sizeof peers_[i];
        headers_[i].msg_hdr.msg_iov = &vectors_[i];
        headers_[i].msg_hdr.msg_iovlen = 1;
    }
}

void UdpLoop::stop() noexcept {
    stopping_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

UdpLoop::Sender& UdpLoop::sender_of(const sockaddr_storage& peer) {
    const std::string key = key_of(peer);  // at most 16 bytes: in the string itself, no allocation
    auto found = senders_.find(key);
    if (found == senders_.end()) {
        found = senders_.emplace(key, Sender{}).first;
        Sender& made = found->second;
        made.who.source = "udp:" + peer_text(peer);
        made.who.transport = ledger::Transport::udp;
        made.revision = context_.registry.revision() + 1;
    }
    Sender& sender = found->second;
    const std::uint64_t revision = context_.registry.revision();
    if (sender.revision != revision) {
        const SourceRecord record = context_.registry.find(sender.who.source);
        sender.who.registered = record.registered;
        sender.who.retention_class = record.retention_class;
        sender.revision = revision;
    }
    return sender;
}

/// One call to the kernel; how many datagrams it gave.
std::size_t UdpLoop::receive() {
    const int got = ::recvmmsg(socket_.get(), headers_.data(), batch_size, MSG_DONTWAIT, nullptr);
    if (got <= 0) return 0;
    ++round_;
    const WallNs wall_ns = context_.clock.wall_ns();
    const std::int64_t monotonic_ns = context_.clock.monotonic_ns();
    round_batches_.clear();
    if (senders_.size() > senders_max) senders_.clear();
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
        const std::size_t length = headers_[i].msg_len;
        Sender& sender = sender_of(peers_[i]);
        headers_[i].msg_hdr.msg_namelen = sizeof peers_[i];
        if (length == 0) continue;  // an empty datagram carries no event
        if (sender.round != round_) {
            sender.round = round_;
            sender.index = round_batches_.size();
            round_batches_.emplace_back();
            round_batches_.back().first.framing = ledger::Framing::datagram;
            round_batches_.back().second = &sender;
        }
        FrameBatch& batch = round_batches_[sender.index].first;
        const bool cut = (headers_[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
        batch.items.push_back({static_cast<std::uint32_t>(batch.data.size()),
                               static_cast<std::uint32_t>(length),
                               cut ? ledger::event_flag::truncated : std::uint16_t{0}, length});
        const std::uint8_t* const from = buffer_.get() + i * datagram_size_max;
        batch.data.insert(batch.data.end(), from, from + length);
    }
    for (auto& [batch, sender] : round_batches_) {
        auto& [chunk, stats] = pending_.emplace_back();
        chunk = maker_.make(std::move(batch), sender->who, wall_ns, monotonic_ns, stats);
        pending_bytes_ += stats.bytes;
    }
    return static_cast<std::size_t>(got);
}

void UdpLoop::hand_over() {
    while (!pending_.empty()) {
        auto& [chunk, stats] = pending_.front();
        const std::string source = chunk.source;
        const auto ticket = context_.intake.submit(chunk);
        if (!ticket && ticket.error().code == Errc::unavailable) return drop_over_limit();
        check(ticket.has_value(), "a chunk made here breaks no rule of the ledger");
        context_.board.record(source, stats);
        pending_bytes_ -= stats.bytes;
        pending_.pop_front();
    }
    declare_gaps();
}

/// The newest go: what waits longest is nearest to being taken, and a gap is then one stretch of
/// time.
void UdpLoop::drop_over_limit() {
    while (pending_bytes_ > context_.options.limits.udp_pending_bytes_max && !pending_.empty()) {
        const auto& [chunk, stats] = pending_.back();
        lose(chunk.source, "udp_queue_full", stats.events, stats.bytes);
        context_.counters.udp_dropped_here += stats.events;
        pending_bytes_ -= stats.bytes;
        pending_.pop_back();
    }
}

void UdpLoop::lose(const std::string& source, const std::string& reason, std::uint64_t events,
                   std::uint64_t bytes) {
    if (events == 0) return;
    context_.board.record_drop(source, ledger::Transport::udp, events, bytes);
    const bool has_place = gaps_.size() < gaps_max || gaps_.contains({source, reason});
    Lost& lost = gaps_[{has_place ? source : any_udp_source, reason}];
    lost.events += events;
    lost.bytes += bytes;
}

void UdpLoop::count_kernel_drops() {
    std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_MEMINFO, info.data(), &size) != 0) return;
    if (size < (SK_MEMINFO_DROPS + 1) * sizeof(std::uint32_t)) return;
    const std::uint32_t drops = info[SK_MEMINFO_DROPS];
    const std::uint32_t more = drops - kernel_drops_seen_;  // the counter may go round
    kernel_drops_seen_ = drops;
    context_.counters.udp_dropped_in_kernel += more;
    lose(any_udp_source, "udp_kernel_buffer_full", more, 0);
}

void UdpLoop::declare_gaps() {
    while (!gaps_.empty()) {
        const auto& [key, lost] = *gaps_.begin();
        if (!context_.intake.declare_gap(key.first, key.second, lost.events, lost.bytes))
            return;  // later
        gaps_.erase(gaps_.begin());
    }
}

void UdpLoop::run() {
    std::array<pollfd, 2> watched{{{socket_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
    while (!stopping_) {
        const bool waits = !pending_.empty() || !gaps_.empty();
        if (::poll(watched.data(), watched.size(), waits ? retry_ms : quiet_ms) < 0 &&
            errno != EINTR) {
            throw IoFault("waiting for datagrams", errno);
        }
        const std::size_t got = receive();
        if (got < batch_size) count_kernel_drops();  // while datagrams wait there is better to do
        hand_over();
    }
    const std::int64_t deadline = context_.clock.monotonic_ns() + context_.options.limits.stop_ns;
    const auto in_time = [&] { return context_.clock.monotonic_ns() < deadline; };
    while (in_time() && receive() > 0) hand_over();
    count_kernel_drops();
    socket_.reset();
    hand_over();
    while (in_time() && (!pending_.empty() || !gaps_.empty())) {
        std::this_thread::sleep_for(std::chrono::milliseconds(retry_ms));
        hand_over();
    }
    for (const auto& [chunk, stats] : pending_)
        lose(chunk.source, "stopped_while_full", stats.events, stats.bytes);
    pending_.clear();
    declare_gaps();
}

}  // namespace daicho::evidence::collect::listen
