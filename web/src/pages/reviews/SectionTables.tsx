import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useMay } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { usePeople } from '../../api/queries';
import { Grid, type GridColumn } from '../../parts/grid';
import { Notice } from '../../parts/Notice';
import { SmallTable } from '../../parts/SmallTable';
import { Tabs } from '../../parts/Tabs';
import { Day, Time } from '../../parts/Time';
import type { UiKey } from '../../text/catalogues';
import { useText, type Text } from '../../text/TextProvider';
import { useDates, type Dates } from '../../time/useDates';
import { searchState, termsFor } from '../logs/terms';
import { sumBy, type SignInSum, type SumBy } from './sums';

type Draft = Schemas['ReviewDraft'];

const sumNames: Record<SumBy, UiKey> = { pair: 'review.by.pair', user: 'review.by.user', address: 'review.by.address' };

interface SignInProps {
  readonly rows: readonly Schemas['SignInCount'][];
  readonly draft: Draft;
  readonly name: string;
  readonly empty: string;
}

/** Sign-ins by pair, by person or by address; a row leads into the search for exactly these. */
export function SignInTables({ rows, draft, name, empty }: SignInProps) {
  const text = useText();
  const { t, number } = text;
  const dates = useDates();
  const may = useMay();
  const navigate = useNavigate();
  const [by, setBy] = useState<SumBy>('pair');
  const sums = useMemo(() => sumBy(rows, by), [rows, by]);
  const nameOf = useAccountNames();
  const columns = useMemo(() => signInColumns(text, dates, by, nameOf), [text, dates, by, nameOf]);
  if (rows.length === 0) return <p className="d-faint">{empty}</p>;
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  const succeeded = rows.reduce((sum, row) => sum + row.succeeded, 0);
  const open = (sum: SignInSum) => {
    const found = { ...(sum.user === null ? {} : { user: sum.user }), ...(sum.address === null ? {} : { address: sum.address }) };
    void navigate('/logs/search', { state: searchState(termsFor(draft.from, draft.to, dates.zone, found)) });
  };
  return (
    <>
      <p>{t('review.totals', { succeeded: number(succeeded), failed: number(failed) })}</p>
      <Tabs
        label={t('review.by')} chosen={by} onChoose={setBy}
        tabs={(['pair', 'user', 'address'] as const).map((id) => ({ id, title: t(sumNames[id]) }))}
      >
        <Grid
          label={t(sumNames[by])} name={`${name}-${by}`} columns={columns} rows={sums}
          rowId={(row) => row.id} rowsShown={Math.min(8, sums.length)} empty={null} {...(may('log.read') ? { onOpen: open } : {})}
          exportable={may('log.export')}
        />
      </Tabs>
    </>
  );
}

/** Entries of daicho itself name accounts by their number; who may see people reads whose it is. */
function useAccountNames(): (user: string) => string {
  const may = useMay();
  const { data } = usePeople(may('people.read'));
  return useMemo(() => {
    const names = new Map((data?.people ?? []).map((person) => [`account:${person.id}`, `${person.display_name} (account:${person.id})`]));
    return (user: string) => names.get(user) ?? user;
  }, [data]);
}

function signInColumns({ t, number }: Text, dates: Dates, by: SumBy, nameOf: (user: string) => string): GridColumn<SignInSum>[] {
  const columns: (GridColumn<SignInSum> | null)[] = [
    by === 'address' ? null : { id: 'user', header: t('search.user'), width: 150, text: (row) => nameOf(row.user ?? ''), sortBy: (row) => row.user ?? '' },
    by === 'user' ? null : {
      id: 'address', header: t('search.address'), width: 130, mono: true, text: (row) => row.address ?? '',
      sortBy: (row) => row.address ?? '',
    },
    { id: 'failed', header: t('outcome.failure'), width: 70, align: 'end', text: (row) => number(row.failed), sortBy: (row) => row.failed },
    { id: 'succeeded', header: t('outcome.success'), width: 70, align: 'end', text: (row) => number(row.succeeded), sortBy: (row) => row.succeeded },
    {
      id: 'first', header: t('review.first'), width: 175, text: (row) => dates.at(row.first_at),
      sortBy: (row) => row.first_at, cell: (row) => <Time at={row.first_at} />, hidden: 'narrow',
    },
    {
      id: 'last', header: t('review.last'), width: 175, text: (row) => dates.at(row.last_at),
      sortBy: (row) => row.last_at, cell: (row) => <Time at={row.last_at} />, hidden: 'narrow',
    },
  ];
  return columns.filter((column) => column !== null);
}

export function VolumeTable({ draft }: { readonly draft: Draft }) {
  const { t, number } = useText();
  if (draft.volumes.length === 0) return <p className="d-faint">{t('review.empty.volumes')}</p>;
  const largest = Math.max(1, ...draft.volumes.map((v) => v.events));
  return (
    <SmallTable
      caption={t('review.section.volumes')} hideCaption rows={draft.volumes} rowId={(v) => `${v.day} ${v.source_id}`}
      columns={[
        { id: 'day', header: t('review.day'), cell: (v) => <Day iso={v.day} /> },
        { id: 'source', header: t('search.source'), heading: true, cell: (v) => v.source_name ?? v.source_id },
        {
          id: 'events', header: t('review.events'), align: 'end',
          cell: (v) => (
            <span className="d-measure">
              <span aria-hidden="true" style={{ width: `${String(Math.round((v.events / largest) * 100))}%` }} />
              {number(v.events)}
            </span>
          ),
        },
        { id: 'failures', header: t('review.failures'), align: 'end', cell: (v) => number(v.failures) },
      ]}
    />
  );
}

export function GapList({ draft }: { readonly draft: Draft }) {
  const { t, number } = useText();
  if (draft.gaps === 0 && draft.silent_sources.length === 0) return <p className="d-faint">{t('review.empty.gaps')}</p>;
  return (
    <>
      {draft.gaps > 0 && <Notice level="warning"><p>{t('review.gapCount', { count: number(draft.gaps) })}</p></Notice>}
      {draft.silent_sources.length > 0 && (
        <Notice level="warning">
          <p>{t('review.silent')}</p>
          <ul>{draft.silent_sources.map((source) => <li key={source} className="d-mono">{source}</li>)}</ul>
        </Notice>
      )}
    </>
  );
}
