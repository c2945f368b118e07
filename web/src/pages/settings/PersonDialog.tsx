import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { need } from '../../api/api';
import { useApi, useMay, useSession } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { Button } from '../../parts/Button';
import { FormDialog, MessageDialog } from '../../parts/Dialog';
import { Mark } from '../../parts/Mark';
import { Pairs } from '../../parts/Page';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Time } from '../../parts/Time';
import { useText } from '../../text/TextProvider';
import { personState } from './person-state';
import { roleBody, RoleFields, rolesComplete, type RoleValues } from './RoleFields';
import { roles } from './roles';

type Person = Schemas['Person'];

interface Props {
  readonly person: Person;
  readonly onClose: () => void;
  readonly onIssued: (issued: Schemas['PersonIssued']) => void;
}

export function PersonDialog(props: Props) {
  const may = useMay();
  const { t } = useText();
  const { person, onClose } = props;
  if (may('people.write')) return <EditDialog {...props} />;
  return (
    <MessageDialog title={person.display_name} open onClose={onClose}>
      <Facts person={person} />
      <Pairs pairs={[{ term: t('person.roles'), value: person.roles.map((role) => t(roles[role])).join('、') }]} />
    </MessageDialog>
  );
}

function Facts({ person }: { readonly person: Person }) {
  const { t } = useText();
  const state = personState(person);
  return (
    <Pairs
      pairs={[
        { term: t('signin.login'), value: person.login },
        { term: t('compliance.state'), value: <Mark tone={state.tone} icon={state.icon}>{t(state.text)}</Mark> },
        { term: t('person.created'), value: <Time at={person.created_at} /> },
        { term: t('person.passwordSet'), value: <Time at={person.password_set_at} /> },
        ...(person.one_time_password_expires_at === null ? [] : [{ term: t('issued.until'), value: <Time at={person.one_time_password_expires_at} /> }]),
        ...(person.locked_until === null ? [] : [{ term: t('person.lockedUntil'), value: <Time at={person.locked_until} /> }]),
        ...(person.disabled_at === null ? [] : [{ term: t('person.disabledAt'), value: <Time at={person.disabled_at} /> }]),
      ]}
    />
  );
}

function EditDialog({ person, onClose, onIssued }: Props) {
  const { client } = useApi();
  const queries = useQueryClient();
  const { t } = useText();
  const [values, setValues] = useState<RoleValues>({ roles: person.roles, reason: person.combined_roles_reason ?? '' });
  const save = useMutation({
    mutationFn: () => need(client.PATCH('/api/v1/people/{person_id}', {
      params: { path: { person_id: person.id } },
      body: { ...roleBody(values), version: person.version },
    })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('person.change', { name: person.display_name })} open onClose={onClose} size="L" action={t('save')} busy={save.isPending}
      disabled={person.state === 'disabled' || !rolesComplete(values)} onSubmit={() => { save.mutate(); }}
    >
      <ProblemNotice error={save.error} />
      <Facts person={person} />
      <RoleFields values={values} onChange={setValues} error={save.error} />
      <AccountActions person={person} onIssued={onIssued} />
    </FormDialog>
  );
}

/** What changes the account at once. Each asks a second time. */
function AccountActions({ person, onIssued }: Omit<Props, 'onClose'>) {
  const { client } = useApi();
  const queries = useQueryClient();
  const self = useSession().person.id === person.id;
  const { t } = useText();
  const [asking, setAsking] = useState<'reissue' | 'disable' | null>(null);
  const path = { path: { person_id: person.id } };
  const done = () => {
    setAsking(null);
    void queries.invalidateQueries();
  };
  const reissue = useMutation({
    mutationFn: () => need(client.POST('/api/v1/people/{person_id}/reissue', { params: path })),
    onSuccess: (issued) => { done(); onIssued(issued); },
  });
  const disable = useMutation({
    mutationFn: () => need(client.PATCH('/api/v1/people/{person_id}', { params: path, body: { disabled: true, version: person.version } })),
    onSuccess: done,
  });
  const unlock = useMutation({
    mutationFn: () => need(client.POST('/api/v1/people/{person_id}/unlock', { params: path })),
    onSuccess: done,
  });
  const busy = reissue.isPending || disable.isPending || unlock.isPending;
  const act = asking === 'reissue' ? reissue : disable;
  return (
    <div className="d-account-actions">
      <ProblemNotice error={reissue.error ?? disable.error ?? unlock.error} />
      {asking === null
        ? (
          <div className="d-actions">
            {person.locked_until !== null && <Button small busy={busy} onClick={() => { unlock.mutate(); }}>{t('person.unlock')}</Button>}
            {!self && <Button small onClick={() => { setAsking('reissue'); }}>{t('person.reissue')}</Button>}
            {!self && person.state !== 'disabled' && <Button small kind="danger" onClick={() => { setAsking('disable'); }}>{t('person.disable')}</Button>}
          </div>
        )
        : (
          <div className="d-confirm">
            <p>{t(asking === 'reissue' ? 'person.reissueAsk' : 'person.disableAsk', { name: person.display_name })}</p>
            <div className="d-actions">
              <Button small kind="danger" busy={busy} onClick={() => { act.mutate(); }}>
                {t(asking === 'reissue' ? 'person.reissueDo' : 'person.disableDo')}
              </Button>
              <Button small disabled={busy} onClick={() => { setAsking(null); }}>{t('dialog.back')}</Button>
            </div>
          </div>
        )}
    </div>
  );
}
