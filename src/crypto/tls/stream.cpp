#include "crypto/tls/stream.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <sys/socket.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include "base/fault.hpp"
#include "crypto/tls/openssl.hpp"

namespace daicho::crypto::tls {
namespace {

using ContextPtr = std::unique_ptr<SSL_CTX, Freer<SSL_CTX_free>>;

// OpenSSL's own socket BIO writes with write(2), and a peer that went away would kill the process
// by SIGPIPE unless every program remembered to ignore it. This one sends with MSG_NOSIGNAL. Its
// data pointer holds the descriptor.
int descriptor_of(BIO* bio) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int after_transfer(BIO* bio, ssize_t moved, int retry_flag) {
    BIO_clear_retry_flags(bio);
    if (moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
    }
    return static_cast<int>(moved);
}

int bio_write(BIO* bio, const char* data, int size) {
    const auto length = static_cast<std::size_t>(size);
    return after_transfer(bio,
                          ::send(descriptor_of(bio), data, length, MSG_NOSIGNAL | MSG_DONTWAIT),
                          BIO_FLAGS_WRITE);
}

int bio_read(BIO* bio, char* data, int size) {
    const auto length = static_cast<std::size_t>(size);
    const ssize_t got = ::recv(descriptor_of(bio), data, length, MSG_DONTWAIT);
    if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return after_transfer(bio, got, BIO_FLAGS_READ);
}

long bio_control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return 0;
}

BIO_METHOD* socket_method() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "daicho socket");
        check(made != nullptr && BIO_meth_set_write(made, bio_write) == 1 &&
                  BIO_meth_set_read(made, bio_read) == 1 &&
                  BIO_meth_set_ctrl(made, bio_control) == 1,
              "a BIO method can be made");
        return made;
    }();
    return method;
}

int take_any_certificate(int, X509_STORE_CTX*) {
    return 1;
}

ContextPtr new_context(const SSL_METHOD* method) {
    ContextPtr context(SSL_CTX_new(method));
    if (!context) throw Fault("OpenSSL: make a TLS context: " + take_errors());
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                           SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context.get(), 0);
    SSL_CTX_set_max_early_data(context.get(), 0);
    // The rest of a write may be sent from another address, and idle connections give their buffers
    // back.
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    // TLS 1.2: forward secrecy and AEAD only (RFC 9325, section 4.2).
    if (SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
        throw Fault("OpenSSL: choose ciphers: " + take_errors());
    }
    return context;
}

/// The first certificate is the identity, the rest its chain.
Status use_identity(SSL_CTX* context, const Identity& identity) {
    const BioPtr bio = bio_of(identity.certificate_pem);
    if (!bio) return fail(Errc::invalid, "certificate text too long");
    const Result<X509Ptr> own = read_certificate(identity.certificate_pem);
    if (!own) return fail(own.error());
    const Result<PkeyPtr> key = read_private_key(identity.private_key_pem.view());
    if (!key) return fail(key.error());
    if (SSL_CTX_use_certificate(context, own->get()) != 1) {
        return fail(Errc::invalid, "certificate refused: " + take_errors());
    }
    X509Ptr first(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    for (X509Ptr next(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)); next;
         next.reset(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))) {
        if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) {
            return fail(Errc::invalid, "certificate chain refused: " + take_errors());
        }
    }
    ERR_clear_error();  // "no start line" ends every chain
    if (SSL_CTX_use_PrivateKey(context, key->get()) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return fail(Errc::invalid, "private key does not fit the certificate: " + take_errors());
    }
    return {};
}

/// At least one; servers also name them to clients so that these can choose.
Status trust(SSL_CTX* context, std::string_view ca_pem, bool name_them) {
    const BioPtr bio = bio_of(ca_pem);
    if (!bio) return fail(Errc::invalid, "CA text too long");
    int count = 0;
    for (X509Ptr ca(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)); ca;
         ca.reset(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))) {
        ++count;
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()) != 1 ||
            (name_them && SSL_CTX_add_client_CA(context, ca.get()) != 1)) {
            return fail(Errc::invalid, "CA certificate refused: " + take_errors());
        }
    }
    ERR_clear_error();
    if (count == 0) return fail(Errc::invalid, "no PEM certificate among the CAs");
    return {};
}

bool is_ip(const std::string& name) {
    std::array<std::uint8_t, 16> raw{};
    return inet_pton(AF_INET, name.c_str(), raw.data()) == 1 ||
           inet_pton(AF_INET6, name.c_str(), raw.data()) == 1;
}

}  // namespace

void detail::FreeContext::operator()(ssl_ctx_st* context) const noexcept {
    SSL_CTX_free(context);
}
void detail::FreeStream::operator()(ssl_st* stream) const noexcept {
    SSL_free(stream);
}

Result<ServerContext> ServerContext::create(const ServerSettings& settings) {
    ContextPtr context = new_context(TLS_server_method());
    Status fine = use_identity(context.get(), settings.identity);
    if (!fine) return fail(fine.error());
    if (settings.client_certificates != ClientCertificates::none) {
        int mode = SSL_VERIFY_PEER;
        if (settings.client_certificates == ClientCertificates::required) {
            mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
        }
        const bool by_chain = !settings.client_ca_pem.empty();
        SSL_CTX_set_verify(context.get(), mode, by_chain ? nullptr : take_any_certificate);
        if (by_chain) fine = trust(context.get(), settings.client_ca_pem, true);
        if (!fine) return fail(fine.error());
    }
    return ServerContext(context.release());
}

