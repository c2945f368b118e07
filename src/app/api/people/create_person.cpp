#include "app/api/people/issued.hpp"
#include "app/api/people/person_view.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Result<nlohmann::json> issued_view(access::Room& access, const access::Caller& caller,
                                   const access::Issued& issued) {
    const Result<access::PersonView> person = access.people.one(caller, issued.account_id);
    if (!person) return fail(person.error());
    return nlohmann::json{{"person", person_view(*person)},
                          {"one_time_password", issued.one_time_password},
                          {"expires_at", time_text(issued.expires_ns)}};
}

Handler create_person(access::Room& access) {
    const Route route{.operation = "createPerson",
                      .method = http::Method::post,
                      .pattern = "/api/v1/people",
                      .permission = access::Permission::people_write,
                      .csrf = Csrf::token};
    return {route, [&access](const Call& call) -> Result<http::Response> {
                access::NewPerson person;
                person.login = call.body["login"];
                person.display_name = call.body["display_name"];
                person.roles = roles_of(call.body["roles"]);
                if (call.body.contains("combined_roles_reason")) {
                    person.combined_roles_reason = call.body["combined_roles_reason"];
                }
                const Result<access::Issued> issued = access.people.create(call.caller, person);
                if (!issued) return fail(issued.error());
                const Result<nlohmann::json> view = issued_view(access, call.caller, *issued);
                if (!view) return fail(view.error());
                return json_reply(*view, 201);
            }};
}

}  // namespace daicho::app::api
