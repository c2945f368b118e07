#include "app/api/logs/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler get_ledger(LedgerService* ledger) {
    const Route route{.operation = "getLedger",
                      .pattern = "/api/v1/ledger",
                      .permission = access::Permission::evidence_read,
                      .polling = true};
    return over(ledger, route, [](LedgerService& service, const Call&) -> Result<http::Response> {
        const Result<nlohmann::json> view = service.state();
        if (!view) return fail(view.error());
        return json_reply(*view);
    });
}

}  // namespace daicho::app::api
