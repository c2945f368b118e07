#pragma once
// SIGINT, SIGTERM and SIGHUP (a closed terminal) as a call on an ordinary thread, where locks may
// be taken.
#include <functional>
#include <thread>

namespace daicho::app::cli {

/// Make it in main before any other thread: the signals are blocked for this thread and those it
/// starts. SIGPIPE is ignored, and SIGTTIN and SIGTTOU: a server that was started in the background
/// of a shell must not be halted by a command's terminal. The first signal calls `stop`; a second
/// SIGINT or SIGTERM ends the process at once, for whoever won't wait. SIGHUP stays ignored where
/// it was (nohup).
class StopSignals {
public:
    explicit StopSignals(std::function<void()> stop);
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

private:
    void wait();
    std::function<void()> stop_;
    int signals_ = -1;  // signalfd
    int end_ = -1;      // eventfd, written by the destructor
    std::thread thread_;
};

}  // namespace daicho::app::cli
