#pragma once
// "A password once used cannot be used again" (002-3-11h) without keeping passwords: of each one a
// keyed tag is kept, so one look-up answers, and the tags say nothing to whoever holds the database
// without the key.
#include <cstdint>
#include <string_view>

#include "access/door/keys.hpp"
#include "store/database.hpp"

namespace daicho::access::password {

/// Immutable: threads may share it.
class History {
public:
    explicit History(const door::Keys& keys) : keys_(keys) {}
    [[nodiscard]] bool used_before(store::Reader& reader, std::int64_t account_id,
                                   std::string_view password) const;
    [[nodiscard]] Status remember(store::Transaction& tx, std::int64_t account_id,
                                  std::string_view password) const;

private:
    const door::Keys& keys_;
};

}  // namespace daicho::access::password
