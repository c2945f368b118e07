#pragma once
// Signing in and off, my preferences, and what anybody may ask.
#include <functional>

#include "access/room.hpp"
#include "app/api/handler.hpp"
#include "store/database.hpp"

namespace daicho::app::api {

/// What the handlers of sessions need; all must outlive them.
struct SessionParts {
    access::Room& access;
    store::Database& database;
    const Clock& clock;
};

[[nodiscard]] Handler get_session(SessionParts parts);
[[nodiscard]] Handler sign_in(SessionParts parts);
[[nodiscard]] Handler sign_off(SessionParts parts);
[[nodiscard]] Handler change_password(SessionParts parts);
[[nodiscard]] Handler get_preferences(SessionParts parts);
[[nodiscard]] Handler put_preferences(SessionParts parts);
/// `recording` tells whether events can be taken; quick, thread-safe.
[[nodiscard]] Handler get_health(std::function<bool()> recording);
[[nodiscard]] Handler get_openapi();

}  // namespace daicho::app::api
