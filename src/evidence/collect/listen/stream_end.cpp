// How connections end that don't end by themselves: time-outs, and stopping.
#include <algorithm>
#include <chrono>
#include <thread>

#include "evidence/collect/listen/stream_connection.hpp"

namespace daicho::evidence::collect::listen {

void StreamLoop::sweep() {
    swept_ns_ = now_ns_;
    const Limits& limits = context_.options.limits;
    for (const auto& connection : connections_) {
        if (connection->over || connection->paused) continue;
        const std::int64_t quiet = now_ns_ - connection->last_byte_ns;
        const std::int64_t allowed = !connection->shaken               ? limits.handshake_ns
                                     : connection->splitter.held() > 0 ? limits.partial_ns
                                                                       : limits.idle_ns;
        if (quiet <= allowed) continue;
        ++context_.counters.timed_out;
        refused(connection->address, connection->shaken ? "idle" : "handshake");
        end(*connection, false);
    }
}

/// What lies in the kernel's buffers is received too; then every connection ends.
void StreamLoop::drain() {
    listener_.reset();
    const std::int64_t deadline = context_.clock.monotonic_ns() + context_.options.limits.stop_ns;
    const auto in_time = [&] { return context_.clock.monotonic_ns() < deadline; };
    for (const auto& connection : connections_) {
        while (connection->shaken && !connection->over && !connection->paused && in_time()) {
            const ReadResult result = connection->channel->read(scratch_);
            if (result.bytes > 0) {
                batches_.clear();
                connection->splitter.feed(ByteView(scratch_).first(result.bytes), batches_);
                take(*connection, batches_);
            }
            if (result.progress != Progress::bytes) break;
        }
        end(*connection, false);
    }
    while (std::any_of(connections_.begin(), connections_.end(),
                       [](const auto& one) { return !one->pending.empty(); }) &&
           in_time()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(paused_retry_ms));
        for (const auto& connection : connections_) {
            connection->paused = false;
            hand_over(*connection);
        }
    }
    for (const auto& connection : connections_) declare_lost(*connection);
    while (!connections_.empty()) remove(*connections_.front());
}

void StreamLoop::declare_lost(Connection& connection) {
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    for (const auto& [chunk, stats] : connection.pending) {
        events += stats.events;
        bytes += stats.bytes;
    }
    if (events == 0) return;
    const std::string& source = connection.source->who.source;
    context_.board.record_drop(source, connection.source->who.transport, events, bytes);
    (void)context_.intake.declare_gap(source, "stopped_while_full", events, bytes);
}

}  // namespace daicho::evidence::collect::listen
