import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { need } from '../../api/api';
import { useApi, useMay } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { useDelegations } from '../../api/queries';
import { Button } from '../../parts/Button';
import { FormDialog, MessageDialog } from '../../parts/Dialog';
import { Grid, type GridColumn } from '../../parts/grid';
import { Loaded } from '../../parts/Loaded';
import { Mark } from '../../parts/Mark';
import { Empty, Page, Pairs } from '../../parts/Page';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { EndTime, Time } from '../../parts/Time';
import { useText, type Text } from '../../text/TextProvider';
import { useDates, type Dates } from '../../time/useDates';
import { delegated, delegationReasons } from './delegation-texts';
import { GrantDialog } from './GrantDialog';

type Delegation = Schemas['Delegation'];

export function DelegationsPage() {
  const text = useText();
  const { t } = text;
  const dates = useDates();
  const may = useMay();
  const delegations = useDelegations();
  const [granting, setGranting] = useState(false);
  const [open, setOpen] = useState<Delegation | null>(null);
  const columns = useMemo(() => delegationColumns(text, dates), [text, dates]);
  return (
    <Page
      title={t('delegations.title')} lead={t('delegations.lead')}
      actions={may('delegation.grant') && <Button kind="primary" onClick={() => { setGranting(true); }}>{t('delegations.grant')}</Button>}
    >
      <Loaded query={delegations}>
        {(data) => (
          <Grid
            label={t('delegations.title')} name="delegations" columns={columns} rows={data.delegations} rowId={(row) => row.id}
            onOpen={setOpen} empty={<Empty>{t('delegations.empty')}</Empty>}
          />
        )}
      </Loaded>
      {granting && <GrantDialog onClose={() => { setGranting(false); }} />}
      {open && <DelegationDialog delegation={open} onClose={() => { setOpen(null); }} />}
    </Page>
  );
}

function endOf(row: Delegation): string {
  return row.revoked_at ?? row.until;
}

function delegationColumns({ t }: Text, dates: Dates): GridColumn<Delegation>[] {
  const state = (row: Delegation) => t(row.active ? 'delegation.active' : 'delegation.ended');
  return [
    {
      id: 'state', header: t('compliance.state'), width: 100, text: state, sortBy: (row) => Number(row.active),
      cell: (row) => <Mark tone={row.active ? 'good' : 'none'} icon={row.active ? 'check' : 'minus'}>{state(row)}</Mark>,
    },
    { id: 'to', header: t('delegation.to'), width: 130, text: (row) => row.person_name, sortBy: (row) => row.person_name },
    { id: 'what', header: t('delegation.what'), width: 170, text: (row) => t(delegated[row.permission]) },
    { id: 'from', header: t('delegation.from'), width: 130, text: (row) => row.grantor_name, hidden: 'narrow' },
    { id: 'start', header: t('delegation.start'), width: 175, text: (row) => dates.at(row.from), sortBy: (row) => row.from, hidden: 'narrow' },
    { id: 'until', header: t('delegation.until'), width: 175, text: (row) => dates.until(endOf(row)), sortBy: endOf },
    {
      id: 'reason', header: t('delegation.reason'), width: 260, hidden: 'narrow',
      text: (row) => [t(delegationReasons[row.reason]), row.note].filter((part) => part !== '').join(': '),
    },
  ];
}

function DelegationDialog({ delegation, onClose }: { readonly delegation: Delegation; readonly onClose: () => void }) {
  const { client } = useApi();
  const queries = useQueryClient();
  const may = useMay();
  const { t } = useText();
  const revoke = useMutation({
    mutationFn: () => need(client.DELETE('/api/v1/delegations/{delegation_id}', { params: { path: { delegation_id: delegation.id } } })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  const facts = (
    <Pairs
      pairs={[
        { term: t('delegation.from'), value: delegation.grantor_name },
        { term: t('delegation.to'), value: delegation.person_name },
        { term: t('delegation.what'), value: t(delegated[delegation.permission]) },
        { term: t('delegation.start'), value: <Time at={delegation.from} /> },
        { term: t('delegation.until'), value: <EndTime at={endOf(delegation)} /> },
        { term: t('delegation.reason'), value: t(delegationReasons[delegation.reason]) },
        ...(delegation.note === '' ? [] : [{ term: t('delegation.note'), value: delegation.note, wide: true }]),
      ]}
    />
  );
  if (!delegation.active || !may('delegation.grant')) {
    return <MessageDialog title={t('delegation.one')} open onClose={onClose}>{facts}</MessageDialog>;
  }
  return (
    <FormDialog
      title={t('delegation.one')} open onClose={onClose} danger action={t('delegation.revoke')} busy={revoke.isPending}
      onSubmit={() => { revoke.mutate(); }}
    >
      <ProblemNotice error={revoke.error} />
      {facts}
      <p>{t('delegation.revokeAsk')}</p>
    </FormDialog>
  );
}
