#pragma once
// TLS 1.2 and 1.3 over a non-blocking socket, for the log collector (RFC 5425) and for what sends
// to it in tests. No renegotiation, compression, tickets or early data. The stream never blocks,
// never throws on what a peer sends and never raises SIGPIPE; poll the descriptor for what the last
// call wanted.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/secret.hpp"
#include "crypto/tls/x509.hpp"

struct ssl_st;      // OpenSSL's SSL
struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace daicho::crypto::tls {

enum class ClientCertificates { none, optional, required };

namespace detail {
struct FreeContext {
    void operator()(ssl_ctx_st* context) const noexcept;
};
struct FreeStream {
    void operator()(ssl_st* stream) const noexcept;
};
}  // namespace detail

struct ServerSettings {
    Identity identity;
    ClientCertificates client_certificates = ClientCertificates::none;
    /// With CAs, a client's certificate must chain to one of them (an invalid one ends the
    /// handshake, also when optional). Empty: any certificate whose key the client holds is taken,
    /// and the caller decides by peer_spki(), which is RFC 5425's fingerprint way (section 5.2).
    std::string client_ca_pem;
};

/// Thread-safe once made; must outlive its streams.
class ServerContext {
public:
    /// Errc::invalid when a PEM can't be read or key and certificate don't belong together.
    [[nodiscard]] static Result<ServerContext> create(const ServerSettings& settings);

private:
    friend class Stream;
    explicit ServerContext(ssl_ctx_st* context) : context_(context) {}
    std::unique_ptr<ssl_ctx_st, detail::FreeContext> context_;
};

struct ClientSettings {
    std::string server_ca_pem;  // the server must chain to it
    std::string server_name;    // DNS name or IP that the server's certificate must carry; also SNI
    std::optional<Identity> identity;  // shown when the server asks
};

/// Thread-safe once made; must outlive its streams.
class ClientContext {
public:
    [[nodiscard]] static Result<ClientContext> create(const ClientSettings& settings);

private:
    friend class Stream;
    ClientContext(ssl_ctx_st* context, std::string name)
        : context_(context), server_name_(std::move(name)) {}
    std::unique_ptr<ssl_ctx_st, detail::FreeContext> context_;
    std::string server_name_;
};

enum class Io {
    done,         // handshake finished, or `bytes` were moved
    wants_read,   // call again when the descriptor is readable
    wants_write,  // call again when it is writable
    closed,       // the peer ended (clean_close() says whether by close_notify)
    failed,       // error() says why; the stream is of no further use
};
struct IoResult {
    Io state = Io::failed;
    std::size_t bytes = 0;
};

/// Does not own the descriptor. Movable; not thread-safe.
class Stream {
public:
    [[nodiscard]] static Stream accept(const ServerContext& context, int fd);
    [[nodiscard]] static Stream connect(const ClientContext& context, int fd);

    /// Goes on with the handshake; done once it is finished (and on every later call).
    [[nodiscard]] Io handshake();
    /// Needs a finished handshake. Reads until `out` is full or the socket has no more; call again
    /// after done.
    [[nodiscard]] IoResult read(std::span<std::uint8_t> out);
    /// May write less than all. After wants_* call again with the same bytes (their address may
    /// differ).
    [[nodiscard]] IoResult write(ByteView bytes);
    /// Sends close_notify; done when it is on its way.
    [[nodiscard]] Io close();

    /// The peer's public key, once the handshake is done and the peer has shown a certificate.
    [[nodiscard]] std::optional<Digest> peer_spki() const;
    /// RFC 2253 text of the peer's subject, empty without certificate. From outside: safe_display
    /// before showing.
    [[nodiscard]] std::string peer_subject() const;
    [[nodiscard]] bool clean_close() const noexcept { return clean_close_; }
    /// "TLSv1.3" or "TLSv1.2".
    [[nodiscard]] std::string_view version() const;
    /// Why it failed, in OpenSSL's words; holds nothing the peer sent.
    [[nodiscard]] const std::string& error() const noexcept { return error_; }

private:
    Stream(ssl_ctx_st* context, int fd);
    [[nodiscard]] Io outcome(int returned);
    std::unique_ptr<ssl_st, detail::FreeStream> ssl_;
    std::string error_;
    bool ready_ =
        false;  // the handshake was finished; OpenSSL forgets that at the first fatal error
    bool clean_close_ = false;
    Io end_ = Io::done;  // done: not over yet; else what every later call answers
};

}  // namespace daicho::crypto::tls
