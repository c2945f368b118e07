#include "app/api/people/handlers.hpp"
#include "app/api/people/person_view.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler list_people(access::Room& access) {
    const Route route{.operation = "listPeople",
                      .pattern = "/api/v1/people",
                      .permission = access::Permission::people_read};
    return {route, [&access](const Call& call) -> Result<http::Response> {
                const Result<std::vector<access::PersonView>> people =
                    access.people.list(call.caller);
                if (!people) return fail(people.error());
                nlohmann::json views = nlohmann::json::array();
                for (const access::PersonView& person : *people)
                    views.push_back(person_view(person));
                return json_reply({{"people", std::move(views)}});
            }};
}

}  // namespace daicho::app::api
