// Accepting, TLS, who gives way, and the end. Shapes of co_await are restricted
// (docs/decisions/0020): g++ 12 miscompiles others. It is a whole statement or the initialiser of a
// named variable, without braces or brackets in it.
#include "app/http/server.hpp"

#include <openssl/ssl.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <utility>

#include "app/http/dialogue.hpp"
#include "app/http/pool.hpp"
#include "app/http/wire.hpp"

namespace daicho::app::http {
namespace {

constexpr std::chrono::milliseconds shutdown_time{1'000};
/// After accept(2) failed for want of descriptors.
constexpr std::chrono::milliseconds accept_pause{100};
constexpr int backlog = 512;

std::string address_of(const tcp::socket& socket) {
    error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return {};
    const asio::ip::address address = peer.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    }
    return address.to_string();
}

/// Takes http/1.1 or, when the client names only other protocols, ends the handshake (RFC
/// 7301, 3.2): a server that ignores ALPN can be used to confuse protocols that share a
/// certificate.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned int in_size, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    const int result = SSL_select_next_proto(&chosen, out_size, ours, sizeof ours - 1, in, in_size);
    if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

Status set_up_tls(asio::ssl::context& tls, const crypto::tls::Identity& identity) {
    error_code error;
    const auto certificate = asio::buffer(identity.certificate_pem);
    const ByteView key = identity.private_key_pem.view();
    tls.use_certificate_chain(certificate, error);
    if (!error)
        tls.use_private_key(asio::buffer(key.data(), key.size()), asio::ssl::context::pem, error);
    if (error)
        return fail(Errc::invalid, "certificate or key of the HTTPS port: " + error.message());
    SSL_CTX* native = tls.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                    SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_num_tickets(native, 0);
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
    return {};
}

}  // namespace

class Server::Core {
public:
    Core(ServerSettings settings, Application& application, const Clock& clock,
         std::shared_ptr<Log> log)
        : settings_(std::move(settings)),
          application_(application),
          clock_(clock),
          log_(std::move(log)),
          pool_(settings_.workers, settings_.queue_max),
          heavy_pool_(heavy_workers, heavy_queue_max),
          dialogue_(io_, pool_, heavy_pool_, settings_, application_, clock_, *log_, counters_) {}

