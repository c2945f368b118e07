#pragma once
// What every listener thread is given, and the counters they share.
#include <atomic>
#include <cstdint>

#include "base/clock.hpp"
#include "evidence/collect/listen/options.hpp"
#include "evidence/collect/registry.hpp"
#include "evidence/collect/source_board.hpp"
#include "ledger/intake.hpp"

namespace daicho::evidence::collect::listen {

struct Counters {
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> open{0};
    std::atomic<std::uint64_t> refused_full{
        0};  // connections_max, handshakes_max or out of descriptors
    std::atomic<std::uint64_t> refused_per_address{0};
    std::atomic<std::uint64_t> tls_failed{0};
    std::atomic<std::uint64_t> timed_out{0};
    std::atomic<std::uint64_t> pauses{0};  // how often a connection had to wait for the ledger
    std::atomic<std::uint64_t> udp_dropped_in_kernel{0};
    std::atomic<std::uint64_t> udp_dropped_here{0};
};

/// All outlive the listeners and are thread-safe.
struct Context {
    const Options& options;
    ledger::Intake& intake;
    SourceBoard& board;
    const SourceRegistry& registry;
    const Clock& clock;
    Counters& counters;
};

}  // namespace daicho::evidence::collect::listen
