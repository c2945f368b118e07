#include "app/api/logs/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler get_export_target(LedgerService* ledger) {
    const Route route{.operation = "getExportTarget",
                      .pattern = "/api/v1/ledger/export-target",
                      .permission = access::Permission::evidence_read};
    return over(ledger, route, [](LedgerService& service, const Call&) -> Result<http::Response> {
        const Result<nlohmann::json> view = service.export_target();
        if (!view) return fail(view.error());
        return json_reply(*view);
    });
}

}  // namespace daicho::app::api
