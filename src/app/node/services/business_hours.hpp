#pragma once
// The organisation's business hours as the settings keep them.
#include <nlohmann/json.hpp>

#include "evidence/assess/review/summary.hpp"
#include "store/database.hpp"

namespace daicho::app::node {

/// Monday to Friday, nine to six, until somebody sets others.
[[nodiscard]] evidence::assess::review::BusinessHours business_hours(store::Reader& reader);
/// BusinessHours of openapi.yaml.
[[nodiscard]] nlohmann::json business_hours_view(store::Reader& reader);

}  // namespace daicho::app::node
