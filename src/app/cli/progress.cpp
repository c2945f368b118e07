#include "app/cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <ostream>

namespace daicho::app::cli {
namespace {

constexpr std::int64_t draw_every_ns = 100'000'000;
constexpr std::uint64_t bar_width = 30;

}  // namespace

Progress::Progress(std::ostream& out, bool visible, const Clock& clock, std::string unit,
                   std::optional<std::uint64_t> total)
    : out_(out),
      visible_(visible),
      clock_(clock),
      unit_(std::move(unit)),
      total_(total),
      start_ns_(clock.monotonic_ns()) {}

Progress::~Progress() {
    if (!visible_) return;
    draw();
    out_ << '\n' << std::flush;
}

void Progress::at(std::uint64_t done) {
    done_ = done;
    if (!visible_) return;
    const std::int64_t now = clock_.monotonic_ns();
    if (drawn_ns_ != 0 && now - drawn_ns_ < draw_every_ns) return;
    drawn_ns_ = now;
    draw();
}

void Progress::draw() {
    const auto elapsed_ms =
        static_cast<std::uint64_t>(clock_.monotonic_ns() - start_ns_) / 1'000'000;
    // Erase to the end of the line (ECMA-48 EL): a shorter line must not leave digits of a longer
    // one behind.
    out_ << "\r\x1b[K";
    if (total_ && *total_ > 0) {
        const std::uint64_t done = std::min(done_, *total_);
        const auto parts = static_cast<std::size_t>(bar_width * static_cast<double>(done) /
                                                    static_cast<double>(*total_));
        out_ << '[' << std::string(parts, '#') << std::string(bar_width - parts, '.') << "] "
             << static_cast<int>(100.0 * static_cast<double>(done) / static_cast<double>(*total_))
             << "% ";
    }
    out_ << grouped(done_) << ' ' << unit_;
    if (elapsed_ms >= 1'000) out_ << ", " << grouped(done_ * 1'000 / elapsed_ms) << "/s";
    out_ << std::flush;
}

bool progress_wanted(bool quiet) {
    return !quiet && ::isatty(STDERR_FILENO) == 1;
}

std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

}  // namespace daicho::app::cli
