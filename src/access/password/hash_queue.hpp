#pragma once
// Argon2id behind a narrow gate: each hash takes memory and time on purpose, so only a few may run
// at once and only some may wait, or sign-in attempts would take the machine down.
#include <condition_variable>
#include <string>
#include <string_view>

#include "base/mutex.hpp"
#include "base/result.hpp"
#include "crypto/password.hpp"

namespace daicho::access::password {

inline constexpr unsigned hashes_at_once_max = 2;
/// At ~0.13 s each and two at once, the last in the queue waits about two seconds.
inline constexpr unsigned hashes_waiting_max = 32;

/// NFKC, so that the same keys give the same password whichever input method is on. Text that is no
/// UTF-8 stays as it is: it matches nothing that was ever accepted.
[[nodiscard]] std::string normalised(std::string_view password);

/// Thread-safe. Takes passwords as typed and normalises them itself.
class HashQueue {
public:
    explicit HashQueue(crypto::PasswordCost cost = crypto::password_cost);
    /// Errc::unavailable ("access.busy") when the queue is full; Errc::too_large over
    /// crypto::password_size_max.
    [[nodiscard]] Result<std::string> hash(std::string_view password);
    /// An empty `stored` takes the same work and is always false.
    [[nodiscard]] Result<bool> matches(std::string_view stored, std::string_view password);
    [[nodiscard]] bool needs_rehash(std::string_view stored) const;

private:
    class Turn;
    crypto::PasswordHasher hasher_;
    Mutex mutex_;
    std::condition_variable freed_;
    unsigned running_ DAICHO_GUARDED_BY(mutex_) = 0;
    unsigned waiting_ DAICHO_GUARDED_BY(mutex_) = 0;
};

}  // namespace daicho::access::password
