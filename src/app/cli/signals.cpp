#include "app/cli/signals.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "base/fault.hpp"

namespace daicho::app::cli {

StopSignals::StopSignals(std::function<void()> stop) : stop_(std::move(stop)) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    // Under nohup it is ignored, and stays so: blocked, it would be kept for us all the same.
    struct sigaction hangup {};
    if (::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
        sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    for (const int signal : {SIGPIPE, SIGTTIN, SIGTTOU}) (void)std::signal(signal, SIG_IGN);
    signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
    end_ = ::eventfd(0, EFD_CLOEXEC);
    if (signals_ < 0 || end_ < 0) throw IoFault("wait for signals", errno);
    thread_ = std::thread([this] { wait(); });
}

StopSignals::~StopSignals() {
    const std::uint64_t one = 1;
    (void)!::write(end_, &one, sizeof one);
    thread_.join();
    ::close(signals_);
    ::close(end_);
}

void StopSignals::wait() {
    bool stopping = false;
    bool asked = false;
    while (true) {
        std::array<pollfd, 2> entries{pollfd{signals_, POLLIN, 0}, pollfd{end_, POLLIN, 0}};
        if (::poll(entries.data(), entries.size(), -1) < 0) continue;
        if (entries[1].revents != 0) return;
        signalfd_siginfo info{};
        if (::read(signals_, &info, sizeof info) != sizeof info) continue;
        // A closing terminal sends its SIGHUP more than once, and beside a SIGTERM.
        const bool urgent = info.ssi_signo != SIGHUP;
        if (urgent && asked) std::_Exit(128 + static_cast<int>(info.ssi_signo));
        asked = asked || urgent;
        if (!std::exchange(stopping, true)) stop_();
    }
}

}  // namespace daicho::app::cli
