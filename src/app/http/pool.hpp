#pragma once
// Worker threads for synchronous handlers, behind a queue with an end: what can't be started soon
// is refused at once rather than kept waiting, so a flood costs the sender more than us.
#include <condition_variable>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.hpp"

namespace daicho::app::http {

/// Thread-safe.
class Pool {
public:
    using Task = std::function<void()>;  // must not throw

    Pool(unsigned workers, std::size_t queue_max);
    /// Waits for what is queued and running.
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// False when the queue is full; the task was not taken.
    [[nodiscard]] bool submit(Task task);

private:
    void work();

    std::size_t queue_max_;
    Mutex mutex_;
    std::condition_variable wake_;
    std::deque<Task> queue_ DAICHO_GUARDED_BY(mutex_);
    bool ending_ DAICHO_GUARDED_BY(mutex_) = false;
    std::vector<std::thread> threads_;
};

}  // namespace daicho::app::http