Result<ClientContext> ClientContext::create(const ClientSettings& settings) {
    if (settings.server_name.empty()) return fail(Errc::invalid, "whose certificate to expect?");
    ContextPtr context = new_context(TLS_client_method());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    Status fine = trust(context.get(), settings.server_ca_pem, false);
    if (fine && settings.identity) fine = use_identity(context.get(), *settings.identity);
    if (!fine) return fail(fine.error());
    return ClientContext(context.release(), settings.server_name);
}

Stream::Stream(ssl_ctx_st* context, int fd) : ssl_(SSL_new(context)) {
    BIO* const bio = ssl_ ? BIO_new(socket_method()) : nullptr;
    if (bio == nullptr) throw Fault("OpenSSL: make a TLS stream: " + take_errors());
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
}

Stream Stream::accept(const ServerContext& context, int fd) {
    Stream stream(context.context_.get(), fd);
    SSL_set_accept_state(stream.ssl_.get());
    return stream;
}

Stream Stream::connect(const ClientContext& context, int fd) {
    Stream stream(context.context_.get(), fd);
    SSL* const ssl = stream.ssl_.get();
    const std::string& name = context.server_name_;
    // No SNI for an address (RFC 6066, section 3).
    const bool fine = is_ip(name)
                          ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1
                          : SSL_set1_host(ssl, name.c_str()) == 1 &&
                                SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
    if (!fine) throw Fault("OpenSSL: set the server's name: " + take_errors());
    SSL_set_connect_state(ssl);
    return stream;
}

Io Stream::outcome(int returned) {
    const int saved_errno = errno;
    const int error = SSL_get_error(ssl_.get(), returned);
    if (error == SSL_ERROR_WANT_READ) return Io::wants_read;
    if (error == SSL_ERROR_WANT_WRITE) return Io::wants_write;
    end_ = Io::failed;
    if (error == SSL_ERROR_ZERO_RETURN) {
        clean_close_ = true;
        return end_ = Io::closed;
    }
    const unsigned long first = ERR_peek_error();
    const bool cut_off =
        ERR_GET_REASON(first) == SSL_R_UNEXPECTED_EOF_WHILE_READING ||
        (first == 0 && (saved_errno == 0 || saved_errno == ECONNRESET || saved_errno == EPIPE));
    if (cut_off && ready_) {
        ERR_clear_error();
        error_ = "the peer ended without close_notify";
        return end_ = Io::closed;
    }
    error_ = first == 0 ? (saved_errno == 0 ? "the peer ended during the handshake"
                                            : std::strerror(saved_errno))
                        : take_errors();
    const long verdict = SSL_get_verify_result(ssl_.get());
    if (verdict != X509_V_OK && !ready_) {
        error_ += std::string(" (") + X509_verify_cert_error_string(verdict) + ")";
    }
    return Io::failed;
}

Io Stream::handshake() {
    if (end_ != Io::done) return end_;
    ERR_clear_error();
    errno = 0;
    const int returned = SSL_do_handshake(ssl_.get());
    if (returned != 1) return outcome(returned);
    ready_ = true;
    return Io::done;
}

IoResult Stream::read(std::span<std::uint8_t> out) {
    if (end_ != Io::done) return {end_, 0};
    std::size_t have = 0;
    while (have < out.size()) {
        ERR_clear_error();
        errno = 0;
        std::size_t got = 0;
        const int returned = SSL_read_ex(ssl_.get(), out.data() + have, out.size() - have, &got);
        if (returned == 1) {
            have += got;
            continue;
        }
        if (have > 0) {
            // What came stays; the caller meets the reason again at its next read.
            const int error = SSL_get_error(ssl_.get(), returned);
            if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
                (void)outcome(returned);
            return {Io::done, have};
        }
        return {outcome(returned), 0};
    }
    return {Io::done, have};
}

IoResult Stream::write(ByteView bytes) {
    if (end_ != Io::done) return {end_, 0};
    if (bytes.empty()) return {Io::done, 0};
    ERR_clear_error();
    errno = 0;
    std::size_t done = 0;
    const int returned = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &done);
    if (returned == 1) return {Io::done, done};
    return {outcome(returned), 0};
}

Io Stream::close() {
    const bool may_answer = end_ == Io::done || clean_close_;
    // SSL_shutdown must follow neither a fatal error nor an unfinished handshake.
    if (!may_answer || !ready_) return Io::done;
    ERR_clear_error();
    errno = 0;
    const int returned = SSL_shutdown(ssl_.get());
    return returned >= 0 ? Io::done : outcome(returned);
}

std::optional<Digest> Stream::peer_spki() const {
    const X509* certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate == nullptr || !ready_) return std::nullopt;
    return spki_of(certificate);
}

std::string Stream::peer_subject() const {
    const X509* certificate = SSL_get0_peer_certificate(ssl_.get());
    return certificate == nullptr ? std::string() : subject_of(certificate);
}

std::string_view Stream::version() const {
    return SSL_get_version(ssl_.get());
}

}  // namespace daicho::crypto::tls
