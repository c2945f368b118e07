#include "app/api/people/issued.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler reissue_password(access::Room& access) {
    const Route route{.operation = "reissuePassword",
                      .method = http::Method::post,
                      .pattern = "/api/v1/people/{person_id}/reissue",
                      .permission = access::Permission::people_write,
                      .csrf = Csrf::token};
    return {route, [&access](const Call& call) -> Result<http::Response> {
                const Result<std::int64_t> id = id_of(call.param("person_id"));
                if (!id) return fail(id.error());
                const Result<access::Issued> issued = access.people.reissue(call.caller, *id);
                if (!issued) return fail(issued.error());
                const Result<nlohmann::json> view = issued_view(access, call.caller, *issued);
                if (!view) return fail(view.error());
                return json_reply(*view);
            }};
}

}  // namespace daicho::app::api
