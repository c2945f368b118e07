#include "app/api/reply.hpp"
#include "app/api/session/handlers.hpp"
#include "app/api/spec/spec.hpp"

namespace daicho::app::api {

Handler get_health(std::function<bool()> recording) {
    const Route route{
        .operation = "getHealth", .pattern = "/healthz", .anybody = true, .polling = true};
    return {route, [recording = std::move(recording)](const Call&) -> Result<http::Response> {
                if (!recording())
                    return refuse(Errc::unavailable, "health.not_recording",
                                  "events are not recorded");
                return json_reply({{"status", "ok"}});
            }};
}

Handler get_openapi() {
    const Route route{.operation = "getOpenapi",
                      .pattern = "/api/v1/openapi.yaml",
                      .anybody = true,
                      .polling = true};
    return {route, [](const Call&) -> Result<http::Response> {
                http::Response response;
                response.set("Content-Type", "application/yaml");
                response.body = openapi_text();
                return response;
            }};
}

}  // namespace daicho::app::api
