#pragma once
// A handler over a service that the program may run without (a part that is switched off, or is not
// there yet).
#include <utility>

#include "app/api/handler.hpp"

namespace daicho::app::api {

/// `function(Service&, const Call&)`. Without a service: 503, "common.not_available".
template <typename Service, typename Function>
[[nodiscard]] Handler over(Service* service, const Route& route, Function function) {
    return {route,
            [service, function = std::move(function)](const Call& call) -> Result<http::Response> {
                if (service == nullptr) {
                    return refuse(Errc::unavailable, "common.not_available",
                                  "this part of daicho is not running");
                }
                return function(*service, call);
            }};
}

}  // namespace daicho::app::api
