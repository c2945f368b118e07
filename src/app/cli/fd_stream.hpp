#pragma once
// A stream to a descriptor that somebody else may stop reading: writing gives up once it is
// cancelled, so a command never hangs on a terminal or pipe of a process that has gone.
#include <array>
#include <atomic>
#include <ostream>
#include <streambuf>

namespace daicho::app::cli {

/// Does not own the descriptor. Not thread-safe. SIGPIPE must be ignored.
class FdBuffer final : public std::streambuf {
public:
    /// When the reader has gone, `cancel` is set: there is nobody to work for.
    FdBuffer(int fd, std::atomic<bool>& cancel);
    ~FdBuffer() override;
    FdBuffer(const FdBuffer&) = delete;
    FdBuffer& operator=(const FdBuffer&) = delete;

protected:
    int_type overflow(int_type sign) override;
    int sync() override;

private:
    bool flush_all();
    /// PIPE_BUF of Linux: after poll says "writable", this much goes into a pipe without waiting.
    static constexpr std::size_t piece_bytes = 4096;
    int fd_;
    std::atomic<bool>& cancel_;
    std::array<char, piece_bytes> held_;
};

class FdStream final : public std::ostream {
public:
    FdStream(int fd, std::atomic<bool>& cancel) : std::ostream(nullptr), buffer_(fd, cancel) {
        rdbuf(&buffer_);
    }

private:
    FdBuffer buffer_;
};

}  // namespace daicho::app::cli
