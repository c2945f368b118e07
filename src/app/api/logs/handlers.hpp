#pragma once
#include "app/api/logs/services.hpp"
#include "app/api/service.hpp"
#include "base/clock.hpp"

namespace daicho::app::api {

[[nodiscard]] Handler list_sources(SourceService* sources);
[[nodiscard]] Handler patch_source(SourceService* sources);
[[nodiscard]] Handler search_events(EventService* events);
[[nodiscard]] Handler get_event(EventService* events);
[[nodiscard]] Handler get_event_proof(EventService* events);
[[nodiscard]] Handler get_leaf_proof(EventService* events);
[[nodiscard]] Handler get_ledger(LedgerService* ledger);
[[nodiscard]] Handler list_exports(LedgerService* ledger);
[[nodiscard]] Handler start_export(LedgerService* ledger);
[[nodiscard]] Handler get_export_target(LedgerService* ledger);
[[nodiscard]] Handler put_export_target(LedgerService* ledger);

}  // namespace daicho::app::api
