#pragma once
// For tests: a TLS client that sends raw bytes, and a server on a free port with a given
// application.
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "app/http/server.hpp"
#include "crypto/tls/stream.hpp"

namespace daicho::app::http::test {

namespace tls = crypto::tls;

[[nodiscard]] tls::Identity make_identity();
/// Connects without TLS; -1 when refused.
[[nodiscard]] int connect_to(std::uint16_t port);
/// 0 when it is no answer.
[[nodiscard]] int status_of(const std::string& answer);

class Client {
public:
    Client(std::uint16_t port, const std::string& certificate);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// The handshake succeeded.
    [[nodiscard]] bool ready() const { return ready_; }
    bool send(std::string_view text);
    /// Some bytes; empty at the end or after `wait_ms`.
    std::string receive();
    /// Until the server ends the connection.
    std::string receive_all();
    /// One answer: head and as much body as its Content-Length says.
    std::string receive_answer();
    /// The server ended the connection.
    [[nodiscard]] bool over() const { return over_; }

    int wait_ms = 5'000;

private:
    tls::IoResult wait(const std::function<tls::IoResult()>& step) const;

    tls::ClientContext context_;
    int fd_;
    tls::Stream stream_;
    bool ready_ = false;
    bool over_ = false;
};

using Handle = std::function<Response(const Request&)>;
using Change = std::function<void(ServerSettings&)>;

class TestServer {
public:
    explicit TestServer(
        Handle handle, const Change& change = [](ServerSettings&) {});
    ~TestServer() { stop(); }
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    void stop();
    [[nodiscard]] std::unique_ptr<Client> client() const;
    /// Sends the bytes on a connection of its own; everything that came back.
    [[nodiscard]] std::string ask(std::string_view bytes) const;
    [[nodiscard]] Server& server() { return *server_; }

private:
    class Calls final : public Application {
    public:
        explicit Calls(Handle handle) : handle_(std::move(handle)) {}
        [[nodiscard]] Response handle(const Request& request) noexcept override {
            return handle_(request);
        }
        [[nodiscard]] bool is_heavy(const Request& request) const noexcept override {
            return request.path == "/heavy";
        }

    private:
        Handle handle_;
    };
    SystemClock clock_;
    Calls application_;
    std::string certificate_;
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

}  // namespace daicho::app::http::test
