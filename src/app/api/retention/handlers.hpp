#pragma once
#include "app/api/retention/services.hpp"
#include "app/api/service.hpp"

namespace daicho::app::api {

[[nodiscard]] Handler get_retention(RetentionService* retention);
[[nodiscard]] Handler put_retention_period(RetentionService* retention);
[[nodiscard]] Handler list_disposals(RetentionService* retention);
[[nodiscard]] Handler apply_for_disposal(RetentionService* retention);
[[nodiscard]] Handler approve_disposal(RetentionService* retention);
[[nodiscard]] Handler reject_disposal(RetentionService* retention);
[[nodiscard]] Handler withdraw_disposal(RetentionService* retention);

}  // namespace daicho::app::api
