#pragma once
#include <nlohmann/json.hpp>

#include "access/delegation.hpp"
#include "store/database.hpp"

namespace daicho::app::api {

/// The schema Delegation of openapi.yaml, with the names of both persons.
[[nodiscard]] Result<nlohmann::json> delegation_views(
    store::Database& database, const std::vector<access::Delegation>& delegations, WallNs now_ns);

}  // namespace daicho::app::api
