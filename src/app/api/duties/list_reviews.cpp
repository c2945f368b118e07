#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler list_reviews(DutyService* duties) {
    const Route route{.operation = "listReviews",
                      .pattern = "/api/v1/reviews",
                      .permission = access::Permission::obligation_read};
    return over(
        duties, route, [](DutyService& service, const Call& call) -> Result<http::Response> {
            const Result<nlohmann::json> view =
                service.reviews(std::string(call.request.query_value("cursor").value_or("")));
            if (!view) return fail(view.error());
            return json_reply(*view);
        });
}

}  // namespace daicho::app::api
