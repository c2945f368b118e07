#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler create_pack(PackService* packs) {
    const Route route{.operation = "createPack",
                      .method = http::Method::post,
                      .pattern = "/api/v1/packs",
                      .permission = access::Permission::pack_create,
                      .csrf = Csrf::token};
    return over(packs, route, [](PackService& service, const Call& call) -> Result<http::Response> {
        PackRequest request;
        request.clauses = call.body["clauses"].get<std::vector<std::string>>();
        const auto first = calendar::parse_date(call.body["from"].get_ref<const std::string&>());
        const auto last = calendar::parse_date(call.body["to"].get_ref<const std::string&>());
        if (!first || !last || *last < *first)
            return invalid_fields({{"/to", "field.before_start", {}}});
        request.days = {*first, *last};
        const Result<nlohmann::json> view = service.create(call.caller, request);
        if (!view) return fail(view.error());
        return json_reply(*view, 202);
    });
}

}  // namespace daicho::app::api
