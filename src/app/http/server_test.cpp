#include "app/http/server.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "app/http/client_for_test.hpp"
#include "base/fault.hpp"

namespace daicho::app::http {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::status_of;
using test::TestServer;

Response echo(const Request& request) {
    Response response;
    response.set("Content-Type", "text/plain");
    response.body =
        std::string(name_of(request.method)) + " " + request.path + " [" + request.body + "]";
    return response;
}

std::string get(const std::string& path, const std::string& more = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}
const std::string closing = "Connection: close\r\n";

TEST(Server, AnswersWithBodyAndSecurityHeaders) {
    const TestServer server(echo);
    const std::string answer = server.ask(get("/a", closing));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nGET /a []")) << answer;
    for (const char* field :
         {"Content-Security-Policy: default-src 'none';",
          "Strict-Transport-Security: ", "X-Content-Type-Options: nosniff",
          "Referrer-Policy: no-referrer", "Cache-Control: no-store",
          "Cross-Origin-Opener-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin",
          "Cross-Origin-Embedder-Policy: require-corp", "Permissions-Policy: ", "Date: "}) {
        EXPECT_NE(answer.find(field), std::string::npos) << field;
    }
}

TEST(Server, KeepsAConnectionForManyRequests) {
    const TestServer server(echo);
    const auto client = server.client();
    for (int i = 0; i < 50; ++i) {
        client->send(get("/" + std::to_string(i)));
        EXPECT_TRUE(client->receive_answer().ends_with("GET /" + std::to_string(i) + " []"));
    }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    const TestServer server(echo);
    const std::string post = "POST /b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nxyz";
    const std::string answers = server.ask(get("/a") + post + get("/c", closing));
    const std::size_t a = answers.find("GET /a []");
    const std::size_t b = answers.find("POST /b [xyz]");
    const std::size_t c = answers.find("GET /c []");
    EXPECT_LT(a, b);
    EXPECT_LT(b, c);
    EXPECT_NE(c, std::string::npos);
}

TEST(Server, ReadsBodiesOfBothFramings) {
    const TestServer server(echo);
    EXPECT_TRUE(server
                    .ask("POST /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                    .ends_with("POST /a [abcde]"));
    const std::string large(1'000'000, 'x');
    EXPECT_TRUE(server
                    .ask("PUT /a HTTP/1.1\r\nHost: localhost\r\nConnection: "
                         "close\r\nContent-Length: 1000000\r\n\r\n" +
                         large)
                    .ends_with("PUT /a [" + large + "]"));
}

TEST(Server, InvitesABodyThatWaitsForIt) {
    const TestServer server(echo);
    const auto client = server.client();
    client->send(
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client->receive(), "HTTP/1.1 100 Continue\r\n\r\n");
    client->send("hi");
    EXPECT_TRUE(client->receive_answer().ends_with("POST /a [hi]"));
}

TEST(Server, AnswersHeadWithoutBodyButWithItsLength) {
    const TestServer server(echo);
    const std::string answer =
        server.ask("HEAD /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_NE(answer.find("Content-Length: 10\r\n"), std::string::npos) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

struct Attack {
    const char* bytes;
    int status;
};

TEST(Server, RefusesWhatTheGateRefusesOverARealConnection) {
    int handled = 0;
    TestServer server([&](const Request& request) {
        ++handled;
        return echo(request);
    });
    const Attack attacks[] = {
        {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: "
         "chunked\r\n\r\n0\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
         "identity\r\n\r\n0\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
         400},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1, 1\r\n\r\nx", 400},
        {"POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
        {"GET https://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: localhost\n\n", 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nX(Y): b\r\n\r\n", 400},
        {"GET /a/../b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET /a%2fb HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET /a#b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx", 400},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2097153\r\n\r\nx", 413},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501},
        {"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501},
        {"GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", 505},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
         "chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
         "chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
         400},
    };
    std::uint64_t refused = 0;
    for (const Attack& attack : attacks) {
        const std::string answer = server.ask(attack.bytes);
        EXPECT_EQ(status_of(answer), attack.status) << attack.bytes << "\n" << answer;
        EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos) << attack.bytes;
        EXPECT_NE(answer.find("application/problem+json"), std::string::npos) << attack.bytes;
        EXPECT_EQ(answer.find("HTTP/1.1", 5), std::string::npos)
            << "a second answer to " << attack.bytes;
        EXPECT_EQ(server.server().counters().refused, ++refused) << attack.bytes;
    }
    const std::string nul =
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: a" + std::string(1, '\0') + "b\r\n\r\n";
    EXPECT_EQ(status_of(server.ask(nul)), 400);
    EXPECT_EQ(handled, 0) << "a handler saw a request that the gate should have kept away";
}

TEST(Server, RefusesAChunkedBodyOverTheLimit) {
    const TestServer server(echo);
    std::string body;
    for (int i = 0; i < 3; ++i) body += "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
    const std::string answer =
        server.ask("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" +
                   body + "0\r\n\r\n");
    EXPECT_EQ(status_of(answer), 413) << answer;
}

TEST(Server, TellsPlainHttpToUseHttps) {
    TestServer server(echo);
    const int fd = test::connect_to(server.server().port());
    const std::string request = get("/");
    ASSERT_EQ(::send(fd, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
    std::string answer;
    char part[4096];
    for (ssize_t got = ::recv(fd, part, sizeof part, 0); got > 0;
         got = ::recv(fd, part, sizeof part, 0)) {
        answer.append(part, static_cast<std::size_t>(got));
    }
    ::close(fd);
    EXPECT_EQ(status_of(answer), 400);
    EXPECT_NE(answer.find("HTTPS only"), std::string::npos);
}

class Pieces final : public BodySource {
public:
    Pieces(int count, bool breaks) : left_(count), breaks_(breaks) {}
    std::size_t read(std::span<std::uint8_t> out) override {
        if (left_-- == 0) {
            if (breaks_) throw Fault("the disk is gone");
            return 0;
        }
        const std::size_t size = std::min<std::size_t>(out.size(), 50'000);
        std::fill_n(out.begin(), size, static_cast<std::uint8_t>('p'));
        return size;
    }

private:
    int left_;
    bool breaks_;
};

Response stream_of(int pieces, std::optional<std::uint64_t> size, bool breaks = false) {
    Response response;
    response.source = std::make_unique<Pieces>(pieces, breaks);
    response.source_size = size;
    return response;
}

TEST(Server, StreamsWithKnownAndUnknownSize) {
    const TestServer server([](const Request& request) {
        return request.path == "/known" ? stream_of(20, 1'000'000) : stream_of(20, std::nullopt);
    });
    const std::string known = server.ask(get("/known", closing));
    EXPECT_NE(known.find("Content-Length: 1000000\r\n"), std::string::npos);
    EXPECT_EQ(known.size() - known.find("\r\n\r\n") - 4, 1'000'000U);
    const std::string chunked = server.ask(get("/unknown", closing));
    EXPECT_NE(chunked.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_EQ(std::count(chunked.begin() + static_cast<std::ptrdiff_t>(chunked.find("\r\n\r\n")),
                         chunked.end(), 'p'),
              1'000'000);
    EXPECT_TRUE(chunked.ends_with("\r\n0\r\n\r\n"));
    const std::string old = server.ask("GET /unknown HTTP/1.0\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(old.size() - old.find("\r\n\r\n") - 4, 1'000'000U);
}

TEST(Server, LetsAPeerSeeThatAStreamBroke) {
    const TestServer server([](const Request&) { return stream_of(2, std::nullopt, true); });
    const std::string answer = server.ask(get("/a", closing));
    EXPECT_FALSE(answer.ends_with("0\r\n\r\n"));
    const TestServer lying([](const Request&) { return stream_of(2, 1'000'000); });
    const std::string shorter = lying.ask(get("/a", closing));
    EXPECT_LT(shorter.size(), 1'000'000U);
}

TEST(Server, AnswersUnavailableWhenTheQueueIsFull) {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int inside = 0;
    TestServer server(
        [&](const Request& request) {
            std::unique_lock lock(mutex);
            ++inside;
            changed.notify_all();
            changed.wait(lock, [&] { return open; });
            return echo(request);
        },
        [](ServerSettings& settings) {
            settings.workers = 1;
            settings.queue_max = 1;
        });
    const auto first = server.client();
    first->send(get("/1"));
    {
        std::unique_lock lock(mutex);
        ASSERT_TRUE(changed.wait_for(lock, 5s, [&] { return inside == 1; }));
    }
    const auto second = server.client();
    second->send(get("/2"));
    std::string third;
    // The second may reach the queue after the third: whoever comes last is refused, and keeps its
    // connection.
    const auto refused = server.client();
    for (int i = 0; i < 100 && status_of(third) != 503; ++i) {
        refused->wait_ms = 50;
        refused->send(get("/3"));
        third = refused->receive_answer();
        if (third.empty()) break;
    }
    if (third.empty()) {
        second->wait_ms = 2'000;
        third = second->receive_answer();
    }
    EXPECT_EQ(status_of(third), 503);
    EXPECT_NE(third.find("Retry-After: "), std::string::npos);
    EXPECT_EQ(third.find("Connection: close"), std::string::npos);
    {
        const std::lock_guard lock(mutex);
        open = true;
    }
    changed.notify_all();
    EXPECT_EQ(status_of(first->receive_answer()), 200);
}

}  // namespace
}  // namespace daicho::app::http
