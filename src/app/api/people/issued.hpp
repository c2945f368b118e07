#pragma once
#include "app/api/people/handlers.hpp"

namespace daicho::app::api {

/// The schema PersonIssued: the person as stored now, with the password that is shown only this
/// once.
[[nodiscard]] Result<nlohmann::json> issued_view(access::Room& access, const access::Caller& caller,
                                                 const access::Issued& issued);

}  // namespace daicho::app::api
