#pragma once
// One thread that receives datagrams (RFC 5426): each is one event, its sender's address is all
// that is known of it.
//
// UDP can't be slowed down, so under pressure events are lost; the promise is that the number of
// lost ones is exact. The kernel counts what it dropped (SO_MEMINFO reads the very counter that
// SO_RXQ_OVFL reports, also when no datagram follows); what this thread drops it counts itself, by
// source. Both are declared as gaps as soon as the ledger takes them.
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>

#include "evidence/collect/chunk_maker.hpp"
#include "evidence/collect/listen/context.hpp"
#include "evidence/collect/listen/socket.hpp"

namespace daicho::evidence::collect::listen {

/// Whose datagrams the kernel dropped it doesn't say.
inline constexpr const char* any_udp_source = "udp:*";

class UdpLoop {
public:
    UdpLoop(const Context& context, Fd socket);
    UdpLoop(const UdpLoop&) = delete;
    UdpLoop& operator=(const UdpLoop&) = delete;

    /// Receives until stop(), then takes what the kernel still holds and hands everything over.
    void run();
    /// From any thread; returns at once.
    void stop() noexcept;
    [[nodiscard]] std::uint16_t port() const { return port_of(socket_); }

private:
    static constexpr std::size_t batch_size = 256;
    static constexpr std::size_t datagram_size_max = 65'536;  // larger than UDP's own limit
    struct Sender {
        SourceIdentity who;
        std::uint64_t revision = 0;
        std::uint64_t round = 0;
        std::size_t index = 0;  // of its batch in this round
    };
    struct Lost {
        std::uint64_t events = 0;
        std::uint64_t bytes = 0;
    };
    using GapKey = std::pair<std::string, std::string>;  // source, reason

    void prepare();
    [[nodiscard]] std::size_t receive();
    [[nodiscard]] Sender& sender_of(const sockaddr_storage& peer);
    void hand_over();
    void drop_over_limit();
    void count_kernel_drops();
    void declare_gaps();
    void lose(const std::string& source, const std::string& reason, std::uint64_t events,
              std::uint64_t bytes);

    Context context_;
    Fd socket_;
    Fd wake_;
    std::atomic<bool> stopping_{false};
    ChunkMaker maker_;
    std::unique_ptr<std::uint8_t[]>
        buffer_;  // batch_size datagrams; pages that none reached are never touched
    std::vector<mmsghdr> headers_;
    std::vector<iovec> vectors_;
    std::vector<sockaddr_storage> peers_;
    std::unordered_map<std::string, Sender> senders_;
    std::vector<std::pair<FrameBatch, Sender*>> round_batches_;
    std::deque<std::pair<ledger::Chunk, ChunkStats>> pending_;
    std::size_t pending_bytes_ = 0;
    std::map<GapKey, Lost> gaps_;
    std::uint32_t kernel_drops_seen_ = 0;
    std::uint64_t round_ = 0;
};

}  // namespace daicho::evidence::collect::listen
