#pragma once
#include "app/api/session/handlers.hpp"

namespace daicho::app::api {

/// The schema Session of openapi.yaml.
[[nodiscard]] Result<nlohmann::json> session_view(const SessionParts& parts,
                                                  const access::Caller& caller,
                                                  const std::string& csrf);
/// The schema Preferences.
[[nodiscard]] Result<nlohmann::json> preferences_view(store::Database& database,
                                                      const access::Caller& caller);

}  // namespace daicho::app::api
