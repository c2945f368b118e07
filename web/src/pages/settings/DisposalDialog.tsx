import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { need } from '../../api/api';
import { useApi, useMay, useSession } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { FormDialog, MessageDialog } from '../../parts/Dialog';
import { Field, RadioGroup, TextArea } from '../../parts/Field';
import { Notice } from '../../parts/Notice';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { useText } from '../../text/TextProvider';
import { Consequences } from './Consequences';
import { DisposalFacts } from './DisposalFacts';

type Disposal = Schemas['Disposal'];
type Decision = 'approve' | 'reject';

interface Props {
  readonly disposal: Disposal;
  readonly onClose: () => void;
}

/** The application in full, with the decision for whoever may take it. */
export function DisposalDialog({ disposal, onClose }: Props) {
  const { t } = useText();
  const may = useMay();
  const own = useSession().person.id === disposal.requested_by.id;
  const waiting = disposal.state === 'requested';
  if (waiting && own && may('retention.write')) return <Withdrawal disposal={disposal} onClose={onClose} />;
  if (waiting && !own && may('retention.approve')) return <Judgement disposal={disposal} onClose={onClose} />;
  return (
    <MessageDialog title={t('disposal.one')} open onClose={onClose} size="L">
      <DisposalFacts disposal={disposal} />
      <Consequences days={disposal.days.length} events={disposal.events} />
      {disposal.state === 'failed' && <Notice level="error"><p>{t('disposal.failedNext')}</p></Notice>}
    </MessageDialog>
  );
}

function Judgement({ disposal, onClose }: Props) {
  const { client } = useApi();
  const queries = useQueryClient();
  const { t } = useText();
  const [decision, setDecision] = useState<Decision | null>(null);
  const [note, setNote] = useState('');
  const path = { params: { path: { disposal_id: disposal.id } } };
  const decide = useMutation({
    mutationFn: (chosen: Decision) => (chosen === 'approve'
      ? need(client.POST('/api/v1/retention/disposals/{disposal_id}/approval', {
        ...path, body: { version: disposal.version, content: disposal.content, note: note.trim() },
      }))
      : need(client.POST('/api/v1/retention/disposals/{disposal_id}/rejection', { ...path, body: { version: disposal.version, note: note.trim() } }))),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('disposal.one')} open onClose={onClose} size="L" danger={decision === 'approve'} busy={decide.isPending}
      action={t(decision === 'reject' ? 'disposal.reject' : 'disposal.approve')}
      disabled={decision === null || (decision === 'reject' && note.trim() === '')}
      onSubmit={() => { if (decision !== null) decide.mutate(decision); }}
    >
      <ProblemNotice error={decide.error} />
      <DisposalFacts disposal={disposal} />
      <Consequences days={disposal.days.length} events={disposal.events} />
      <RadioGroup
        legend={t('disposal.choose')} name="decision" value={decision ?? ''} onChange={(chosen) => { if (chosen !== '') setDecision(chosen); }}
        options={[{ value: 'approve' as const, label: t('disposal.approve') }, { value: 'reject' as const, label: t('disposal.reject') }]}
      />
      <Field label={t('disposal.note')} help={t('disposal.noteHelp')} optional={decision !== 'reject'}>
        <TextArea value={note} onChange={setNote} maxLength={1000} rows={2} name="note" />
      </Field>
    </FormDialog>
  );
}

function Withdrawal({ disposal, onClose }: Props) {
  const { client } = useApi();
  const queries = useQueryClient();
  const { t } = useText();
  const withdraw = useMutation({
    mutationFn: () => need(client.POST('/api/v1/retention/disposals/{disposal_id}/withdrawal', {
      params: { path: { disposal_id: disposal.id } }, body: { version: disposal.version },
    })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('disposal.one')} open onClose={onClose} size="L" action={t('disposal.withdraw')} busy={withdraw.isPending}
      onSubmit={() => { withdraw.mutate(); }}
    >
      <ProblemNotice error={withdraw.error} />
      <Notice level="info"><p>{t('disposal.own')}</p></Notice>
      <DisposalFacts disposal={disposal} />
      <Consequences days={disposal.days.length} events={disposal.events} />
    </FormDialog>
  );
}
