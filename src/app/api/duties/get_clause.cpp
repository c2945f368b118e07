#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler get_clause(ComplianceService* compliance, store::Database& database) {
    const Route route{.operation = "getClause",
                      .pattern = "/api/v1/compliance/clauses/{clause_id}",
                      .permission = access::Permission::status_read};
    return over(
        compliance, route,
        [&database](ComplianceService& service, const Call& call) -> Result<http::Response> {
            const Result<WallNs> moment = as_of(database, call.request);
            if (!moment) return invalid_fields({{"?as_of", moment.error().text_key, {}}});
            const Result<nlohmann::json> view = service.clause(call.param("clause_id"), *moment);
            if (!view) return fail(view.error());
            return json_reply(*view);
        });
}

}  // namespace daicho::app::api
