#include "evidence/collect/listen/server.hpp"

#include <gtest/gtest.h>

#include <set>

#include "evidence/collect/listen/test_peer.hpp"
#include "evidence/collect/memory_intake.hpp"

namespace daicho::evidence::collect::listen {
namespace {

namespace flag = ledger::event_flag;

std::string counted(const std::string& message) {
    return std::to_string(message.size()) + " " + message;
}

class Listening : public ::testing::Test {
protected:
    Listening() {
        options_.tcp = Endpoint{"127.0.0.1", 0};
        options_.udp = Endpoint{"127.0.0.1", 0};
        options_.refused = [this](std::string_view, std::string_view) { ++refused_; };
    }
    void start() {
        server_ =
            std::make_unique<SyslogServer>(options_, intake_, board_, registry_, clock_, nullptr);
        const Status started = server_->start();
        ASSERT_TRUE(started.has_value()) << started.error().message;
    }
    std::vector<MemoryIntake::Event> tcp_events() const { return intake_.of("tcp:127.0.0.1"); }

    Options options_;
    std::atomic<int> refused_{0};
    MemoryIntake intake_;
    SystemClock clock_;
    SourceBoard board_{clock_, [](WallNs t) { return static_cast<std::int32_t>(t / day_ns); }};
    NoSources registry_;
    std::unique_ptr<SyslogServer> server_;
};

TEST_F(Listening, tcp_events_arrive_exactly_and_nothing_is_ever_answered) {
    start();
    const Fd peer = connected(server_->tcp_port());
    std::string hostile = "<34>1 - h a - - - ";
    for (int c = 0; c < 256; ++c) hostile.push_back(static_cast<char>(c));
    const std::string forged =
        "<34>1 - h a - - - x\n<38>1 - h sshd - - - Accepted password for root";
    ASSERT_TRUE(send_all(peer, counted(hostile) + counted(forged)));
    ASSERT_TRUE(eventually([&] { return tcp_events().size() == 2; }));
    EXPECT_EQ(tcp_events()[0].bytes, hostile);
    EXPECT_EQ(tcp_events()[0].flags,
              flag::unauthenticated | flag::unregistered | flag::invalid_utf8);
    EXPECT_EQ(tcp_events()[1].bytes, forged);
    EXPECT_EQ(tcp_events()[1].framing, ledger::Framing::octet_counted);
    EXPECT_EQ(receive_within(peer, 100), -1) << "something was sent to the sender";
    EXPECT_EQ(board_.source("tcp:127.0.0.1")->connections, 1U);
    EXPECT_EQ(board_.source("tcp:127.0.0.1")->events, 2U);
}

TEST_F(Listening, one_read_gives_one_chunk) {
    start();
    const Fd peer = connected(server_->tcp_port());
    std::string many;
    for (int i = 0; i < 1000; ++i) many += counted("<34>1 - h a - - - event");
    ASSERT_TRUE(send_all(peer, many));
    ASSERT_TRUE(eventually([&] { return tcp_events().size() == 1000; }));
    EXPECT_LE(intake_.chunks(),
              8U);  // the kernel may cut 26 kB into a few reads, never into events
}

TEST_F(Listening, while_the_ledger_is_full_nothing_is_read_and_nothing_is_lost) {
    intake_.full = true;
    start();
    const Fd peer = connected(server_->tcp_port());
    const std::string line = "<34>1 - h a - - - " + std::string(1000, 'x');
    std::string many;
    for (int i = 0; i < 60'000; ++i) many += line + "\n";
    std::size_t sent = 0;
    EXPECT_FALSE(send_all(peer, many, 700, sent))
        << "60 MB were taken from the sender although nobody wants them";
    EXPECT_LT(sent, many.size());
    EXPECT_EQ(intake_.events(), 0U);
    EXPECT_GE(server_->counters().pauses, 1U);
    intake_.full = false;
    ASSERT_TRUE(send_all(peer, std::string_view(many).substr(sent)));
    ASSERT_TRUE(eventually([&] { return intake_.events() == 60'000; }));
    EXPECT_TRUE(intake_.gaps().empty());
    for (const auto& event : tcp_events()) ASSERT_EQ(event.bytes, line);
}

TEST_F(Listening, a_sender_that_leaves_while_the_ledger_is_full_loses_nothing) {
    intake_.full = true;
    start();
    {
        const Fd peer = connected(server_->tcp_port());
        ASSERT_TRUE(send_all(peer, "<34>a\n<34>half"));
    }
    ASSERT_TRUE(eventually([&] { return server_->counters().pauses >= 1; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    intake_.full = false;
    ASSERT_TRUE(eventually([&] { return tcp_events().size() == 2; }));
    EXPECT_EQ(tcp_events()[1].bytes, "<34>half");
    EXPECT_NE(tcp_events()[1].flags & flag::truncated, 0);
    ASSERT_TRUE(eventually([&] { return server_->counters().open == 0; }));
}

TEST_F(Listening, stopping_takes_what_was_sent_before) {
    start();
    const Fd peer = connected(server_->tcp_port());
    const Fd datagrams = connected(server_->udp_port(), SOCK_DGRAM);
    ASSERT_TRUE(eventually([&] { return server_->counters().open == 1; }));
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "<34>line " + std::to_string(i) + "\n";
    ASSERT_TRUE(send_all(peer, many));
    for (int i = 0; i < 20; ++i) ASSERT_EQ(::send(datagrams.get(), "<34>d", 5, 0), 5);
    server_->stop();
    EXPECT_EQ(tcp_events().size(), 5000U);
    EXPECT_EQ(intake_.of("udp:127.0.0.1").size(), 20U);
    EXPECT_EQ(server_->counters().open, 0U);
}

TEST_F(Listening, stopping_against_a_full_ledger_declares_how_many_are_lost) {
    options_.limits.stop_ns = 100'000'000;
    intake_.room = 3;
    start();
    const Fd peer = connected(server_->tcp_port());
    ASSERT_TRUE(send_all(peer, "<34>a\n<34>b\n<34>c\n<34>d\n"));
    ASSERT_TRUE(
        eventually([&] { return server_->counters().pauses >= 1 || tcp_events().size() == 3; }));
    server_->stop();
    const auto gaps = intake_.gaps();
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].source, "tcp:127.0.0.1");
    EXPECT_EQ(gaps[0].events + tcp_events().size(), 4U);
}

TEST_F(Listening, every_datagram_is_either_taken_or_declared_lost) {
    options_.limits.udp_receive_buffer_bytes = 64 << 10;
    options_.limits.udp_pending_bytes_max = 100'000;
    intake_.full = true;
    start();
    const Fd peer = connected(server_->udp_port(), SOCK_DGRAM);
    constexpr std::uint64_t sent = 20'000;
    const std::string message(300, 'm');
    for (std::uint64_t i = 0; i < sent; ++i)
        ASSERT_EQ(::send(peer.get(), message.data(), message.size(), 0), 300);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    intake_.full = false;
    const auto lost = [&] {
        std::uint64_t events = 0;
        for (const auto& gap : intake_.gaps()) events += gap.events;
        return events;
    };
    ASSERT_TRUE(eventually([&] { return intake_.events() + lost() == sent; }))
        << intake_.events() << " taken, " << lost() << " lost";
    EXPECT_GT(lost(), 0U);
    EXPECT_GT(intake_.events(), 0U);
    EXPECT_EQ(server_->counters().udp_dropped_here + server_->counters().udp_dropped_in_kernel,
              lost());
    for (const auto& gap : intake_.gaps()) {
        EXPECT_TRUE(gap.reason == "udp_queue_full" || gap.reason == "udp_kernel_buffer_full")
            << gap.reason;
        if (gap.reason == "udp_queue_full") {
            EXPECT_EQ(gap.source, "udp:127.0.0.1");
            EXPECT_EQ(gap.bytes, gap.events * 300);
        }
    }
}

TEST_F(Listening, a_datagram_is_one_event_with_all_its_bytes) {
    start();
    const Fd peer = connected(server_->udp_port(), SOCK_DGRAM);
    const std::string odd = std::string("<34>a\nb\0c", 9) + "\xFF\n";
    const std::string large(65'000, 'L');
    ASSERT_GT(::send(peer.get(), odd.data(), odd.size(), 0), 0);
    ASSERT_EQ(::send(peer.get(), "", 0, 0), 0);
    ASSERT_GT(::send(peer.get(), large.data(), large.size(), 0), 0);
    ASSERT_TRUE(eventually([&] { return intake_.of("udp:127.0.0.1").size() == 2; }));
    const auto events = intake_.of("udp:127.0.0.1");
    EXPECT_EQ(events[0].bytes, odd);
    EXPECT_EQ(events[0].framing, ledger::Framing::datagram);
    EXPECT_EQ(events[0].flags, flag::unauthenticated | flag::unregistered | flag::invalid_utf8);
    EXPECT_EQ(events[1].bytes, large);
}

TEST_F(Listening, a_sender_that_dribbles_is_cut_off_and_its_half_event_kept) {
    options_.limits.partial_ns = 300'000'000;
    start();
    const Fd slow = connected(server_->tcp_port());
    const Fd quiet = connected(server_->tcp_port());
    ASSERT_TRUE(send_all(slow, "<34>never finis"));
    ASSERT_TRUE(send_all(quiet, "<34>whole\n"));
    ASSERT_EQ(receive_within(slow, 5000), 0) << "the slow connection was not closed";
    ASSERT_TRUE(eventually([&] { return tcp_events().size() == 2; }));
    EXPECT_EQ(server_->counters().timed_out, 1U);
    EXPECT_EQ(receive_within(quiet, 100), -1) << "a quiet connection must stay";
}

TEST_F(Listening, connections_beyond_the_limits_are_turned_away_and_counted) {
    options_.limits.connections_max = 60;
    options_.limits.connections_per_address_max = 50;
    start();
    std::vector<Fd> peers;
    for (int i = 0; i < 80; ++i) peers.push_back(connected(server_->tcp_port()));
    ASSERT_TRUE(eventually([&] { return server_->counters().refused_per_address == 30; }));
    EXPECT_EQ(server_->counters().open, 50U);
    EXPECT_EQ(refused_, 30);
    ASSERT_TRUE(send_all(peers[0], "<34>still served\n"));
    ASSERT_TRUE(eventually([&] { return tcp_events().size() == 1; }));
    peers.clear();
    ASSERT_TRUE(eventually([&] { return server_->counters().open == 0; }));
    const Fd again = connected(server_->tcp_port());
    ASSERT_TRUE(send_all(again, "<34>again\n"));
    ASSERT_TRUE(eventually([&] { return tcp_events().size() == 2; }));
}

TEST_F(Listening, one_flooding_sender_does_not_starve_another) {
    start();
    std::atomic<bool> enough{false};
    std::thread flood([&] {
        const Fd peer = connected(server_->tcp_port());
        std::string many;
        for (int i = 0; i < 2000; ++i)
            many += "<34>1 - h flood - - - " + std::string(200, 'f') + "\n";
        std::size_t sent = 0;
        while (!enough && send_all(peer, many, 1000, sent)) {
        }
    });
    ASSERT_TRUE(eventually([&] { return intake_.events() > 1000; }));
    const Fd polite = connected(server_->tcp_port());
    for (int i = 0; i < 5; ++i) {
        const std::string mine = "<34>1 - h polite - - - " + std::to_string(i) + "\n";
        const std::uint64_t chunks = intake_.chunks();
        ASSERT_TRUE(send_all(polite, mine));
        ASSERT_TRUE(eventually([&] { return intake_.chunks() > chunks + 1; }, 5000));
    }
    enough = true;
    flood.join();
    ASSERT_TRUE(eventually([&] {
        int found = 0;
        for (const auto& event : tcp_events())
            found += event.bytes.find(" polite ") != std::string::npos ? 1 : 0;
        return found == 5;
    }));
}

TEST_F(Listening, a_port_in_use_is_a_refusal_and_nothing_runs) {
    start();
    Options second = options_;
    second.tcp = Endpoint{"127.0.0.1", server_->tcp_port()};
    SyslogServer other(second, intake_, board_, registry_, clock_, nullptr);
    const Status started = other.start();
    ASSERT_FALSE(started.has_value());
    EXPECT_EQ(started.error().code, Errc::conflict);
}

TEST(EndpointText, addresses_and_ports_are_read_strictly) {
    EXPECT_EQ(endpoint_of("127.0.0.1:514")->port, 514);
    EXPECT_EQ(endpoint_of("[::1]:6514")->address, "::1");
    EXPECT_EQ(endpoint_of("0.0.0.0:0")->port, 0);
    for (const char* text : {"", "514", "localhost:514", "127.0.0.1", "127.0.0.1:",
                             "127.0.0.1:99999", "127.0.0.1:-1", "127.0.0.1:5x", "[::1:514"}) {
        EXPECT_FALSE(endpoint_of(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace daicho::evidence::collect::listen
