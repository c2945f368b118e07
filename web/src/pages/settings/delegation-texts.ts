import type { Schemas } from '../../api/problem';
import type { UiKey } from '../../text/catalogues';

export const delegated: Record<Schemas['DelegatedPermission'], UiKey> = {
  'log.read': 'delegation.read', 'log.review': 'delegation.review',
};

export const delegationReasons: Record<Schemas['DelegationReason'], UiKey> = {
  absence: 'delegation.reason.absence',
  workload: 'delegation.reason.workload',
  expertise: 'delegation.reason.expertise',
  incident: 'delegation.reason.incident',
  audit: 'delegation.reason.audit',
};
