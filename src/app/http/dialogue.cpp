// Reading requests, handing them to the pool, writing answers. The same rule for co_await as in
// server.cpp.
#include "app/http/dialogue.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>

#include "app/http/problem.hpp"

namespace daicho::app::http {
namespace {

/// How much of an unread request is swallowed before a connection that was refused is closed.
/// Closing with unread bytes makes the kernel send a reset, which can destroy the refusal before
/// the peer has read it.
constexpr std::size_t drain_bytes_max = 1024 * 1024;
constexpr std::chrono::milliseconds drain_time{1'000};
/// When a long answer finds the queue full: it tries again, at most until Timeouts::write.
constexpr std::chrono::milliseconds piece_pause{20};

bool agrees(const beast::http::request_parser<beast::http::string_body>& parser, const Head& head) {
    const auto& message = parser.get();
    const std::string_view method(message.method_string().data(), message.method_string().size());
    const std::string_view target(message.target().data(), message.target().size());
    return method == name_of(head.method) && target == head.target &&
           parser.chunked() == head.chunked;
}

}  // namespace

asio::awaitable<bool> Dialogue::serve_one(ConnectionPtr connection) {
    const HeadRead read = co_await read_head(connection);
    if (read.gone) co_return false;
    tl::expected<Head, Refused> checked = tl::unexpected<Refused>(read.refused.value_or(Refused()));
    if (!read.refused) {
        checked = check_head(view_of(connection->buffer).substr(0, read.size), settings_.hosts);
    }
    if (!checked) {
        const Refused refused = checked.error();
        co_await refuse_and_drain(connection, refused);
        co_return false;
    }
    const HeadPtr head = std::make_shared<Head>(std::move(*checked));
    BodyRead body;
    if (head->chunked || head->content_length.value_or(0) > 0) {
        BodyRead got = co_await read_body(connection, head);
        body = std::move(got);
    } else {
        connection->buffer.consume(read.size);
    }
    if (body.gone) co_return false;
    if (body.refused) {
        const Refused refused = *body.refused;
        co_await refuse_and_drain(connection, refused);
        co_return false;
    }
    auto exchange = std::make_shared<Exchange>(io_);
    exchange->request =
        Request{head->method, head->path,           head->query,         head->fields,
                head->host,   std::move(body.body), connection->address, head->keep_alive};
    connection->on_busy(true);
    co_await handle(exchange);
    const bool written = co_await answer(connection, head, exchange);
    connection->on_busy(false);
    co_return written;
}

/// Leaves the answer in the exchange.
asio::awaitable<void> Dialogue::handle(ExchangePtr exchange) {
    const std::string& address = exchange->request.remote_address;
    const bool heavy = application_.is_heavy(exchange->request);
    const bool entered = !heavy || enter_heavy(address);
    const bool handed = entered && hand_over(exchange, heavy ? heavy_pool_ : pool_);
    if (heavy && entered && !handed) leave_heavy(address);
    if (!handed) {
        ++counters_.overloaded;
        exchange->response = refusal(503);
        exchange->response.close = false;
        co_return;
    }
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await exchange->done.async_wait(token);
    if (heavy) leave_heavy(address);
}

bool Dialogue::hand_over(const ExchangePtr& exchange, Pool& pool) {
    return pool.submit([this, exchange] {
        exchange->response = application_.handle(exchange->request);
        asio::post(io_, [exchange] { exchange->done.cancel(); });
    });
}

bool Dialogue::enter_heavy(const std::string& address) {
    std::size_t& count = heavy_of_[address];
    if (count == heavy_per_address_max) return false;
    ++count;
    return true;
}

void Dialogue::leave_heavy(const std::string& address) {
    const auto found = heavy_of_.find(address);
    if (--found->second == 0) heavy_of_.erase(found);
}

asio::awaitable<HeadRead> Dialogue::read_head(ConnectionPtr connection) {
    beast::tcp_stream& socket = beast::get_lowest_layer(connection->stream);
    HeadRead out;
    std::size_t seen = 0;
    bool begun = connection->buffer.size() > 0;
    socket.expires_after(begun ? settings_.timeouts.head : settings_.timeouts.idle);
    while (true) {
        const std::string_view bytes = view_of(connection->buffer);
        const tl::expected<std::size_t, Refused> end = find_head_end(bytes, seen);
        if (!end) {
            out.refused = end.error();
            co_return out;
        }
        if (*end > 0) {
            out.size = *end;
            co_return out;
        }
        seen = bytes.size();
        error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        const auto room = connection->buffer.prepare(4096);
        const std::size_t got = co_await connection->stream.async_read_some(room, token);
        if (error) {
            out.gone = true;
            co_return out;
        }
        connection->buffer.commit(got);
        if (!begun) socket.expires_after(settings_.timeouts.head);
        begun = true;
    }
}

asio::awaitable<BodyRead> Dialogue::read_body(ConnectionPtr connection, HeadPtr head) {
    beast::tcp_stream& socket = beast::get_lowest_layer(connection->stream);
    BodyRead out;
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    socket.expires_after(settings_.timeouts.body);
    if (head->expects_continue) {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const auto bytes = asio::buffer(go_on.data(), go_on.size());
        co_await asio::async_write(connection->stream, bytes, token);
        if (error) {
            out.gone = true;
            co_return out;
        }
    }
    beast::http::request_parser<beast::http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(head_size_max));
    parser.body_limit(body_size_max);
    co_await beast::http::async_read(connection->stream, connection->buffer, parser, token);
    if (error == beast::http::error::body_limit) {
        out.refused = Refused{413, "body too large"};
    } else if (error &&
               error.category() == make_error_code(beast::http::error::bad_chunk).category() &&
               error != beast::http::error::end_of_stream &&
               error != beast::http::error::partial_message) {
        out.refused = Refused{400, "malformed body"};
    } else if (error) {
        out.gone = true;
    } else if (!agrees(parser, *head)) {
        out.refused = Refused{400, "read in two ways"};
    } else {
        out.body = std::move(parser.get().body());
    }
    co_return out;
}

/// True when the whole answer is on its way and the connection stays.
asio::awaitable<bool> Dialogue::answer(ConnectionPtr connection, HeadPtr request,
                                       ExchangePtr exchange) {
    Response& response = exchange->response;
    if (!request->keep_alive || stopping_) response.close = true;
    ResponseHead head = frame(response, request->version_11);
    head.now_ns = clock_.wall_ns();
    std::string text = head_text(response, head);
    std::string_view body;
    if (request->method != Method::head && head.framing != BodyFraming::none) {
        body = response.shared_body ? std::string_view(*response.shared_body)
                                    : std::string_view(response.body);
    }
    const std::size_t with_head = std::min(body.size(), piece_size);
    text.append(body.substr(0, with_head));
    body.remove_prefix(with_head);
    bool written = co_await write_piece(connection, text);
    while (written && !body.empty()) {
        const std::string_view piece = body.substr(0, piece_size);
        const bool more = co_await write_piece(connection, piece);
        written = more;
        body.remove_prefix(piece.size());
    }
    if (written && response.source && request->method != Method::head) {
        const bool streamed = co_await write_stream(connection, exchange, head);
        written = streamed;
    }
    co_return written && !head.close;
}

asio::awaitable<bool> Dialogue::write_piece(ConnectionPtr connection, std::string_view piece) {
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    beast::get_lowest_layer(connection->stream).expires_after(settings_.timeouts.write);
    const auto bytes = asio::buffer(piece.data(), piece.size());
    connection->writing_since = Steady::now();
    co_await asio::async_write(connection->stream, bytes, token);
    connection->writing_since.reset();
    co_return !error;
}

asio::awaitable<bool> Dialogue::write_stream(ConnectionPtr connection, ExchangePtr exchange,
                                             ResponseHead head) {
    std::uint64_t sent = 0;
    while (true) {
        const bool fetched = co_await fetch_piece(exchange);
        if (!fetched) co_return false;
        const std::size_t size = exchange->piece.size();
        sent += size;
        if (head.framing == BodyFraming::length && sent > head.length) co_return false;
        if (size == 0 && head.framing == BodyFraming::length) co_return sent == head.length;
        if (size == 0 && head.framing == BodyFraming::until_close) co_return true;
        std::string text;
        if (head.framing == BodyFraming::chunked) {
            char digits[20];
            const int count = std::snprintf(digits, sizeof digits, "%zx\r\n", size);
            text.assign(digits, static_cast<std::size_t>(count));
        }
        text += exchange->piece;
        if (head.framing == BodyFraming::chunked) text += "\r\n";
        const bool written = co_await write_piece(connection, text);
        if (!written || size == 0) co_return written;
    }
}

/// Reads the next piece of the source into exchange->piece.
bool Dialogue::read_on_pool(const ExchangePtr& exchange) {
    return pool_.submit([this, exchange] {
        try {
            exchange->piece.resize(piece_size);
            auto* data = reinterpret_cast<std::uint8_t*>(exchange->piece.data());
            exchange->piece.resize(exchange->response.source->read({data, piece_size}));
        } catch (const std::exception& e) {
            log_.error("http.stream_failed", {{"error", e.what()}});
            exchange->failed = true;
        }
        asio::post(io_, [exchange] { exchange->done.cancel(); });
    });
}

asio::awaitable<bool> Dialogue::fetch_piece(ExchangePtr exchange) {
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    const auto give_up = Steady::now() + settings_.timeouts.write;
    while (true) {
        exchange->done.expires_at(Steady::time_point::max());
        const bool handed = read_on_pool(exchange);
        if (!handed) exchange->done.expires_after(piece_pause);
        co_await exchange->done.async_wait(token);
        if (handed) co_return !exchange->failed;
        if (Steady::now() > give_up) co_return false;
    }
}

asio::awaitable<void> Dialogue::refuse_and_drain(ConnectionPtr connection, Refused refused) {
    ++counters_.refused;
    log_.debug("http.refused", {{"status", refused.status}, {"why", std::string(refused.why)}});
    const Response response = refusal(refused.status);
    ResponseHead head = frame(response, true);
    head.now_ns = clock_.wall_ns();
    const std::string text = head_text(response, head) + response.body;
    const bool written = co_await write_piece(connection, text);
    if (!written) co_return;
    beast::tcp_stream& socket = beast::get_lowest_layer(connection->stream);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    socket.expires_after(drain_time);
    co_await connection->stream.async_shutdown(token);
    if (!socket.socket().is_open()) co_return;
    socket.socket().shutdown(tcp::socket::shutdown_send, error);
    error = {};
    std::size_t drained = 0;
    std::string waste(16 * 1024, '\0');
    const auto room = asio::buffer(waste);
    while (!error && drained < drain_bytes_max) {
        const std::size_t got = co_await socket.async_read_some(room, token);
        drained += got;
    }
}

}  // namespace daicho::app::http
