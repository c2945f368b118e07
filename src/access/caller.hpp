#pragma once
// Who is asking. Made by Sessions from a session token, for one request; never from anything the
// client says.
#include <cstdint>
#include <string>

#include "access/permission.hpp"
#include "base/clock.hpp"

namespace daicho::access {

struct Caller {
    std::int64_t account_id = 0;
    std::int64_t session_id = 0;
    WallNs session_created_ns = 0;
    std::string login;
    std::string display_name;
    RoleSet roles;             // as they are now, not as they were at sign-in
    bool must_change = false;  // has only the one-time password: nothing but changing it is allowed
    std::string address;       // where this request came from, as text without a port

    /// "account:7", as in the evidence.
    [[nodiscard]] std::string actor() const { return "account:" + std::to_string(account_id); }
};

}  // namespace daicho::access
