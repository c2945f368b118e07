#include "crypto/tls/stream.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ctime>
#include <utility>

#include "crypto/random.hpp"

namespace daicho::crypto::tls {
namespace {

/// Two connected descriptors that do not block, closed at the end.
class Pair {
public:
    Pair() {
        std::array<int, 2> fds{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) != 0) std::abort();
        server = fds[0];
        client = fds[1];
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    ~Pair() {
        close_end(server);
        close_end(client);
    }
    static void close_end(int& fd) {
        if (fd >= 0) ::close(fd);
        fd = -1;
    }
    int server = -1;
    int client = -1;
};

Identity clone(const Identity& identity) {
    return {identity.certificate_pem, identity.private_key_pem.clone()};
}

CertificateSpec spec_of(const std::string& name, Purpose purpose = Purpose::server) {
    CertificateSpec spec;
    spec.common_name = name;
    spec.dns_names = {name};
    spec.ip_addresses = {"192.0.2.1"};
    spec.not_before_ns =
        (std::time(nullptr) - 3600) * second_ns;  // OpenSSL checks by the real clock
    spec.days = 2;
    spec.purpose = purpose;
    return spec;
}

/// Goes on with both sides in turn until neither can.
std::pair<Io, Io> shake(Stream& server, Stream& client) {
    Io a = Io::wants_read;
    Io b = Io::wants_read;
    const auto going = [](Io io) { return io == Io::wants_read || io == Io::wants_write; };
    for (int i = 0; i < 20 && (going(a) || going(b)); ++i) {
        if (going(b)) b = client.handshake();
        if (going(a)) a = server.handshake();
    }
    return {a, b};
}

class TlsTest : public testing::Test {
protected:
    [[nodiscard]] ServerContext server(ClientCertificates mode = ClientCertificates::none,
                                       std::string client_ca = {}) const {
        ServerSettings settings;
        settings.identity = issue(ca_, spec_of("log.example.jp")).value();
        settings.client_certificates = mode;
        settings.client_ca_pem = std::move(client_ca);
        return ServerContext::create(settings).value();
    }
    [[nodiscard]] ClientContext client(const Identity* identity = nullptr,
                                       const std::string& name = "log.example.jp") const {
        ClientSettings settings;
        settings.server_ca_pem = ca_.certificate_pem;
        settings.server_name = name;
        if (identity != nullptr) settings.identity = clone(*identity);
        return ClientContext::create(settings).value();
    }
    const Identity ca_ = make_ca(spec_of("ca.example.jp")).value();
    Pair pair_;
};

TEST_F(TlsTest, CarriesBytesBothWaysAndEndsCleanly) {
    const ServerContext server_context = server();
    const ClientContext client_context = client();
    Stream a = Stream::accept(server_context, pair_.server);
    Stream b = Stream::connect(client_context, pair_.client);
    ASSERT_EQ(shake(a, b), (std::pair{Io::done, Io::done})) << a.error() << b.error();
    EXPECT_EQ(a.version(), "TLSv1.3");
    EXPECT_FALSE(a.peer_spki().has_value());
    EXPECT_EQ(a.peer_subject(), "");

    EXPECT_EQ(b.write(view_of("7 <13>1 -")).bytes, 9U);
    Bytes in(100);
    const IoResult got = a.read(in);
    EXPECT_EQ(got.state, Io::done);
    EXPECT_EQ(text_of(ByteView(in).first(got.bytes)), "7 <13>1 -");
    EXPECT_EQ(a.read(in).state, Io::wants_read);
    EXPECT_EQ(a.write(view_of("ok")).bytes, 2U);
    EXPECT_EQ(b.read(in).bytes, 2U);

    EXPECT_EQ(b.close(), Io::done);
    EXPECT_EQ(a.read(in).state, Io::closed);
    EXPECT_TRUE(a.clean_close());
    EXPECT_EQ(a.read(in).state, Io::closed);
    EXPECT_EQ(a.close(), Io::done);
}

TEST_F(TlsTest, KnowsItsPeerByTheKeyOfTheCertificate) {
    const Identity sender = issue(ca_, spec_of("sender.example.jp", Purpose::client)).value();
    const ServerContext server_context = server(ClientCertificates::required, ca_.certificate_pem);
    const ClientContext client_context = client(&sender);
    Stream a = Stream::accept(server_context, pair_.server);
    Stream b = Stream::connect(client_context, pair_.client);
    ASSERT_EQ(shake(a, b), (std::pair{Io::done, Io::done})) << a.error() << b.error();
    EXPECT_EQ(a.peer_spki(), inspect_certificate(sender.certificate_pem).value().spki);
    EXPECT_EQ(a.peer_subject(), "CN=sender.example.jp");
}

TEST_F(TlsTest, TakesAnyKeyByFingerprintWhenThereIsNoCa) {
    CertificateSpec old = spec_of("self-signed", Purpose::client);
    old.not_before_ns -= 100 * day_ns;  // expired long ago: the caller decides by the key alone
    const Identity sender = make_self_signed(old).value();
    const ServerContext server_context = server(ClientCertificates::required);
    const ClientContext client_context = client(&sender);
    Stream a = Stream::accept(server_context, pair_.server);
    Stream b = Stream::connect(client_context, pair_.client);
    ASSERT_EQ(shake(a, b), (std::pair{Io::done, Io::done})) << a.error() << b.error();
    EXPECT_EQ(a.peer_spki(), inspect_certificate(sender.certificate_pem).value().spki);
}

TEST_F(TlsTest, RefusesAClientWithoutExpiredWithForeignOrWithServerCertificate) {
    const Identity foreign_ca = make_ca(spec_of("foreign-ca.example.jp")).value();
    CertificateSpec old = spec_of("old", Purpose::client);
    old.not_before_ns -= 100 * day_ns;
    const Identity foreign = issue(foreign_ca, spec_of("x", Purpose::client)).value();
    const Identity expired = issue(ca_, old).value();
    const Identity wrong_purpose = issue(ca_, spec_of("x", Purpose::server)).value();
    const ServerContext server_context = server(ClientCertificates::required, ca_.certificate_pem);
    const Identity* const none = nullptr;
    for (const Identity* identity : {none, &foreign, &expired, &wrong_purpose}) {
        const Pair pair;
        const ClientContext client_context = client(identity);
        Stream a = Stream::accept(server_context, pair.server);
        Stream b = Stream::connect(client_context, pair.client);
        EXPECT_EQ(shake(a, b).first, Io::failed);
        EXPECT_NE(a.error(), "");
        EXPECT_EQ(a.handshake(), Io::failed) << "and stays so";
        EXPECT_FALSE(a.peer_spki().has_value());
        Bytes in(10);
        EXPECT_EQ(b.read(in).state, Io::failed);
    }
}

TEST_F(TlsTest, LetsAClientComeWithoutCertificateWhenOptionalButNotWithABadOne) {
    const Identity foreign = make_self_signed(spec_of("x", Purpose::client)).value();
    const ServerContext server_context = server(ClientCertificates::optional, ca_.certificate_pem);
    {
        const ClientContext client_context = client();
        Stream a = Stream::accept(server_context, pair_.server);
        Stream b = Stream::connect(client_context, pair_.client);
        EXPECT_EQ(shake(a, b), (std::pair{Io::done, Io::done}));
    }
    const Pair pair;
    const ClientContext client_context = client(&foreign);
    Stream a = Stream::accept(server_context, pair.server);
    Stream b = Stream::connect(client_context, pair.client);
    EXPECT_EQ(shake(a, b).first, Io::failed);
}

TEST_F(TlsTest, LetsAClientRefuseAServerOfAnotherNameOrCa) {
    const ServerContext server_context = server();
    for (const std::string& name : {std::string("other.example.jp"), std::string("192.0.2.9")}) {
        const Pair pair;
        const ClientContext client_context = client(nullptr, name);
        Stream a = Stream::accept(server_context, pair.server);
        Stream b = Stream::connect(client_context, pair.client);
        EXPECT_EQ(shake(a, b).second, Io::failed) << name;
        EXPECT_NE(b.error().find("mismatch"), std::string::npos) << b.error();
    }
    const ClientContext by_address = client(nullptr, "192.0.2.1");
    Stream a = Stream::accept(server_context, pair_.server);
    Stream b = Stream::connect(by_address, pair_.client);
    EXPECT_EQ(shake(a, b), (std::pair{Io::done, Io::done})) << b.error();
}

/// What passes between a client and the server, moved by the test a few bytes at a time.
void move_some(int from, int to, std::size_t most) {
    Bytes bytes(most);
    const ssize_t got = ::recv(from, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got <= 0) return;
    ASSERT_EQ(::send(to, bytes.data(), static_cast<std::size_t>(got), 0), got);
}

TEST_F(TlsTest, ShakesHandsByteByByte) {
    const ServerContext server_context = server();
    const ClientContext client_context = client();
    const Pair far;  // client's side
    Stream a = Stream::accept(server_context, pair_.server);
    Stream b = Stream::connect(client_context, far.server);
    Io server_state = Io::wants_read;
    Io client_state = Io::wants_read;
    for (int i = 0; i < 100'000 && (server_state != Io::done || client_state != Io::done); ++i) {
        if (client_state != Io::done) client_state = b.handshake();
        if (server_state != Io::done) server_state = a.handshake();
        ASSERT_NE(server_state, Io::failed) << a.error();
        ASSERT_NE(client_state, Io::failed) << b.error();
        move_some(far.client, pair_.client, 1);
        move_some(pair_.client, far.client, 1);
    }
    EXPECT_EQ(server_state, Io::done);
    EXPECT_EQ(client_state, Io::done);
}

TEST_F(TlsTest, SaysWhenTheSocketIsFullAndGoesOnLater) {
    const ServerContext server_context = server();
    const ClientContext client_context = client();
    Stream a = Stream::accept(server_context, pair_.server);
    Stream b = Stream::connect(client_context, pair_.client);
    ASSERT_EQ(shake(a, b), (std::pair{Io::done, Io::done}));
    Bytes sent(4'000'000);
    random_fill(sent);
    Bytes received;
    std::size_t at = 0;
    bool was_full = false;
    Bytes in(50'000);
    while (received.size() < sent.size()) {
        while (at < sent.size()) {
            const Bytes part(sent.begin() + static_cast<std::ptrdiff_t>(at),
                             sent.end());  // elsewhere each time
            const IoResult put = b.write(part);
            if (put.state == Io::wants_write) was_full = true;
            if (put.state != Io::done) break;
            at += put.bytes;
        }
        const IoResult got = a.read(in);
        ASSERT_TRUE(got.state == Io::done || got.state == Io::wants_read) << a.error();
        received.insert(received.end(), in.begin(),
                        in.begin() + static_cast<std::ptrdiff_t>(got.bytes));
    }
    EXPECT_TRUE(was_full);
    EXPECT_EQ(received, sent);
}

TEST_F(TlsTest, TellsACutConnectionFromAClosedOne) {
    const ServerContext server_context = server();
    const ClientContext client_context = client();
    Stream a = Stream::accept(server_context, pair_.server);
    Stream b = Stream::connect(client_context, pair_.client);
    ASSERT_EQ(shake(a, b), (std::pair{Io::done, Io::done}));
    EXPECT_EQ(b.write(view_of("last")).state, Io::done);
    Pair::close_end(pair_.client);
    Bytes in(100);
    EXPECT_EQ(a.read(in).bytes, 4U);
    EXPECT_EQ(a.read(in).state, Io::closed);
    EXPECT_FALSE(a.clean_close());
    EXPECT_NE(a.error(), "");
    EXPECT_EQ(a.write(view_of("x")).state, Io::closed);
    EXPECT_EQ(a.close(), Io::done);
}

TEST_F(TlsTest, WritesToAPeerThatWentAwayWithoutBeingKilled) {
    const ServerContext server_context = server();
    const ClientContext client_context = client();
    Stream a = Stream::accept(server_context, pair_.server);
    Stream b = Stream::connect(client_context, pair_.client);
    ASSERT_EQ(shake(a, b), (std::pair{Io::done, Io::done}));
    Pair::close_end(pair_.client);
    // SIGPIPE's default would end this test program here.
    EXPECT_EQ(a.write(Bytes(100'000)).state, Io::closed);
}

TEST_F(TlsTest, SurvivesGarbageAtEveryMomentOfAHandshake) {
    const ServerContext server_context = server(ClientCertificates::optional);
    for (std::size_t round = 0; round < 400; ++round) {
        const Pair pair;
        const ClientContext client_context = client();
        Stream a = Stream::accept(server_context, pair.server);
        Bytes hello(round * 4);
        if (round % 2 == 0) {
            random_fill(hello);
        } else {
            // A real ClientHello, cut off or damaged at one place.
            const Pair other;
            Stream b = Stream::connect(client_context, other.server);
            (void)b.handshake();
            hello.resize(2000);
            const ssize_t got = ::recv(other.client, hello.data(), hello.size(), MSG_DONTWAIT);
            ASSERT_GT(got, 0);
            hello.resize(static_cast<std::size_t>(got));
            if (round % 4 == 1) hello.resize(round % hello.size());
            if (round % 4 == 3) hello[round % hello.size()] ^= 0x55;
        }
        ASSERT_EQ(::send(pair.client, hello.data(), hello.size(), 0),
                  static_cast<ssize_t>(hello.size()));
        for (int i = 0; i < 3; ++i) (void)a.handshake();
        ::shutdown(pair.client, SHUT_WR);
        Io last = a.handshake();
        if (last == Io::wants_read) last = a.handshake();
        EXPECT_EQ(last, Io::failed) << round;
        EXPECT_NE(a.error(), "");
    }
    // The thread's error queue is clean: an honest client still gets through.
    const ClientContext client_context = client();
    Stream a = Stream::accept(server_context, pair_.server);
    Stream b = Stream::connect(client_context, pair_.client);
    EXPECT_EQ(shake(a, b), (std::pair{Io::done, Io::done})) << a.error();
}

TEST_F(TlsTest, RefusesAContextThatCantWork) {
    ServerSettings settings;
    settings.identity.certificate_pem = "nothing";
    EXPECT_EQ(ServerContext::create(settings).error().code, Errc::invalid);
    settings.identity = issue(ca_, spec_of("a")).value();
    settings.identity.private_key_pem = issue(ca_, spec_of("b")).value().private_key_pem.clone();
    EXPECT_EQ(ServerContext::create(settings).error().code, Errc::invalid) << "key of another";
    settings.identity = issue(ca_, spec_of("a")).value();
    settings.client_certificates = ClientCertificates::required;
    settings.client_ca_pem = "nothing";
    EXPECT_EQ(ServerContext::create(settings).error().code, Errc::invalid);
    EXPECT_FALSE(ClientContext::create({}).has_value());
}

}  // namespace
}  // namespace daicho::crypto::tls
