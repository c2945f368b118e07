#include "app/api/logs/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler put_export_target(LedgerService* ledger) {
    const Route route{.operation = "putExportTarget",
                      .method = http::Method::put,
                      .pattern = "/api/v1/ledger/export-target",
                      .permission = access::Permission::ledger_operate,
                      .csrf = Csrf::token};
    return over(ledger, route,
                [](LedgerService& service, const Call& call) -> Result<http::Response> {
                    const Result<nlohmann::json> view = service.set_export_target(
                        call.caller, call.body["directory"], call.body["version"]);
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
