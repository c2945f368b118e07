import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { need } from '../../api/api';
import { useApi } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { FormDialog } from '../../parts/Dialog';
import { Field, SelectInput, TextArea } from '../../parts/Field';
import { fieldErrors, ProblemNotice } from '../../parts/ProblemNotice';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { Consequences } from './Consequences';

/** As many as one application may name (openapi.yaml, DisposalRequest). */
const daysMax = 366;

interface Props {
  readonly retained: Schemas['RetentionClass'];
  readonly ready: readonly Schemas['RetentionDay'][];
  readonly onClose: () => void;
}

/** One person's half: which days, and why. */
export function ApplyDialog({ retained, ready, onClose }: Props) {
  const { client } = useApi();
  const queries = useQueryClient();
  const text = useText();
  const { t } = text;
  const dates = useDates();
  const offered = ready.slice(0, daysMax);
  const [through, setThrough] = useState(offered.at(-1)?.day ?? '');
  const [reason, setReason] = useState('');
  const chosen = offered.filter((day) => day.day <= through);
  const apply = useMutation({
    mutationFn: () => need(client.POST('/api/v1/retention/disposals', {
      body: { class: retained.id, days: chosen.map((day) => day.day), reason: reason.trim() },
    })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('retention.apply')} open onClose={onClose} size="L" action={t('retention.applyAction')} busy={apply.isPending}
      disabled={chosen.length === 0 || reason.trim() === ''} onSubmit={() => { apply.mutate(); }}
    >
      <ProblemNotice error={apply.error} />
      <p>{t('retention.second')}</p>
      <Field label={t('retention.through')} errors={fieldErrors(apply.error, 'days', text)}>
        <SelectInput
          value={through} onChange={setThrough} name="through"
          options={offered.map((day) => ({ value: day.day, label: dates.day(day.day) }))}
        />
      </Field>
      <Field label={t('retention.reason')} errors={fieldErrors(apply.error, 'reason', text)}>
        <TextArea value={reason} onChange={setReason} maxLength={1000} rows={2} name="reason" />
      </Field>
      <Consequences days={chosen.length} events={String(chosen.reduce((sum, day) => sum + day.events, 0))} />
    </FormDialog>
  );
}