    Status listen();
    void run() {
        asio::co_spawn(io_, accept_all(), [this](std::exception_ptr error) { ended(error); });
        io_.run();
    }
    void stop() {
        asio::post(io_, [this] { begin_stop(); });
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const ServerCounters& counters() const noexcept { return counters_; }

private:
    asio::awaitable<void> accept_all();
    asio::awaitable<void> serve(ConnectionPtr connection);
    asio::awaitable<bool> begin(ConnectionPtr connection);
    asio::awaitable<void> hint_plain(ConnectionPtr connection);
    asio::awaitable<void> finish(ConnectionPtr connection);

    void admit(tcp::socket socket);
    [[nodiscard]] ConnectionPtr most_stalled() const;
    void set_busy(Connection& connection, bool busy);
    void remove(const ConnectionPtr& connection);
    void begin_stop();
    void ended(const std::exception_ptr& error);

    ServerSettings settings_;
    Application& application_;
    const Clock& clock_;
    std::shared_ptr<Log> log_;
    ServerCounters counters_;
    asio::io_context io_{1};
    asio::ssl::context tls_{asio::ssl::context::tls_server};
    tcp::acceptor acceptor_{io_};
    asio::steady_timer grace_{io_};
    std::uint16_t port_ = 0;
    bool stopping_ = false;
    // On the network thread only; longest in this state first.
    std::list<ConnectionPtr> waiting_;
    std::list<ConnectionPtr> busy_;
    Pool pool_;  // after io_, to which its threads post
    Pool heavy_pool_;
    Dialogue dialogue_;
};

Status Server::Core::listen() {
    const Status tls = set_up_tls(tls_, settings_.identity);
    settings_.identity = {};  // OpenSSL has its own copy now
    if (!tls) return tls;
    error_code error;
    const asio::ip::address address = asio::ip::make_address(settings_.address, error);
    if (error) return fail(Errc::invalid, "not an IP address: " + settings_.address);
    const tcp::endpoint endpoint(address, settings_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(backlog, error);
    if (error) return fail(Errc::unavailable, "can't listen for HTTPS: " + error.message());
    port_ = acceptor_.local_endpoint().port();
    return {};
}

asio::awaitable<void> Server::Core::accept_all() {
    while (!stopping_) {
        tcp::socket socket(io_);
        error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        co_await acceptor_.async_accept(socket, token);
        if (stopping_) co_return;
        if (!error) {
            admit(std::move(socket));
            continue;
        }
        log_->warning("http.accept_failed", {{"error", error.message()}});
        asio::steady_timer pause(io_, accept_pause);
        co_await pause.async_wait(token);
    }
}

void Server::Core::admit(tcp::socket socket) {
    if (waiting_.size() + busy_.size() >= settings_.connections_max) {
        const ConnectionPtr oldest = waiting_.empty() ? most_stalled() : waiting_.front();
        if (!oldest) {
            ++counters_.turned_away;
            return;
        }
        ++counters_.evicted;
        beast::get_lowest_layer(oldest->stream).close();
        remove(oldest);
    }
    ++counters_.accepted;
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto connection = std::make_shared<Connection>(std::move(socket), tls_);
    connection->address = address_of(beast::get_lowest_layer(connection->stream).socket());
    connection->place = waiting_.insert(waiting_.end(), connection);
    connection->on_busy = [this, raw = connection.get()](bool busy) { set_busy(*raw, busy); };
    asio::co_spawn(io_, serve(connection), [this, connection](std::exception_ptr error) {
        remove(connection);
        ended(error);
    });
}

/// Of those whose answer is ready but is not taken, the one that keeps us waiting longest; none
/// when all go on. Otherwise peers that read nothing could hold every place.
ConnectionPtr Server::Core::most_stalled() const {
    ConnectionPtr out;
    const Steady::time_point since = Steady::now() - settings_.timeouts.stalled;
    for (const ConnectionPtr& one : busy_) {
        if (!one->writing_since || *one->writing_since > since) continue;
        if (!out || *one->writing_since < *out->writing_since) out = one;
    }
    return out;
}

void Server::Core::set_busy(Connection& connection, bool busy) {
    if (connection.place == waiting_.end()) return;  // evicted meanwhile
    std::list<ConnectionPtr>& from = connection.busy ? busy_ : waiting_;
    std::list<ConnectionPtr>& to = busy ? busy_ : waiting_;
    to.splice(to.end(), from, connection.place);
    connection.busy = busy;
}

void Server::Core::remove(const ConnectionPtr& connection) {
    if (connection->place == waiting_.end()) return;
    (connection->busy ? busy_ : waiting_).erase(connection->place);
    connection->place = waiting_.end();
    if (stopping_ && waiting_.empty() && busy_.empty()) grace_.cancel();
}

void Server::Core::ended(const std::exception_ptr& error) {
    if (!error) return;
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& e) {
        log_->error("http.connection_failed", {{"error", e.what()}});
    }
}

void Server::Core::begin_stop() {
    if (stopping_) return;
    stopping_ = true;
    dialogue_.stop();
    error_code ignored;
    acceptor_.close(ignored);
    for (const ConnectionPtr& connection : waiting_) {
        beast::get_lowest_layer(connection->stream).close();
    }
    if (busy_.empty()) return;
    grace_.expires_after(settings_.timeouts.grace);
    grace_.async_wait([this](error_code error) {
        if (error) return;
        for (const ConnectionPtr& connection : busy_) {
            beast::get_lowest_layer(connection->stream).close();
        }
    });
}

asio::awaitable<void> Server::Core::serve(ConnectionPtr connection) {
    const bool begun = co_await begin(connection);
    bool more = begun;
    while (more && !stopping_) {
        more = false;
        const bool again = co_await dialogue_.serve_one(connection);
        more = again;
    }
    if (begun) {
        co_await finish(connection);
    }
}

/// The handshake; false when there is nothing to serve.
asio::awaitable<bool> Server::Core::begin(ConnectionPtr connection) {
    beast::tcp_stream& socket = beast::get_lowest_layer(connection->stream);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    socket.expires_after(settings_.timeouts.handshake);
    const auto room = connection->buffer.prepare(4096);
    const std::size_t got = co_await socket.async_read_some(room, token);
    if (error) co_return false;
    connection->buffer.commit(got);
    constexpr char tls_handshake = 0x16;  // RFC 8446, 5.1
    const char first = view_of(connection->buffer).front();
    if (first != tls_handshake) {
        const bool plain_http = first >= 'A' && first <= 'Z';
        if (plain_http) {
            co_await hint_plain(connection);
        }
        co_return false;
    }
    const auto hello = connection->buffer.data();
    const auto role = asio::ssl::stream_base::server;
    const std::size_t used = co_await connection->stream.async_handshake(role, hello, token);
    if (error) {
        log_->debug("http.handshake_failed", {{"error", error.message()}});
        co_return false;
    }
    connection->buffer.consume(used);
    co_return true;
}

asio::awaitable<void> Server::Core::hint_plain(ConnectionPtr connection) {
    Response response;
    response.status = 400;
    response.close = true;
    response.set("Content-Type", "text/plain; charset=utf-8");
    response.body = "This port speaks HTTPS only. / このポートは HTTPS 専用です。\n";
    ResponseHead head = frame(response, true);
    head.now_ns = clock_.wall_ns();
    const std::string text = head_text(response, head) + response.body;
    beast::tcp_stream& socket = beast::get_lowest_layer(connection->stream);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    socket.expires_after(settings_.timeouts.write);
    const auto bytes = asio::buffer(text);
    co_await asio::async_write(socket, bytes, token);
    socket.socket().shutdown(tcp::socket::shutdown_send, error);
}

/// Says goodbye in TLS (so that the peer knows nothing was cut off), then closes.
asio::awaitable<void> Server::Core::finish(ConnectionPtr connection) {
    beast::tcp_stream& socket = beast::get_lowest_layer(connection->stream);
    if (!socket.socket().is_open()) co_return;
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    socket.expires_after(shutdown_time);
    co_await connection->stream.async_shutdown(token);
    socket.close();
}

Server::Server(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::create(ServerSettings settings, Application& application,
                                               const Clock& clock, std::shared_ptr<Log> log) {
    auto core = std::make_unique<Core>(std::move(settings), application, clock, std::move(log));
    const Status listening = core->listen();
    if (!listening) return fail(listening.error());
    return std::unique_ptr<Server>(new Server(std::move(core)));
}

std::uint16_t Server::port() const noexcept {
    return core_->port();
}
const ServerCounters& Server::counters() const noexcept {
    return core_->counters();
}
void Server::run() {
    core_->run();
}
void Server::stop() {
    core_->stop();
}

}  // namespace daicho::app::http
