#include "app/cli/fd_stream.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace daicho::app::cli {
namespace {

constexpr int look_for_cancel_ms = 200;

}  // namespace

FdBuffer::FdBuffer(int fd, std::atomic<bool>& cancel) : fd_(fd), cancel_(cancel) {
    setp(held_.data(), held_.data() + held_.size());
}

FdBuffer::~FdBuffer() {
    flush_all();
}

FdBuffer::int_type FdBuffer::overflow(int_type sign) {
    if (!flush_all()) return traits_type::eof();
    if (traits_type::eq_int_type(sign, traits_type::eof())) return traits_type::not_eof(sign);
    *pptr() = traits_type::to_char_type(sign);
    pbump(1);
    return sign;
}

int FdBuffer::sync() {
    return flush_all() ? 0 : -1;
}

bool FdBuffer::flush_all() {
    const char* at = pbase();
    bool tried = false;
    while (at != pptr()) {
        pollfd entry{fd_, POLLOUT, 0};
        const int ready = ::poll(&entry, 1, look_for_cancel_ms);
        // After a cancel what is ready to go still goes, once: the reason is in it.
        if (ready <= 0 && cancel_ && tried) break;
        tried = true;
        if (ready <= 0) continue;
        const ssize_t written = ::write(fd_, at, static_cast<std::size_t>(pptr() - at));
        if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (written <= 0) {
            cancel_ = true;
            break;
        }
        at += written;
    }
    const bool all = at == pptr();
    setp(held_.data(), held_.data() + held_.size());
    return all;
}

}  // namespace daicho::app::cli
