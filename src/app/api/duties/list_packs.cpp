#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler list_packs(PackService* packs) {
    const Route route{.operation = "listPacks",
                      .pattern = "/api/v1/packs",
                      .permission = access::Permission::pack_create};
    return over(packs, route, [](PackService& service, const Call& call) -> Result<http::Response> {
        const Result<nlohmann::json> view = service.list(call.caller);
        if (!view) return fail(view.error());
        return json_reply(*view);
    });
}

}  // namespace daicho::app::api
