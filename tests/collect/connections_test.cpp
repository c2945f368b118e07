// Ten thousand connections at once: as many as the limit are served, the rest is turned away,
// memory stays bounded.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <fstream>

#include "evidence/collect/listen/server.hpp"
#include "evidence/collect/listen/test_peer.hpp"
#include "evidence/collect/memory_intake.hpp"

namespace daicho::evidence::collect::listen {
namespace {

constexpr int connections = 10'000;
constexpr int served = 8'000;

std::size_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t pages = 0;
    file >> pages >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void allow_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// The other process: opens all, sends one event on each, says so, and holds them until told.
[[noreturn]] void send_from_many(int from_parent, int to_parent) {
    std::uint16_t port = 0;
    if (::read(from_parent, &port, sizeof port) != sizeof port) ::_exit(1);
    const sockaddr_in at = loopback(port);
    constexpr std::string_view half = "<34>1 - h a - - - whole\n<34>half";
    for (int i = 0; i < connections; ++i) {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
            ::_exit(2);
        (void)::send(fd, half.data(), half.size(), MSG_NOSIGNAL);
    }
    char byte = 'd';
    if (::write(to_parent, &byte, 1) != 1) ::_exit(3);
    (void)!::read(from_parent, &byte, 1);
    ::_exit(0);
}

TEST(TenThousandConnections, are_served_up_to_the_limit_with_bounded_memory) {
    allow_descriptors();
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < connections + 200) GTEST_SKIP() << "the system allows too few descriptors";
    int down[2];
    int up[2];
    ASSERT_EQ(::pipe(down), 0);
    ASSERT_EQ(::pipe(up), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) send_from_many(down[0], up[1]);

    Options options;
    options.tcp = Endpoint{"127.0.0.1", 0};
    options.limits.connections_max = served;
    options.limits.connections_per_address_max = connections;
    MemoryIntake intake;
    SystemClock clock;
    SourceBoard board(clock, [](WallNs t) { return static_cast<std::int32_t>(t / day_ns); });
    NoSources registry;
    SyslogServer server(options, intake, board, registry, clock, nullptr);
    ASSERT_TRUE(server.start().has_value());
    const std::size_t before = resident_bytes();
    const std::uint16_t port = server.tcp_port();
    ASSERT_EQ(::write(down[1], &port, sizeof port), static_cast<ssize_t>(sizeof port));
    char byte = 0;
    ASSERT_EQ(::read(up[0], &byte, 1), 1);
    EXPECT_TRUE(eventually(
        [&] { return server.counters().accepted + server.counters().refused_full == connections; },
        60'000));
    EXPECT_TRUE(eventually([&] { return intake.events() == served; }, 60'000)) << intake.events();
    EXPECT_EQ(server.counters().open, static_cast<std::uint64_t>(served));
    EXPECT_EQ(server.counters().refused_full, static_cast<std::uint64_t>(connections - served));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    EXPECT_LT(resident_bytes() - before, std::size_t{64} << 20);
#else
    (void)before;  // the sanitiser's own memory says nothing
#endif
    ASSERT_EQ(::write(down[1], &byte, 1), 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(eventually([&] { return intake.events() == 2 * served; }, 60'000))
        << "half events must be kept";
    for (const int fd : {down[0], down[1], up[0], up[1]}) ::close(fd);
}

}  // namespace
}  // namespace daicho::evidence::collect::listen
