import { CheckGroup, Field, TextArea } from '../../parts/Field';
import { fieldErrors } from '../../parts/ProblemNotice';
import { useText } from '../../text/TextProvider';
import { roleOrder, roles, type Role } from './roles';

export interface RoleValues {
  readonly roles: readonly Role[];
  /** Asked for only when one person both runs the systems and reads their logs. */
  readonly reason: string;
}

export function combines({ roles: chosen }: RoleValues): boolean {
  return chosen.includes('administrator') && chosen.includes('security_officer');
}

export function rolesComplete(values: RoleValues): boolean {
  return values.roles.length > 0 && (!combines(values) || values.reason.trim() !== '');
}

export function roleBody(values: RoleValues) {
  return { roles: [...values.roles], ...(combines(values) ? { combined_roles_reason: values.reason.trim() } : {}) };
}

interface Props {
  readonly values: RoleValues;
  readonly onChange: (values: RoleValues) => void;
  readonly error: unknown;
}

export function RoleFields({ values, onChange, error }: Props) {
  const text = useText();
  const { t } = text;
  return (
    <>
      <CheckGroup
        legend={t('person.roles')} chosen={values.roles} errors={fieldErrors(error, 'roles', text)}
        options={roleOrder.map((role) => ({ value: role, label: t(roles[role]) }))}
        onChange={(chosen) => { onChange({ ...values, roles: chosen }); }}
      />
      {combines(values) && (
        <Field label={t('person.combined')} help={t('person.combinedHelp')} errors={fieldErrors(error, 'combined_roles_reason', text)}>
          <TextArea value={values.reason} onChange={(reason) => { onChange({ ...values, reason }); }} maxLength={1000} rows={2} name="combined-reason" />
        </Field>
      )}
    </>
  );
}
