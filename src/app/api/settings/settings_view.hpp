#pragma once
#include "access/organisation.hpp"
#include "app/api/settings/handlers.hpp"

namespace daicho::app::api {

/// Monday to Friday, 9 to 18, until somebody says otherwise.
[[nodiscard]] nlohmann::json default_business_hours();
/// The schema BusinessHours as stored in the organisation's settings.
[[nodiscard]] nlohmann::json business_hours_of(const access::Organisation& organisation);
/// The schema Settings.
[[nodiscard]] Result<nlohmann::json> settings_view(const access::Organisation& organisation,
                                                   SurroundingsService& surroundings);

}  // namespace daicho::app::api
