// Slow, silent and too many peers; the end.
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>
#include <atomic>

#include <chrono>

#include "app/http/client_for_test.hpp"

namespace daicho::app::http {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::status_of;
using test::TestServer;
using Steady = std::chrono::steady_clock;

Response fine(const Request&) {
    Response response;
    response.body = "fine";
    return response;
}

void quick(ServerSettings& settings) {
    settings.timeouts.handshake = 300ms;
    settings.timeouts.head = 400ms;
    settings.timeouts.body = 400ms;
    settings.timeouts.idle = 600ms;
    settings.timeouts.write = 400ms;
}

const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// How long until the server ends the connection.
std::chrono::milliseconds life_of(Client& client) {
    const auto start = Steady::now();
    client.receive_all();
    EXPECT_TRUE(client.over());
    return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - start);
}

TEST(Connections, EndWhenNothingIsAsked) {
    const TestServer server(fine, quick);
    const auto client = server.client();
    const auto life = life_of(*client);
    EXPECT_GE(life, 500ms);
    EXPECT_LT(life, 4'000ms);
}

TEST(Connections, EndWhenAHeadTrickles) {
    const TestServer server(fine, quick);
    const auto client = server.client();
    const auto start = Steady::now();
    client->wait_ms = 50;
    // A byte every 50 ms would go on for seconds; each byte is well within any idle time.
    for (const char c : request) {
        if (!client->send(std::string(1, c))) break;
        client->receive();
        if (client->over()) break;
    }
    EXPECT_TRUE(client->over()) << "a trickling head was not cut";
    EXPECT_LT(Steady::now() - start, 1'500ms);
}

TEST(Connections, EndWhenABodyTrickles) {
    const TestServer server(fine, quick);
    const auto client = server.client();
    client->send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
    client->wait_ms = 50;
    const auto start = Steady::now();
    for (int i = 0; i < 100 && !client->over(); ++i) {
        client->send("x");
        client->receive();
    }
    EXPECT_TRUE(client->over());
    EXPECT_LT(Steady::now() - start, 3'000ms);
}

TEST(Connections, EndWithoutHandshake) {
    TestServer server(fine, quick);
    const int fd = test::connect_to(server.server().port());
    const auto start = Steady::now();
    char byte = 0;
    EXPECT_EQ(::recv(fd, &byte, 1, 0), 0);
    EXPECT_LT(Steady::now() - start, 3'000ms);
    ::close(fd);
}

TEST(Connections, EndWhenTheAnswerIsNotTaken) {
    std::atomic<std::size_t> pieces = 0;
    class Endless final : public BodySource {
    public:
        explicit Endless(std::atomic<std::size_t>& count) : count_(count) {}
        std::size_t read(std::span<std::uint8_t> out) override {
            ++count_;
            return out.size();
        }

    private:
        std::atomic<std::size_t>& count_;
    };
    TestServer server(
        [&](const Request&) {
            Response response;
            response.source = std::make_unique<Endless>(pieces);
            return response;
        },
        quick);
    const auto client = server.client();
    client->send(request);
    std::this_thread::sleep_for(1'500ms);
    const std::size_t before = pieces;
    EXPECT_LT(before, 1'000U) << "the server reads ahead of a peer that takes nothing";
    std::this_thread::sleep_for(300ms);
    EXPECT_EQ(pieces, before);
}

TEST(Connections, GiveWayToANewcomerWhenTheyWaitLongest) {
    TestServer server(fine, [](ServerSettings& settings) { settings.connections_max = 4; });
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 20; ++i) {
        idle.push_back(server.client());
        ASSERT_TRUE(idle.back()->ready()) << i;
    }
    EXPECT_EQ(server.server().counters().accepted, 20U);
    EXPECT_EQ(server.server().counters().evicted, 16U);
    for (int i = 0; i < 20; ++i) {
        Client& client = *idle[static_cast<std::size_t>(i)];
        client.send(request);
        EXPECT_EQ(status_of(client.receive_answer()), i < 16 ? 0 : 200) << i;
    }
}

TEST(Connections, AreTurnedAwayOnlyWhenAllPlacesAreBusy) {
    std::atomic<bool> open = false;
    TestServer server(
        [&](const Request& asked) {
            while (!open) std::this_thread::sleep_for(1ms);
            return fine(asked);
        },
        [](ServerSettings& settings) { settings.connections_max = 2; });
    const auto first = server.client();
    const auto second = server.client();
    first->send(request);
    second->send(request);
    std::this_thread::sleep_for(300ms);
    const auto third = server.client();
    EXPECT_FALSE(third->ready());
    EXPECT_EQ(server.server().counters().turned_away, 1U);
    open = true;
    EXPECT_EQ(status_of(first->receive_answer()), 200);
    EXPECT_EQ(status_of(second->receive_answer()), 200);
    const auto fourth = server.client();
    EXPECT_TRUE(fourth->ready());
}

TEST(Connections, GiveWayWhenTheirAnswersAreNotTaken) {
    class Endless final : public BodySource {
    public:
        std::size_t read(std::span<std::uint8_t> out) override { return out.size(); }
    };
    TestServer server(
        [](const Request& asked) {
            if (asked.method == Method::get) return fine(asked);
            Response response;
            response.source = std::make_unique<Endless>();
            return response;
        },
        [](ServerSettings& settings) {
            settings.connections_max = 2;
            settings.timeouts.stalled = 300ms;
        });
    const auto first = server.client();
    const auto second = server.client();
    for (const auto& one : {first.get(), second.get()})
        one->send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    std::this_thread::sleep_for(1'500ms);
    const auto newcomer = server.client();
    newcomer->send(request);
    EXPECT_EQ(status_of(newcomer->receive_answer()), 200);
    EXPECT_EQ(server.server().counters().evicted, 1U);
    EXPECT_EQ(server.server().counters().turned_away, 0U);
}

TEST(Connections, AreServedWhileOthersWaitForHeavyWork) {
    std::atomic<bool> open = false;
    std::atomic<std::size_t> begun = 0;
    TestServer server([&](const Request& asked) {
        if (asked.path != "/heavy") return fine(asked);
        ++begun;
        while (!open) std::this_thread::sleep_for(1ms);
        return fine(asked);
    });
    std::vector<std::unique_ptr<Client>> flood;
    for (std::size_t i = 0; i < heavy_per_address_max + 4; ++i) {
        flood.push_back(server.client());
        flood.back()->send("GET /heavy HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    // Whatever becomes of this test, it ends.
    std::thread opener([&] {
        std::this_thread::sleep_for(4s);
        open = true;
    });
    const auto start = Steady::now();
    const auto other = server.client();
    other->send(request);
    EXPECT_EQ(status_of(other->receive_answer()), 200);
    EXPECT_LT(Steady::now() - start, 2s);
    EXPECT_LE(begun, heavy_workers);
    opener.join();
    std::size_t served = 0;
    std::size_t refused = 0;
    for (const auto& one : flood) {
        const int status = status_of(one->receive_answer());
        served += status == 200 ? 1U : 0U;
        refused += status == 503 ? 1U : 0U;
    }
    EXPECT_EQ(served, heavy_per_address_max);
    EXPECT_EQ(refused, 4U);
    // The places are free again.
    flood.front()->send("GET /heavy HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(status_of(flood.front()->receive_answer()), 200);
}

TEST(Connections, AreServedByAServerThatHundredsHoldOpenForNothing) {
    TestServer server(fine);
    std::vector<int> held;
    for (int i = 0; i < 900; ++i) {
        const int fd = test::connect_to(server.server().port());
        if (fd < 0) break;
        held.push_back(fd);
    }
    const auto client = server.client();
    client->send(request);
    EXPECT_EQ(status_of(client->receive_answer()), 200);
    for (const int fd : held) ::close(fd);
}

TEST(Stop, FinishesWhatIsBeingWorkedOn) {
    std::atomic<bool> inside = false;
    std::atomic<bool> open = false;
    TestServer server([&](const Request& asked) {
        inside = true;
        while (!open) std::this_thread::sleep_for(1ms);
        return fine(asked);
    });
    const auto busy = server.client();
    const auto idle = server.client();
    busy->send(request);
    while (!inside) std::this_thread::sleep_for(1ms);
    server.server().stop();
    EXPECT_EQ(idle->receive_all(), "");
    open = true;
    const std::string answer = busy->receive_all();
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    server.stop();
}

TEST(Stop, DoesNotWaitForeverForAPeer) {
    class Endless final : public BodySource {
    public:
        std::size_t read(std::span<std::uint8_t> out) override { return out.size(); }
    };
    TestServer server(
        [](const Request&) {
            Response response;
            response.source = std::make_unique<Endless>();
            return response;
        },
        [](ServerSettings& settings) { settings.timeouts.grace = 200ms; });
    const auto client = server.client();
    client->send(request);
    client->receive();
    const auto start = Steady::now();
    server.stop();
    EXPECT_LT(Steady::now() - start, 5'000ms);
}

TEST(Create, RefusesATakenPortAndABadAddress) {
    TestServer server(fine);
    class Nobody final : public Application {
        Response handle(const Request&) noexcept override { return {}; }
    } nobody;
    const SystemClock clock;
    ServerSettings taken;
    taken.port = server.server().port();
    taken.identity = test::make_identity();
    EXPECT_EQ(Server::create(std::move(taken), nobody, clock, Log::none()).error().code,
              Errc::unavailable);
    ServerSettings bad;
    bad.address = "localhost";
    bad.identity = test::make_identity();
    EXPECT_EQ(Server::create(std::move(bad), nobody, clock, Log::none()).error().code,
              Errc::invalid);
    ServerSettings keyless;
    keyless.port = 0;
    EXPECT_EQ(Server::create(std::move(keyless), nobody, clock, Log::none()).error().code,
              Errc::invalid);
}

}  // namespace
}  // namespace daicho::app::http
