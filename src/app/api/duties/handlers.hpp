#pragma once
#include "access/room.hpp"
#include "app/api/duties/services.hpp"
#include "app/api/service.hpp"
#include "base/calendar/zone.hpp"
#include "store/database.hpp"

namespace daicho::app::api {

[[nodiscard]] Handler get_home(DutyService* duties, access::Room& access);
[[nodiscard]] Handler list_obligations(DutyService* duties, store::Database& database);
[[nodiscard]] Handler draft_review(DutyService* duties);
[[nodiscard]] Handler complete_review(DutyService* duties);
[[nodiscard]] Handler list_reviews(DutyService* duties);
[[nodiscard]] Handler get_compliance(ComplianceService* compliance, store::Database& database);
[[nodiscard]] Handler get_clause(ComplianceService* compliance, store::Database& database);
[[nodiscard]] Handler list_packs(PackService* packs);
[[nodiscard]] Handler create_pack(PackService* packs);
[[nodiscard]] Handler download_pack(PackService* packs);
[[nodiscard]] Handler get_job(JobService* jobs);
[[nodiscard]] Handler cancel_job(JobService* jobs);

/// `as_of` of a request: a moment, or a day of the organisation's zone (its end), or now.
/// Errc::invalid for anything else and for the future.
[[nodiscard]] Result<WallNs> as_of(store::Database& database, const http::Request& request);
/// The organisation's zone.
[[nodiscard]] Result<calendar::Zone> zone_of(store::Database& database);

}  // namespace daicho::app::api
