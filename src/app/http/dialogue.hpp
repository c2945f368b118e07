#pragma once
// One connection's requests and answers. Included by server.cpp and dialogue.cpp only: Beast costs
// half a minute of compiling in every file that sees it.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <functional>
#include <list>
#include <map>
#include <optional>

#include "app/http/pool.hpp"
#include "app/http/server.hpp"
#include "app/http/wire.hpp"

namespace daicho::app::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using Stream = beast::ssl_stream<beast::tcp_stream>;
using Steady = std::chrono::steady_clock;

struct Connection {
    Connection(tcp::socket socket, asio::ssl::context& tls)
        : stream(beast::tcp_stream(std::move(socket)), tls), buffer(head_size_max + piece_size) {}
    Stream stream;
    beast::flat_buffer buffer;
    std::string address;
    std::list<std::shared_ptr<Connection>>::iterator place;
    bool busy = false;
    std::optional<Steady::time_point> writing_since;  // a piece of an answer that is not yet taken
    std::function<void(bool busy)> on_busy;           // tells the server
};
using ConnectionPtr = std::shared_ptr<Connection>;

/// One hop to the pool and back. `done` never expires: it is cancelled when the work is over.
struct Exchange {
    explicit Exchange(asio::io_context& io) : done(io, Steady::time_point::max()) {}
    Request request;
    Response response;
    std::string piece;
    bool failed = false;
    asio::steady_timer done;
};
using ExchangePtr = std::shared_ptr<Exchange>;
using HeadPtr = std::shared_ptr<const Head>;

struct HeadRead {
    std::size_t size = 0;
    std::optional<Refused> refused;
    bool gone = false;
};
struct BodyRead {
    std::string body;
    std::optional<Refused> refused;
    bool gone = false;
};

[[nodiscard]] inline std::string_view view_of(const beast::flat_buffer& buffer) {
    return {static_cast<const char*>(buffer.data().data()), buffer.data().size()};
}

/// Runs on the network thread; everything named must outlive it.
class Dialogue {
public:
    Dialogue(asio::io_context& io, Pool& pool, Pool& heavy_pool, const ServerSettings& settings,
             Application& application, const Clock& clock, Log& log, ServerCounters& counters)
        : io_(io),
          pool_(pool),
          heavy_pool_(heavy_pool),
          settings_(settings),
          application_(application),
          clock_(clock),
          log_(log),
          counters_(counters) {}

    /// One request and its answer; true when another may follow on this connection.
    asio::awaitable<bool> serve_one(ConnectionPtr connection);
    /// From now on every answer is the last of its connection.
    void stop() noexcept { stopping_ = true; }

private:
    asio::awaitable<HeadRead> read_head(ConnectionPtr connection);
    asio::awaitable<BodyRead> read_body(ConnectionPtr connection, HeadPtr head);
    asio::awaitable<void> handle(ExchangePtr exchange);
    asio::awaitable<bool> answer(ConnectionPtr connection, HeadPtr head, ExchangePtr exchange);
    asio::awaitable<bool> write_stream(ConnectionPtr connection, ExchangePtr exchange,
                                       ResponseHead head);
    asio::awaitable<bool> write_piece(ConnectionPtr connection, std::string_view piece);
    asio::awaitable<bool> fetch_piece(ExchangePtr exchange);
    asio::awaitable<void> refuse_and_drain(ConnectionPtr connection, Refused refused);
    bool hand_over(const ExchangePtr& exchange, Pool& pool);
    bool enter_heavy(const std::string& address);
    void leave_heavy(const std::string& address);
    bool read_on_pool(const ExchangePtr& exchange);

    asio::io_context& io_;
    Pool& pool_;
    Pool& heavy_pool_;
    std::map<std::string, std::size_t> heavy_of_;  // by address: heavy requests not yet answered
    const ServerSettings& settings_;
    Application& application_;
    const Clock& clock_;
    Log& log_;
    ServerCounters& counters_;
    bool stopping_ = false;
};

}  // namespace daicho::app::http
