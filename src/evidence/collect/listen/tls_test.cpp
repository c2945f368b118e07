#include <fcntl.h>
#include <gtest/gtest.h>

#include <array>

#include "base/fault.hpp"
#include "evidence/collect/listen/server.hpp"
#include "evidence/collect/listen/test_peer.hpp"
#include "evidence/collect/memory_intake.hpp"

namespace daicho::evidence::collect::listen {
namespace {

namespace tls = crypto::tls;
namespace flag = ledger::event_flag;

tls::CertificateSpec spec(const char* name, tls::Purpose purpose,
                          std::int64_t begins_before_ns = hour_ns) {
    tls::CertificateSpec out;
    out.common_name = name;
    out.dns_names = {name};
    out.ip_addresses = {"127.0.0.1"};
    out.not_before_ns = SystemClock().wall_ns() - begins_before_ns;
    out.days = 1;
    out.purpose = purpose;
    return out;
}

tls::Identity made(Result<tls::Identity> identity) {
    check(identity.has_value(), "the test's certificates are right");
    return std::move(*identity);
}

class TlsListening : public ::testing::Test {
protected:
    TlsListening()
        : ca_(made(tls::make_ca(spec("test-ca", tls::Purpose::server)))),
          foreign_ca_(made(tls::make_ca(spec("foreign-ca", tls::Purpose::server)))),
          server_identity_(made(tls::issue(ca_, spec("daicho.test", tls::Purpose::server)))) {}

    void start(tls::ClientCertificates rule) {
        auto context =
            tls::ServerContext::create({std::move(server_identity_), rule, ca_.certificate_pem});
        ASSERT_TRUE(context.has_value());
        context_ = std::make_unique<tls::ServerContext>(std::move(*context));
        Options options;
        options.tls = Endpoint{"127.0.0.1", 0};
        options.limits.handshake_ns = handshake_ns_;
        options.limits.handshakes_max = handshakes_max_;
        server_ = std::make_unique<SyslogServer>(options, intake_, board_, registry_, clock_,
                                                 context_.get());
        ASSERT_TRUE(server_->start().has_value());
    }

    /// Connects, shakes hands, sends one counted message; false when the server would not have it.
    bool send_as(const tls::Identity* identity, const std::string& message, int fd = -1) {
        const Fd own = fd < 0 ? connected(server_->tls_port()) : Fd();
        const int used = fd < 0 ? own.get() : fd;
        tls::ClientSettings settings;
        settings.server_ca_pem = ca_.certificate_pem;
        settings.server_name = "daicho.test";
        if (identity != nullptr) {
            settings.identity =
                tls::Identity{identity->certificate_pem, identity->private_key_pem.clone()};
        }
        const auto context = tls::ClientContext::create(settings);
        EXPECT_TRUE(context.has_value());
        const int flags = ::fcntl(used, F_GETFL);
        ::fcntl(used, F_SETFL, flags | O_NONBLOCK);
        auto stream = tls::Stream::connect(*context, used);
        if (drive(used, [&] { return stream.handshake(); }) != tls::Io::done) return false;
        const std::string bytes = std::to_string(message.size()) + " " + message;
        std::size_t sent = 0;
        const tls::Io wrote = drive(used, [&] {
            const auto result = stream.write(view_of(std::string_view(bytes).substr(sent)));
            sent += result.bytes;
            return result.state == tls::Io::done && sent < bytes.size() ? tls::Io::wants_write
                                                                        : result.state;
        });
        if (wrote != tls::Io::done) return false;
        (void)stream.close();
        // TLS 1.3 tells a client about a refused certificate only after its handshake: by closing.
        std::array<std::uint8_t, 16> nothing{};
        return drive(used, [&] { return stream.read(nothing).state; }) == tls::Io::closed;
    }

    bool send_with(const Result<tls::Identity>& identity, const std::string& message) {
        return send_as(&*identity, message);
    }

