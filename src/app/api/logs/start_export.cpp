#include "app/api/logs/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler start_export(LedgerService* ledger) {
    const Route route{.operation = "startExport",
                      .method = http::Method::post,
                      .pattern = "/api/v1/ledger/exports",
                      .permission = access::Permission::ledger_operate,
                      .csrf = Csrf::token};
    return over(ledger, route,
                [](LedgerService& service, const Call& call) -> Result<http::Response> {
                    const Result<nlohmann::json> view = service.start_export(call.caller);
                    if (!view) return fail(view.error());
                    return json_reply(*view, 202);
                });
}

}  // namespace daicho::app::api
