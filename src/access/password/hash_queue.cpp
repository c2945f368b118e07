#include "access/password/hash_queue.hpp"

#include "base/text.hpp"

namespace daicho::access::password {

/// One place at the hashers, for its life.
class HashQueue::Turn {
public:
    [[nodiscard]] static bool take(HashQueue& queue) {
        MutexLock lock(queue.mutex_);
        if (queue.running_ >= hashes_at_once_max) {
            if (queue.waiting_ >= hashes_waiting_max) return false;
            ++queue.waiting_;
            while (queue.running_ >= hashes_at_once_max) lock.wait(queue.freed_);
            --queue.waiting_;
        }
        ++queue.running_;
        return true;
    }
    explicit Turn(HashQueue& queue) noexcept : queue_(queue) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
        {
            const MutexLock lock(queue_.mutex_);
            --queue_.running_;
        }
        queue_.freed_.notify_one();
    }

private:
    HashQueue& queue_;
};

namespace {

tl::unexpected<Error> busy() {
    return refuse(Errc::unavailable, "access.busy", "too many sign-ins are waiting");
}

}  // namespace

std::string normalised(std::string_view password) {
    // Size first: folding megabytes would be work that a stranger can order.
    if (password.size() > crypto::password_size_max || !is_utf8(password)) {
        return std::string(password.substr(0, crypto::password_size_max + 1));
    }
    return nfkc(password);
}

HashQueue::HashQueue(crypto::PasswordCost cost) : hasher_(cost) {}

Result<std::string> HashQueue::hash(std::string_view password) {
    if (!Turn::take(*this)) return busy();
    const Turn turn(*this);
    return hasher_.hash(normalised(password));
}

Result<bool> HashQueue::matches(std::string_view stored, std::string_view password) {
    if (!Turn::take(*this)) return busy();
    const Turn turn(*this);
    const std::string typed = normalised(password);
    if (stored.empty() || typed.size() > crypto::password_size_max) {
        (void)hasher_.verify_nobody(std::string_view(typed).substr(0, crypto::password_size_max));
        return false;
    }
    return hasher_.verify(stored, typed);
}

bool HashQueue::needs_rehash(std::string_view stored) const {
    return hasher_.needs_rehash(stored);
}

}  // namespace daicho::access::password
