#pragma once
// How far a long operation is, and whether it should end: shared between whoever does it and
// whoever watches or stops it.
#include <atomic>
#include <cstdint>

namespace daicho {

/// Thread-safe. The units are the operation's own choice; `total` stays 0 while it is not known.
/// Whoever works looks at `cancel` between steps and then ends with Errc::unavailable.
struct Progress {
    std::atomic<bool> cancel{false};
    std::atomic<std::uint64_t> done{0};
    std::atomic<std::uint64_t> total{0};
};

}  // namespace daicho
