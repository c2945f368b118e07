#include "app/api/logs/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {
namespace {

SourceChange change_of(const nlohmann::json& body) {
    SourceChange change;
    change.version = body["version"];
    if (body.contains("name")) change.name = body["name"];
    if (body.contains("kind")) change.kind = body["kind"];
    if (body.contains("owner_post")) change.owner_post = body["owner_post"];
    if (body.contains("flags")) change.flags = body["flags"].get<std::vector<std::string>>();
    if (body.contains("silence_minutes_max")) {
        const nlohmann::json& minutes = body["silence_minutes_max"];
        change.silence_minutes_max =
            minutes.is_null() ? std::optional<std::int64_t>() : minutes.get<std::int64_t>();
    }
    return change;
}

}  // namespace

Handler patch_source(SourceService* sources) {
    const Route route{.operation = "patchSource",
                      .method = http::Method::patch,
                      .pattern = "/api/v1/sources/{source_id}",
                      .permission = access::Permission::source_write,
                      .csrf = Csrf::token};
    return over(sources, route,
                [](SourceService& service, const Call& call) -> Result<http::Response> {
                    const Result<nlohmann::json> view =
                        service.change(call.caller, call.param("source_id"), change_of(call.body));
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
