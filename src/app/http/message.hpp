#pragma once
// Requests and answers as handlers see them: plain values, no socket, no Beast.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace daicho::app::http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options };
[[nodiscard]] std::string_view name_of(Method method) noexcept;
/// Nothing changes on the server (RFC 9110, 9.2.1).
[[nodiscard]] bool is_safe(Method method) noexcept;

struct Field {
    std::string name;  // lower case
    std::string value;
};
using Pair = std::pair<std::string, std::string>;

struct Request {
    Method method = Method::get;
    std::string path;         // decoded, starts with '/', no dot segments, no empty segments, UTF-8
    std::vector<Pair> query;  // decoded, in order
    std::vector<Field> fields;
    std::string host;  // the Host header, as sent: name or name:port
    std::string body;
    std::string remote_address;  // text without port
    bool keep_alive = true;

    /// The first of that name (lower case), or nothing. Fields that must be single are (gate).
    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const noexcept;
    [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const noexcept;
};

/// Where a long answer comes from. Called on worker threads, one call at a time, only when the peer
/// has taken the piece before: what is read is never more than one piece ahead of the network.
class BodySource {
public:
    virtual ~BodySource() = default;
    /// Fills the front of `out`; 0 is the end. A Fault cuts the connection, so the peer sees that
    /// the answer is not whole.
    [[nodiscard]] virtual std::size_t read(std::span<std::uint8_t> out) = 0;
};

struct Response {
    int status = 200;
    std::vector<Pair>
        fields;  // besides Content-Length and the security headers, which the server adds
    std::string body;
    /// Instead of `body`: bytes that live as long as the program (static files).
    std::shared_ptr<const std::string> shared_body;
    /// Instead of `body`: streamed.
    std::unique_ptr<BodySource> source;
    std::optional<std::uint64_t>
        source_size;         // known beforehand: Content-Length; otherwise chunked
    bool cacheable = false;  // false: Cache-Control: no-store
    bool close = false;      // end the connection after this answer

    void set(std::string name, std::string value) {
        fields.emplace_back(std::move(name), std::move(value));
    }
    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const noexcept;
};

/// "Not Found"; "Unknown" for a status that daicho never sends.
[[nodiscard]] std::string_view reason_of(int status) noexcept;

/// What the server calls. Implementations are thread-safe and never throw.
class Application {
public:
    virtual ~Application() = default;
    [[nodiscard]] virtual Response handle(const Request& request) noexcept = 0;
    /// Work that is slow on purpose (password hashing) and that a stranger can order: it gets
    /// workers of its own, and each address few of the places. Called on the network thread.
    [[nodiscard]] virtual bool is_heavy(const Request&) const noexcept { return false; }
};

}  // namespace daicho::app::http
