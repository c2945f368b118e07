#include "base/clock.hpp"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <string>

#include "base/bytes.hpp"

namespace daicho {
namespace {

std::int64_t read_clock(clockid_t id) noexcept {
    timespec now{};
    clock_gettime(id, &now);
    return std::int64_t{now.tv_sec} * second_ns + now.tv_nsec;
}

}  // namespace

SystemClock::SystemClock() {
    std::array<char, 40> text{};
    const int fd = ::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;  // a kernel without /proc: boots can't be told apart, and the zero id says so
    const ssize_t got = ::read(fd, text.data(), text.size());
    ::close(fd);
    std::string hex;
    for (ssize_t i = 0; i < got; ++i) {
        const char c = text[static_cast<std::size_t>(i)];
        if (c != '-' && c != '\n') hex.push_back(c);
    }
    const Result<Bytes> bytes = from_hex(hex);
    if (bytes && bytes->size() == boot_id_.size()) {
        std::copy(bytes->begin(), bytes->end(), boot_id_.begin());
    }
}

WallNs SystemClock::wall_ns() const {
    return read_clock(CLOCK_REALTIME);
}
std::int64_t SystemClock::monotonic_ns() const {
    return read_clock(CLOCK_BOOTTIME);
}

}  // namespace daicho
