#include "app/http/client_for_test.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace daicho::app::http::test {

tls::Identity make_identity() {
    tls::CertificateSpec spec;
    spec.common_name = "localhost";
    spec.dns_names = {"localhost"};
    spec.not_before_ns = SystemClock().wall_ns() - hour_ns;
    spec.days = 2;
    return tls::make_self_signed(spec).value();
}

int connect_to(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return fd;
    ::close(fd);
    return -1;
}

int status_of(const std::string& answer) {
    return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

Client::Client(std::uint16_t port, const std::string& certificate)
    : context_(tls::ClientContext::create({certificate, "localhost", std::nullopt}).value()),
      fd_(connect_to(port)),
      stream_(tls::Stream::connect(context_, fd_)) {
    const tls::IoResult shaken = wait([this] { return tls::IoResult{stream_.handshake(), 0}; });
    ready_ = shaken.state == tls::Io::done;
}

Client::~Client() {
    ::close(fd_);
}

bool Client::send(std::string_view text) {
    while (!text.empty()) {
        const tls::IoResult sent = wait([&] { return stream_.write(view_of(text)); });
        if (sent.state != tls::Io::done) return false;
        text.remove_prefix(sent.bytes);
    }
    return true;
}

std::string Client::receive() {
    std::string out(65'536, '\0');
    const tls::IoResult got = wait([&] {
        return stream_.read({reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
    });
    out.resize(got.state == tls::Io::done ? got.bytes : 0);
    if (got.state == tls::Io::closed || got.state == tls::Io::failed) over_ = true;
    return out;
}

std::string Client::receive_all() {
    std::string out;
    for (std::string part = receive(); !part.empty(); part = receive()) out += part;
    return out;
}

std::string Client::receive_answer() {
    std::string out;
    while (true) {
        const std::size_t end = out.find("\r\n\r\n");
        if (end != std::string::npos) {
            const std::size_t length = out.find("Content-Length: ");
            const std::size_t size = length < end ? std::stoul(out.substr(length + 16)) : 0;
            if (out.size() >= end + 4 + size) return out;
        }
        const std::string part = receive();
        if (part.empty()) return out;
        out += part;
    }
}

tls::IoResult Client::wait(const std::function<tls::IoResult()>& step) const {
    while (true) {
        const tls::IoResult result = step();
        const bool reads = result.state == tls::Io::wants_read;
        if (!reads && result.state != tls::Io::wants_write) return result;
        pollfd entry{fd_, static_cast<short>(reads ? POLLIN : POLLOUT), 0};
        if (::poll(&entry, 1, wait_ms) <= 0) return {result.state, 0};
    }
}

TestServer::TestServer(Handle handle, const Change& change) : application_(std::move(handle)) {
    ServerSettings settings;
    settings.port = 0;
    settings.identity = make_identity();
    certificate_ = settings.identity.certificate_pem;
    settings.hosts = {"localhost"};
    settings.workers = 2;
    change(settings);
    server_ = Server::create(std::move(settings), application_, clock_, Log::none()).value();
    thread_ = std::thread([this] { server_->run(); });
}

void TestServer::stop() {
    server_->stop();
    if (thread_.joinable()) thread_.join();
}

std::unique_ptr<Client> TestServer::client() const {
    return std::make_unique<Client>(server_->port(), certificate_);
}

std::string TestServer::ask(std::string_view bytes) const {
    const std::unique_ptr<Client> asking = client();
    EXPECT_TRUE(asking->ready());
    asking->send(bytes);
    return asking->receive_all();
}

}  // namespace daicho::app::http::test
