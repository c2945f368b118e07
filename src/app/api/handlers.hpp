#pragma once
// All operations of openapi.yaml together.
#include <vector>

#include "app/api/duties/handlers.hpp"
#include "app/api/logs/handlers.hpp"
#include "app/api/people/handlers.hpp"
#include "app/api/retention/handlers.hpp"
#include "app/api/session/handlers.hpp"
#include "app/api/settings/handlers.hpp"

namespace daicho::app::api {

/// Not owned; must outlive the handlers. A null service answers 503.
struct Parts {
    store::Database& database;
    access::Room& access;
    const Clock& clock;
    std::function<bool()> recording;
    SourceService* sources = nullptr;
    EventService* events = nullptr;
    LedgerService* ledger = nullptr;
    DutyService* duties = nullptr;
    ComplianceService* compliance = nullptr;
    PackService* packs = nullptr;
    JobService* jobs = nullptr;
    SurroundingsService* surroundings = nullptr;
    RetentionService* retention = nullptr;
};

[[nodiscard]] std::vector<Handler> all_handlers(const Parts& parts);

}  // namespace daicho::app::api
