#pragma once
// A mutex that clang's -Wthread-safety can check (libstdc++'s is not annotated). Data goes with its
// lock:
//   Mutex mutex_;  std::vector<int> queue_ DAICHO_GUARDED_BY(mutex_);
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define DAICHO_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define DAICHO_THREAD_ATTRIBUTE(x)
#endif
#define DAICHO_CAPABILITY(x) DAICHO_THREAD_ATTRIBUTE(capability(x))
#define DAICHO_GUARDED_BY(x) DAICHO_THREAD_ATTRIBUTE(guarded_by(x))
#define DAICHO_REQUIRES(...) DAICHO_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define DAICHO_ACQUIRE(...) DAICHO_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define DAICHO_RELEASE(...) DAICHO_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define DAICHO_SCOPED DAICHO_THREAD_ATTRIBUTE(scoped_lockable)

namespace daicho {

class DAICHO_CAPABILITY("mutex") Mutex {
public:
    void lock() DAICHO_ACQUIRE() { mutex_.lock(); }
    void unlock() DAICHO_RELEASE() { mutex_.unlock(); }

private:
    friend class MutexLock;
    std::mutex mutex_;
};

/// Locks for its life. `wait` gives the lock up while waiting, as std::condition_variable does.
class DAICHO_SCOPED MutexLock {
public:
    explicit MutexLock(Mutex& mutex) DAICHO_ACQUIRE(mutex) : lock_(mutex.mutex_) {}
    ~MutexLock() DAICHO_RELEASE() = default;
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

    void wait(std::condition_variable& condition) { condition.wait(lock_); }
    template <typename Duration>
    bool wait_for(std::condition_variable& condition, const Duration& duration) {
        return condition.wait_for(lock_, duration) == std::cv_status::no_timeout;
    }

private:
    std::unique_lock<std::mutex> lock_;
};

}  // namespace daicho
