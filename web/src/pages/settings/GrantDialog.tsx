import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { need } from '../../api/api';
import { useApi, useSession } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { usePeople } from '../../api/queries';
import { DateField } from '../../parts/DateField';
import { FormDialog } from '../../parts/Dialog';
import { Field, RadioGroup, SelectInput, TextArea } from '../../parts/Field';
import { fieldErrors, ProblemNotice } from '../../parts/ProblemNotice';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { parseDay } from '../../time/wareki';
import { addDays, instantOf, today } from '../../time/zone';
import { delegated, delegationReasons } from './delegation-texts';

/** The longest a delegation may run (openapi.yaml, grantDelegation). */
const daysMax = 90;

const reasonOrder = Object.keys(delegationReasons) as Schemas['DelegationReason'][];

export function GrantDialog({ onClose }: { readonly onClose: () => void }) {
  const { client } = useApi();
  const queries = useQueryClient();
  const self = useSession().person.id;
  const people = usePeople();
  const dates = useDates();
  const text = useText();
  const { t } = text;
  const now = today(dates.zone);
  const [person, setPerson] = useState('');
  const [permission, setPermission] = useState<Schemas['DelegatedPermission']>('log.read');
  const [reason, setReason] = useState<Schemas['DelegationReason'] | ''>('');
  const [note, setNote] = useState('');
  const [untilText, setUntil] = useState(addDays(now, 30));
  const until = parseDay(untilText);
  const outside = until !== null && (until < now || until > addDays(now, daysMax - 1));
  const grant = useMutation({
    mutationFn: (chosen: { day: string; reason: Schemas['DelegationReason'] }) => need(client.POST('/api/v1/delegations', {
      body: {
        person_id: person, permission, reason: chosen.reason, note: note.trim(), from: secondText(Date.now()), until: endOfDay(chosen.day, dates.zone),
      },
    })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  const candidates = (people.data?.people ?? []).filter((p) => p.state !== 'disabled' && p.id !== self);
  return (
    <FormDialog
      title={t('delegations.grant')} open onClose={onClose} size="L" action={t('delegations.grantAction')} busy={grant.isPending}
      disabled={person === '' || reason === '' || until === null || outside}
      onSubmit={() => { if (until !== null && reason !== '') grant.mutate({ day: until, reason }); }}
    >
      <ProblemNotice error={grant.error ?? people.error} />
      <p>{t('delegations.grantLead')}</p>
      <Field label={t('delegation.to')} errors={fieldErrors(grant.error, 'person_id', text)}>
        <SelectInput
          value={person} onChange={setPerson} name="person"
          options={[{ value: '', label: t('choose') }, ...candidates.map((p) => ({ value: p.id, label: `${p.display_name} (${p.login})` }))]}
        />
      </Field>
      <RadioGroup
        legend={t('delegation.what')} name="permission" value={permission} onChange={setPermission}
        options={(['log.read', 'log.review'] as const).map((p) => ({ value: p, label: t(delegated[p]) }))}
      />
      <Field label={t('delegation.reason')} errors={fieldErrors(grant.error, 'reason', text)}>
        <SelectInput
          value={reason} onChange={setReason} name="reason"
          options={[{ value: '', label: t('choose') }, ...reasonOrder.map((r) => ({ value: r, label: t(delegationReasons[r]) }))]}
        />
      </Field>
      <Field label={t('delegation.note')} optional errors={fieldErrors(grant.error, 'note', text)}>
        <TextArea value={note} onChange={setNote} maxLength={1000} rows={2} name="note" />
      </Field>
      <DateField
        label={t('delegation.lastDay')} value={untilText} onChange={setUntil} name="until"
        errors={outside ? [t('delegation.outside')] : fieldErrors(grant.error, 'until', text)}
      />
    </FormDialog>
  );
}

function endOfDay(day: string, zone: string): string {
  return secondText(instantOf(addDays(day, 1), '00:00:00', zone));
}

function secondText(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
