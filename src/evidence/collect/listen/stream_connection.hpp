#pragma once
// For the .cpp files of StreamLoop: one connection and what the loop knows of it.
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "evidence/collect/listen/stream_loop.hpp"

namespace daicho::evidence::collect::listen {

inline constexpr int paused_retry_ms = 10;  // how soon a ledger that was full is asked again

struct StreamLoop::Connection {
    Connection(Fd socket, std::unique_ptr<Channel> bytes, std::string from, HeldBudget& budget)
        : fd(std::move(socket)),
          channel(std::move(bytes)),
          address(std::move(from)),
          splitter(budget) {}
    Fd fd;
    std::unique_ptr<Channel> channel;
    std::string address;
    FrameSplitter splitter;
    Source* source = nullptr;  // known once the handshake is done
    std::deque<std::pair<ledger::Chunk, ChunkStats>> pending;
    std::int64_t last_byte_ns = 0;
    std::uint32_t watched = 0;
    bool shaken = false;
    bool paused = false;
    bool again = false;
    bool over = false;  // nothing more is read
    bool removed = false;
    Connections::iterator self;
};

}  // namespace daicho::evidence::collect::listen
