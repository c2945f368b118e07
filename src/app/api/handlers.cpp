#include "app/api/handlers.hpp"

namespace daicho::app::api {

std::vector<Handler> all_handlers(const Parts& parts) {
    const SessionParts session{parts.access, parts.database, parts.clock};
    return {
        get_health(parts.recording),
        get_openapi(),
        get_session(session),
        sign_in(session),
        sign_off(session),
        change_password(session),
        get_preferences(session),
        put_preferences(session),
        get_home(parts.duties, parts.access),
        list_sources(parts.sources),
        patch_source(parts.sources),
        search_events(parts.events),
        get_event(parts.events),
        get_event_proof(parts.events),
        get_leaf_proof(parts.events),
        get_ledger(parts.ledger),
        list_exports(parts.ledger),
        start_export(parts.ledger),
        get_export_target(parts.ledger),
        put_export_target(parts.ledger),
        draft_review(parts.duties),
        list_reviews(parts.duties),
        complete_review(parts.duties),
        list_obligations(parts.duties, parts.database),
        get_compliance(parts.compliance, parts.database),
        get_clause(parts.compliance, parts.database),
        list_packs(parts.packs),
        create_pack(parts.packs),
        download_pack(parts.packs),
        get_job(parts.jobs),
        cancel_job(parts.jobs),
        list_people(parts.access),
        create_person(parts.access),
        patch_person(parts.access),
        reissue_password(parts.access),
        unlock_person(parts.access),
        list_delegations(parts.access, parts.database, parts.clock),
        grant_delegation(parts.access, parts.database, parts.clock),
        revoke_delegation(parts.access),
        get_retention(parts.retention),
        put_retention_period(parts.retention),
        list_disposals(parts.retention),
        apply_for_disposal(parts.retention),
        approve_disposal(parts.retention),
        reject_disposal(parts.retention),
        withdraw_disposal(parts.retention),
        get_settings(parts.surroundings, parts.database),
        put_settings(parts.surroundings, parts.database, parts.access),
    };
}

}  // namespace daicho::app::api
