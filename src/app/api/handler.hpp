#pragma once
// One operation of the API: what it demands of the caller, and the function that does it. Each
// lives in a file of its own; functions only run when all demands are met, so they hold no check
// that the table already states.
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/caller.hpp"
#include "access/permission.hpp"
#include "app/http/message.hpp"
#include "base/result.hpp"

namespace daicho::app::api {

enum class Csrf {
    none,    // a safe method
    origin,  // the request comes from our own page
    token,   // and holds the session's token
};

struct Route {
    std::string_view operation;  // operationId in openapi.yaml
    http::Method method = http::Method::get;
    std::string_view pattern;                                     // "/api/v1/people/{person_id}"
    bool anybody = false;                                         // no session needed
    std::optional<access::Permission> permission = std::nullopt;  // none: any signed-in person
    /// Enough as well; then the handler decides what of the answer is covered by it.
    std::optional<access::Permission> or_permission = std::nullopt;
    Csrf csrf = Csrf::none;
    bool polling = false;                 // does not count as activity of the person
    bool with_one_time_password = false;  // also before the first password change
};

/// Valid while the request is being handled.
struct Call {
    const http::Request& request;
    const access::Caller& caller;  // account_id 0 on routes for anybody without a session
    const std::map<std::string, std::string, std::less<>>&
        params;                  // from the path, checked against the description
    const nlohmann::json& body;  // checked against the description

    [[nodiscard]] const std::string& param(std::string_view name) const {
        return params.find(name)->second;
    }
};

struct Handler {
    Route route;
    /// Thread-safe. Refusals become problem+json; a Fault becomes 500 with an incident id.
    std::function<Result<http::Response>(const Call&)> handle;
};

}  // namespace daicho::app::api
