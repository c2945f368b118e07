#pragma once
// A progress bar on standard error: only on a terminal, never with --quiet, a few times a second at
// most.
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace daicho::app::cli {

/// Not thread-safe.
class Progress {
public:
    /// `total` nullopt: not known, then only the amount is shown. `unit`: "events", "bytes".
    Progress(std::ostream& out, bool visible, const Clock& clock, std::string unit,
             std::optional<std::uint64_t> total);
    /// Ends the line.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    void at(std::uint64_t done);

private:
    void draw();
    std::ostream& out_;
    bool visible_;
    const Clock& clock_;
    std::string unit_;
    std::optional<std::uint64_t> total_;
    std::uint64_t done_ = 0;
    std::int64_t start_ns_;
    std::int64_t drawn_ns_ = 0;
};

/// Standard error is a terminal and `quiet` was not asked for.
[[nodiscard]] bool progress_wanted(bool quiet);

/// "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace daicho::app::cli
