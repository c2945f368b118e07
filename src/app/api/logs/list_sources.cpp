#include "app/api/logs/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler list_sources(SourceService* sources) {
    const Route route{.operation = "listSources",
                      .pattern = "/api/v1/sources",
                      .permission = access::Permission::source_read,
                      .polling = true};
    return over(sources, route, [](SourceService& service, const Call&) -> Result<http::Response> {
        const Result<nlohmann::json> view = service.list();
        if (!view) return fail(view.error());
        return json_reply(*view);
    });
}

}  // namespace daicho::app::api
