#include "app/api/logs/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler list_exports(LedgerService* ledger) {
    const Route route{.operation = "listExports",
                      .pattern = "/api/v1/ledger/exports",
                      .permission = access::Permission::evidence_read};
    return over(
        ledger, route, [](LedgerService& service, const Call& call) -> Result<http::Response> {
            const Result<nlohmann::json> view =
                service.exports(std::string(call.request.query_value("cursor").value_or("")));
            if (!view) return fail(view.error());
            return json_reply(*view);
        });
}

}  // namespace daicho::app::api
