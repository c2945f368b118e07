#include "app/api/people/handlers.hpp"
#include "app/api/people/person_view.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler patch_person(access::Room& access) {
    const Route route{.operation = "patchPerson",
                      .method = http::Method::patch,
                      .pattern = "/api/v1/people/{person_id}",
                      .permission = access::Permission::people_write,
                      .csrf = Csrf::token};
    return {
        route, [&access](const Call& call) -> Result<http::Response> {
            const Result<std::int64_t> id = id_of(call.param("person_id"));
            if (!id) return fail(id.error());
            const bool roles = call.body.contains("roles");
            // Two acts with two records; one request is one act.
            if (roles == call.body.contains("disabled")) {
                return invalid_fields({{"", "field.exactly_one", {{"fields", "roles, disabled"}}}});
            }
            std::optional<std::string> reason;
            if (call.body.contains("combined_roles_reason"))
                reason = call.body["combined_roles_reason"];
            const std::int64_t version = call.body["version"];
            const Status status =
                roles ? access.people.change_roles(call.caller, *id, version,
                                                   roles_of(call.body["roles"]), reason)
                      : access.people.disable(call.caller, *id, version);
            if (!status) return fail(status.error());
            const Result<access::PersonView> person = access.people.one(call.caller, *id);
            if (!person) return fail(person.error());
            return json_reply(person_view(*person));
        }};
}

}  // namespace daicho::app::api
