#pragma once
#include <nlohmann/json.hpp>

#include "access/people.hpp"

namespace daicho::app::api {

/// The schema Person of openapi.yaml.
[[nodiscard]] nlohmann::json person_view(const access::PersonView& person);
/// What a person sees of their own account, without people.read. Locks are not theirs to see.
[[nodiscard]] access::PersonView own_view(const access::Account& account);
/// Text that the description has accepted as role names.
[[nodiscard]] access::RoleSet roles_of(const nlohmann::json& names);

}  // namespace daicho::app::api
