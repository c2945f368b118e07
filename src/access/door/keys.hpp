#pragma once
// The secrets of this room, all derived from one key that lies outside the data directory
// (DATA.keys).
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "crypto/kdf.hpp"
#include "crypto/secret.hpp"

namespace daicho::access::door {

/// Immutable: threads may share it.
class Keys {
public:
    /// `pepper` must be random and stay the same for the life of the installation: with another one
    /// every password ever used counts as new.
    explicit Keys(const crypto::Key32& pepper);
    /// Of a password that an account once had.
    [[nodiscard]] crypto::Digest history_tag(std::int64_t account_id,
                                             std::string_view password) const;
    /// What a page must send back to show that it is ours.
    [[nodiscard]] crypto::Digest csrf_tag(std::int64_t session_id, WallNs created_ns) const;

private:
    crypto::Key32 history_;
    crypto::Hmac csrf_;
};

}  // namespace daicho::access::door
