import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { need } from '../../api/api';
import { useApi, useMay } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { useExports, useExportTarget, useLedger } from '../../api/queries';
import { Button } from '../../parts/Button';
import { formatBytes } from '../../parts/bytes';
import { FormDialog } from '../../parts/Dialog';
import { Field, TextInput } from '../../parts/Field';
import { Grid, type GridColumn } from '../../parts/grid';
import { Loaded } from '../../parts/Loaded';
import { Mark } from '../../parts/Mark';
import { Notice } from '../../parts/Notice';
import { Empty, Page, Pairs, Panel } from '../../parts/Page';
import { fieldErrors, ProblemNotice } from '../../parts/ProblemNotice';
import { Time } from '../../parts/Time';
import { useText, type Text } from '../../text/TextProvider';
import { useDates, type Dates } from '../../time/useDates';
import { ExportClock } from './ExportClock';
import { JobView } from './JobView';

type Target = Schemas['ExportTarget'];

export function ExportsPage() {
  const { t } = useText();
  const ledger = useLedger();
  const target = useExportTarget();
  return (
    <Page title={t('exports.title')} lead={t('exports.lead')}>
      <Panel title={t('exports.target')}>
        <Loaded query={target}>{(data) => <TargetView target={data} />}</Loaded>
      </Panel>
      <Panel title={t('exports.state')}>
        <Loaded query={ledger}>{(data) => <ExportClock ledger={data} />}</Loaded>
      </Panel>
      <Panel title={t('exports.history')}><History /></Panel>
    </Page>
  );
}

function TargetView({ target }: { readonly target: Target }) {
  const { t } = useText();
  const may = useMay();
  const [editing, setEditing] = useState(false);
  const allowed = may('ledger.operate');
  return (
    <>
      {target.directory === null
        ? <Empty>{t('exports.noTarget')}</Empty>
        : (
          <>
            {target.same_volume && <Notice level="warning"><p><strong>{t('exports.sameVolume')}</strong> {t('exports.sameVolumeNext')}</p></Notice>}
            {!target.writable && <Notice level="error"><p><strong>{t('exports.notWritable')}</strong> {t('exports.notWritableNext')}</p></Notice>}
            <Pairs
              pairs={[
                { term: t('exports.directory'), value: <span className="d-mono d-break">{target.directory}</span> },
                { term: t('exports.probed'), value: t('exports.declared') },
                { term: t('exports.readAll'), value: target.write_once_checked_at === null ? t('exports.never') : <Time at={target.write_once_checked_at} /> },
              ]}
            />
          </>
        )}
      {allowed
        ? (
          <div className="d-actions">
            {target.directory !== null && <StartExport />}
            <Button kind={target.directory === null ? 'primary' : 'secondary'} onClick={() => { setEditing(true); }}>
              {t(target.directory === null ? 'exports.set' : 'exports.change')}
            </Button>
          </div>
        )
        : <p className="d-faint">{t('exports.mayNot')}</p>}
      {editing && <TargetDialog target={target} onClose={() => { setEditing(false); }} />}
    </>
  );
}

function StartExport() {
  const { client } = useApi();
  const queries = useQueryClient();
  const { t } = useText();
  const [job, setJob] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  const start = useMutation({
    mutationFn: () => need(client.POST('/api/v1/ledger/exports')),
    onSuccess: (started) => {
      setJob(started.id);
      setRunning(true);
    },
  });
  const ended = () => {
    setRunning(false);
    void queries.invalidateQueries();
  };
  return (
    <>
      <Button kind="primary" icon="export" busy={start.isPending || running} onClick={() => { start.mutate(); }}>{t('exports.start')}</Button>
      {(start.error !== null || job !== null) && (
        <div className="d-wide">
          <ProblemNotice error={start.error} />
          {job !== null && <JobView key={job} id={job} onEnd={ended} done={() => <p><strong>{t('exports.done')}</strong></p>} />}
        </div>
      )}
    </>
  );
}

function TargetDialog({ target, onClose }: { readonly target: Target; readonly onClose: () => void }) {
  const { client } = useApi();
  const queries = useQueryClient();
  const text = useText();
  const { t } = text;
  const [directory, setDirectory] = useState(target.directory ?? '');
  const bad = directory !== '' && !directory.startsWith('/');
  const save = useMutation({
    mutationFn: () => need(client.PUT('/api/v1/ledger/export-target', { body: { directory, version: target.version } })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('exports.target')} open onClose={onClose} action={t('save')} busy={save.isPending} disabled={directory === '' || bad}
      onSubmit={() => { save.mutate(); }}
    >
      <ProblemNotice error={save.error} />
      <Field
        label={t('exports.directory')} help={t('exports.directoryHelp')}
        errors={bad ? [t('exports.absolute')] : fieldErrors(save.error, 'directory', text)}
      >
        <TextInput value={directory} onChange={setDirectory} wide mono maxLength={1024} name="directory" invalid={bad} />
      </Field>
    </FormDialog>
  );
}

function History() {
  const text = useText();
  const { t } = text;
  const dates = useDates();
  const exports = useExports();
  const columns = useMemo(() => exportColumns(text, dates), [text, dates]);
  const pages = exports.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.exports) ?? [], [pages]);
  return (
    <>
      <ProblemNotice error={exports.error} reading />
      {pages && (
        <Grid
          label={t('exports.history')} name="exports" columns={columns} rows={rows} rowId={(row) => row.id} rowsShown={10}
          more={{ has: exports.hasNextPage, loading: exports.isFetchingNextPage, load: () => void exports.fetchNextPage() }}
          empty={<Empty>{t('exports.empty')}</Empty>}
        />
      )}
    </>
  );
}

function exportColumns({ t, number }: Text, dates: Dates): GridColumn<Schemas['Export']>[] {
  return [
    { id: 'at', header: t('exports.at'), width: 175, text: (row) => dates.at(row.exported_at), cell: (row) => <Time at={row.exported_at} /> },
    { id: 'range', header: t('review.range'), width: 190, text: (row) => `${number(row.first_seq)} – ${number(row.last_seq)}` },
    { id: 'bytes', header: t('exports.size'), width: 90, align: 'end', text: (row) => formatBytes(row.bytes), sortBy: (row) => row.bytes },
    {
      id: 'read', header: t('exports.readBack'), width: 130, text: (row) => t(row.read_back ? 'exports.readOk' : 'exports.readBad'),
      cell: (row) => (row.read_back
        ? <Mark tone="good" icon="check">{t('exports.readOk')}</Mark>
        : <Mark tone="bad" icon="cross">{t('exports.readBad')}</Mark>),
    },
    { id: 'leaf', header: t('proof.leaf'), width: 100, align: 'end', text: (row) => number(row.leaf_index), hidden: 'narrow' },
    { id: 'directory', header: t('exports.directory'), width: 200, mono: true, text: (row) => row.directory, hidden: 'narrow' },
    { id: 'digest', header: t('exports.digest'), width: 260, mono: true, text: (row) => row.digest, hidden: 'narrow' },
  ];
}
