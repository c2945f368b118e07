#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler draft_review(DutyService* duties) {
    const Route route{.operation = "draftReview",
                      .pattern = "/api/v1/reviews/draft",
                      .permission = access::Permission::log_review};
    return over(duties, route,
                [](DutyService& service, const Call& call) -> Result<http::Response> {
                    const auto value = [&](std::string_view name) {
                        return std::string(*call.request.query_value(name));
                    };
                    const Period period{time_of(value("from")), time_of(value("to"))};
                    if (period.from_ns >= period.to_ns)
                        return invalid_fields({{"?to", "field.before_start", {}}});
                    const Result<nlohmann::json> view =
                        service.draft(call.caller, value("obligation"), period);
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
