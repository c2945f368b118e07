#include "evidence/collect/listen/channel.hpp"

#include <cerrno>

namespace daicho::evidence::collect::listen {
namespace {

class PlainChannel final : public Channel {
public:
    explicit PlainChannel(int fd) : fd_(fd) {}
    Progress handshake() override { return Progress::bytes; }
    [[nodiscard]] bool wants_write() const noexcept override { return false; }
    ReadResult read(std::span<std::uint8_t> out) override {
        ssize_t got = 0;
        do {
            got = ::recv(fd_, out.data(), out.size(), 0);
        } while (got < 0 && errno == EINTR);
        if (got > 0) return {Progress::bytes, static_cast<std::size_t>(got), false};
        if (got == 0) return {Progress::ended, 0, false};
        if (errno == EAGAIN || errno == EWOULDBLOCK) return {Progress::nothing_now, 0, false};
        return {Progress::failed, 0, false};
    }
    [[nodiscard]] std::optional<crypto::Digest> peer_key() const override { return std::nullopt; }
    [[nodiscard]] std::string_view error() const override { return "connection reset"; }
    void finish() override {}

private:
    int fd_;
};

class TlsChannel final : public Channel {
public:
    TlsChannel(const crypto::tls::ServerContext& context, int fd)
        : stream_(crypto::tls::Stream::accept(context, fd)) {}
    Progress handshake() override {
        const crypto::tls::Io io = stream_.handshake();
        wants_write_ = io == crypto::tls::Io::wants_write;
        switch (io) {
            case crypto::tls::Io::done:
                return Progress::bytes;
            case crypto::tls::Io::wants_read:
            case crypto::tls::Io::wants_write:
                return Progress::nothing_now;
            case crypto::tls::Io::closed:
                return Progress::ended;
            case crypto::tls::Io::failed:
                break;
        }
        return Progress::failed;
    }
    [[nodiscard]] bool wants_write() const noexcept override { return wants_write_; }
    ReadResult read(std::span<std::uint8_t> out) override {
        const crypto::tls::IoResult result = stream_.read(out);
        wants_write_ = result.state == crypto::tls::Io::wants_write;
        switch (result.state) {
            case crypto::tls::Io::done:
                return {Progress::bytes, result.bytes, true};
            case crypto::tls::Io::wants_read:
            case crypto::tls::Io::wants_write:
                return {result.bytes > 0 ? Progress::bytes : Progress::nothing_now, result.bytes,
                        false};
            case crypto::tls::Io::closed:
                return {Progress::ended, result.bytes, false};
            case crypto::tls::Io::failed:
                break;
        }
        return {Progress::failed, result.bytes, false};
    }
    [[nodiscard]] std::optional<crypto::Digest> peer_key() const override {
        return stream_.peer_spki();
    }
    [[nodiscard]] std::string_view error() const override { return stream_.error(); }
    void finish() override { (void)stream_.close(); }

private:
    crypto::tls::Stream stream_;
    bool wants_write_ = false;
};

}  // namespace

std::unique_ptr<Channel> plain_channel(int fd) {
    return std::make_unique<PlainChannel>(fd);
}

std::unique_ptr<Channel> tls_channel(const crypto::tls::ServerContext& context, int fd) {
    return std::make_unique<TlsChannel>(context, fd);
}

}  // namespace daicho::evidence::collect::listen
