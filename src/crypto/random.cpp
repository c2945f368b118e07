#include "crypto/random.hpp"

#include <sys/random.h>

#include <cerrno>

#include "base/fault.hpp"

namespace daicho::crypto {

void random_fill(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const ssize_t got = ::getrandom(out.data(), out.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw IoFault("getrandom", errno);
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

Key32 random_key() {
    Key32 key;
    random_fill(key.span());
    return key;
}

}  // namespace daicho::crypto
