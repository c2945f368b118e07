#include "app/http/pool.hpp"

#include <utility>

namespace daicho::app::http {

Pool::Pool(unsigned workers, std::size_t queue_max) : queue_max_(queue_max) {
    threads_.reserve(workers);
    for (unsigned i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
}

Pool::~Pool() {
    {
        const MutexLock lock(mutex_);
        ending_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

bool Pool::submit(Task task) {
    {
        const MutexLock lock(mutex_);
        if (ending_ || queue_.size() >= queue_max_) return false;
        queue_.push_back(std::move(task));
    }
    wake_.notify_one();
    return true;
}

void Pool::work() {
    while (true) {
        Task task;
        {
            MutexLock lock(mutex_);
            while (queue_.empty() && !ending_) lock.wait(wake_);
            if (queue_.empty()) return;
            task = std::move(queue_.front());
            queue_.pop_front();
        }
        task();
    }
}

}  // namespace daicho::app::http
