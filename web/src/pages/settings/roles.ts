import type { Schemas } from '../../api/problem';
import type { UiKey } from '../../text/catalogues';

export type Role = Schemas['Role'];

export const roles: Record<Role, UiKey> = {
  administrator: 'role.administrator', security_officer: 'role.security_officer', auditor: 'role.auditor', member: 'role.member',
};

export const roleOrder: readonly Role[] = ['administrator', 'security_officer', 'auditor', 'member'];
