#pragma once
// Passwords as Argon2id strings (RFC 9106) in the usual encoding
// "$argon2id$v=19$m=...,t=...,p=1$salt$hash". One call takes about 0.1 s and 64 MiB on purpose:
// give it a small queue of its own, never an I/O thread.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace daicho::crypto {

struct PasswordCost {
    std::uint64_t passes = 0;
    std::size_t memory_bytes = 0;
};
/// 64 MiB as RFC 9106 section 4 recommends for small memory, with two passes instead of three: 0.13
/// s on the slowest machine we support, so that a burst of sign-ins can't starve it. OWASP's floor
/// is 19 MiB and two passes.
inline constexpr PasswordCost password_cost{2, std::size_t{64} << 20};
/// The least the library takes; for tests, where hashing is not what is tested.
inline constexpr PasswordCost password_cost_for_tests{1, std::size_t{8} << 10};
/// Longer ones are refused before they are hashed: nobody types them, and hashing cost must not
/// follow input size.
inline constexpr std::size_t password_size_max = 1024;

/// Thread-safe. Functions throw Fault when the memory can't be had.
class PasswordHasher {
public:
    explicit PasswordHasher(PasswordCost cost = password_cost);
    /// Errc::too_large over password_size_max bytes.
    [[nodiscard]] Result<std::string> hash(std::string_view password) const;
    /// False too when `encoded` is not an Argon2id string.
    [[nodiscard]] bool verify(std::string_view encoded, std::string_view password) const;
    /// For unknown users: takes the time that `verify` takes and says false, so the answer's time
    /// tells nothing.
    bool verify_nobody(std::string_view password) const;
    /// The stored string was made at another cost than this hasher's.
    [[nodiscard]] bool needs_rehash(std::string_view encoded) const;

private:
    PasswordCost cost_;
    std::string nobody_;
};

}  // namespace daicho::crypto
