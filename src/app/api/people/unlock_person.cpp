#include "app/api/people/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler unlock_person(access::Room& access) {
    const Route route{.operation = "unlockPerson",
                      .method = http::Method::post,
                      .pattern = "/api/v1/people/{person_id}/unlock",
                      .permission = access::Permission::people_write,
                      .csrf = Csrf::token};
    return {route, [&access](const Call& call) -> Result<http::Response> {
                const Result<std::int64_t> id = id_of(call.param("person_id"));
                if (!id) return fail(id.error());
                const Status status = access.people.unlock(call.caller, *id);
                if (!status) return fail(status.error());
                return no_content();
            }};
}

}  // namespace daicho::app::api