    std::int64_t handshake_ns_ = second_ns;
    std::size_t handshakes_max_ = Limits{}.handshakes_max;
    tls::Identity ca_;
    tls::Identity foreign_ca_;
    tls::Identity server_identity_;
    MemoryIntake intake_;
    SystemClock clock_;
    SourceBoard board_{clock_, [](WallNs t) { return static_cast<std::int32_t>(t / day_ns); }};
    NoSources registry_;
    std::unique_ptr<tls::ServerContext> context_;
    std::unique_ptr<SyslogServer> server_;
};

TEST_F(TlsListening, a_client_certificate_is_the_identity_of_the_source) {
    start(tls::ClientCertificates::optional);
    const auto client = made(tls::issue(ca_, spec("sender-1", tls::Purpose::client)));
    const std::string source =
        "tls:" + tls::inspect_certificate(client.certificate_pem)->spki.hex();
    EXPECT_TRUE(send_as(&client, "<34>1 - another-host a - - - forged host\n<34>1 and line"));
    ASSERT_TRUE(eventually([&] { return intake_.of(source).size() == 1; }));
    const auto event = intake_.of(source)[0];
    EXPECT_EQ(event.bytes, "<34>1 - another-host a - - - forged host\n<34>1 and line");
    EXPECT_EQ(event.flags, flag::unregistered) << "the source is authenticated";
    EXPECT_EQ(event.transport, ledger::Transport::tls);
}

TEST_F(TlsListening,
       without_a_certificate_the_source_is_an_unauthenticated_address_where_that_is_allowed) {
    start(tls::ClientCertificates::optional);
    EXPECT_TRUE(send_as(nullptr, "<34>1 - h a - - - x"));
    ASSERT_TRUE(eventually([&] { return intake_.of("tls-anon:127.0.0.1").size() == 1; }));
    EXPECT_EQ(intake_.of("tls-anon:127.0.0.1")[0].flags,
              flag::unregistered | flag::unauthenticated);
}

TEST_F(TlsListening, wrong_expired_foreign_and_missing_certificates_are_refused) {
    start(tls::ClientCertificates::required);
    EXPECT_FALSE(send_as(nullptr, "<34>1 - h a - - - none"));
    EXPECT_FALSE(send_with(tls::issue(foreign_ca_, spec("sender-1", tls::Purpose::client)),
                           "<34>1 - h a - - - foreign"));
    EXPECT_FALSE(send_with(tls::issue(ca_, spec("sender-1", tls::Purpose::client, 3 * day_ns)),
                           "<34>1 - h a - - - expired"));
    EXPECT_FALSE(send_with(tls::issue(ca_, spec("sender-1", tls::Purpose::client, -day_ns)),
                           "<34>1 - h a - - - not yet"));
    EXPECT_FALSE(send_with(tls::make_self_signed(spec("sender-1", tls::Purpose::client)),
                           "<34>1 - h a - - - self"));
    EXPECT_FALSE(send_with(tls::issue(ca_, spec("daicho.test", tls::Purpose::server)),
                           "<34>1 - h a - - - wrong purpose"));
    ASSERT_TRUE(eventually([&] { return server_->counters().tls_failed == 6; }))
        << server_->counters().tls_failed;
    EXPECT_EQ(intake_.events(), 0U);
    EXPECT_TRUE(send_with(tls::issue(ca_, spec("sender-1", tls::Purpose::client)),
                          "<34>1 - h a - - - good"));
    ASSERT_TRUE(eventually([&] { return intake_.events() == 1; }));
}

TEST_F(TlsListening, a_handshake_that_comes_byte_by_byte_is_as_good_as_any) {
    start(tls::ClientCertificates::required);
    int pair[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    const Fd client_end(pair[0]);
    Fd relay_end(pair[1]);
    Fd server_end = connected(server_->tls_port());
    const int on = 1;
    ::setsockopt(server_end.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::thread relay([&] {
        while (true) {
            pollfd both[2] = {{relay_end.get(), POLLIN, 0}, {server_end.get(), POLLIN, 0}};
            if (::poll(both, 2, 5000) <= 0) break;
            char byte = 0;
            char many[4096];
            if (both[0].revents != 0) {
                if (::recv(relay_end.get(), &byte, 1, 0) != 1) break;
                if (::send(server_end.get(), &byte, 1, MSG_NOSIGNAL) != 1) break;
            }
            if (both[1].revents != 0) {
                const ssize_t got = ::recv(server_end.get(), many, sizeof many, 0);
                if (got <= 0) break;
                if (::send(relay_end.get(), many, static_cast<std::size_t>(got), MSG_NOSIGNAL) !=
                    got)
                    break;
            }
        }
        relay_end.reset();
        server_end.reset();
    });
    const auto client = made(tls::issue(ca_, spec("sender-1", tls::Purpose::client)));
    EXPECT_TRUE(send_as(&client, "<34>1 - h a - - - slowly", client_end.get()));
    relay.join();
    ASSERT_TRUE(eventually([&] { return intake_.events() == 1; }));
    EXPECT_EQ(intake_.sources()[0].substr(0, 4), "tls:");
}

TEST_F(TlsListening, who_never_finishes_the_handshake_is_cut_off) {
    start(tls::ClientCertificates::optional);
    const Fd silent = connected(server_->tls_port());
    const Fd plain = connected(server_->tls_port());
    ASSERT_TRUE(send_all(plain, "<34>1 - h a - - - no TLS at all\n"));
    ASSERT_TRUE(eventually(
        [&] { return server_->counters().tls_failed >= 1 && server_->counters().timed_out >= 1; }));
    ASSERT_TRUE(eventually([&] { return server_->counters().open == 0; }));
    EXPECT_EQ(intake_.events(), 0U);
}

TEST_F(TlsListening, unfinished_handshakes_give_way_to_a_sender_with_a_certificate) {
    handshakes_max_ = 4;
    handshake_ns_ = minute_ns;
    start(tls::ClientCertificates::optional);
    std::vector<Fd> idle;
    for (int i = 0; i < 12; ++i) {
        idle.push_back(connected(server_->tls_port()));
        ASSERT_TRUE(send_all(idle.back(), "\x16\x03\x01"));
    }
    const auto client = made(tls::issue(ca_, spec("sender-1", tls::Purpose::client)));
    EXPECT_TRUE(send_as(&client, "<34>1 - h a - - - through"));
    EXPECT_EQ(server_->counters().refused_full, 9U);
    EXPECT_EQ(receive_within(idle.front(), 5'000), 0) << "the oldest went first";
    EXPECT_EQ(receive_within(idle.back(), 200), -1) << "the youngest may go on";
}

TEST_F(TlsListening, large_amounts_arrive_whole_while_the_ledger_is_full_at_times) {
    start(tls::ClientCertificates::required);
    const auto client = made(tls::issue(ca_, spec("sender-1", tls::Purpose::client)));
    std::atomic<bool> done{false};
    std::thread moody([&] {
        while (!done) {
            intake_.full = !intake_.full;
            std::this_thread::sleep_for(std::chrono::milliseconds(3));
        }
        intake_.full = false;
    });
    std::string message = "<34>1 - h a - - - ";
    for (int i = 0; i < 400'000; ++i) message += std::to_string(i) + ' ';
    const bool sent = send_as(&client, message);
    done = true;
    moody.join();
    EXPECT_TRUE(sent);
    ASSERT_TRUE(eventually([&] { return intake_.events() == 1; }));
    EXPECT_EQ(intake_.of(intake_.sources()[0])[0].bytes, message);
}

}  // namespace
}  // namespace daicho::evidence::collect::listen
