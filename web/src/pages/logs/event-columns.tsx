import type { Schemas } from '../../api/problem';
import type { GridColumn } from '../../parts/grid';
import { Mark } from '../../parts/Mark';
import { SafeText } from '../../parts/SafeText';
import { Time } from '../../parts/Time';
import type { UiKey } from '../../text/catalogues';
import type { Text } from '../../text/TextProvider';
import type { Dates } from '../../time/useDates';
import { actionText, categoryText } from './derived-texts';

type Row = Schemas['EventRow'];

export const outcomeText: Record<Schemas['Outcome'], UiKey> = {
  success: 'outcome.success', failure: 'outcome.failure', unknown: 'outcome.unknown',
};

export const flagText: Record<Schemas['EventFlag'], UiKey> = {
  truncated: 'flag.truncated',
  oversize: 'flag.oversize',
  invalid_utf8: 'flag.invalid_utf8',
  clock_skew: 'flag.clock_skew',
  unregistered_source: 'flag.unregistered_source',
  unauthenticated_source: 'flag.unauthenticated_source',
};

export function OutcomeMark({ outcome, t }: { readonly outcome: Schemas['Outcome'] | undefined; readonly t: Text['t'] }) {
  if (outcome === 'success') return <Mark tone="good" icon="check">{t('outcome.success')}</Mark>;
  if (outcome === 'failure') return <Mark tone="bad" icon="cross">{t('outcome.failure')}</Mark>;
  return null;
}

/** The server orders by time received; a column that is not loaded in full must not pretend to sort. */
export function eventColumns({ t, number }: Text, dates: Dates): GridColumn<Row>[] {
  return [
    {
      id: 'received', header: t('event.received'), width: dates.style === 'wareki' ? 190 : 165,
      text: (row) => dates.at(row.received_at, 'second'), cell: (row) => <Time at={row.received_at} precision="second" />,
    },
    {
      id: 'outcome', header: t('search.outcome'), width: 90,
      text: (row) => (row.fields.outcome ? t(outcomeText[row.fields.outcome]) : ''),
      cell: (row) => <OutcomeMark outcome={row.fields.outcome} t={t} />,
    },
    { id: 'user', header: t('search.user'), width: 100, text: (row) => row.fields.user ?? '', hidden: 'narrow' },
    { id: 'address', header: t('search.address'), width: 130, mono: true, text: (row) => row.fields.address ?? '', hidden: 'narrow' },
    {
      id: 'line', header: t('event.line'), width: 460, mono: true,
      text: (row) => row.display.map((part) => part.text).join(''), cell: (row) => <SafeText parts={row.display} />,
    },
    { id: 'host', header: t('search.host'), width: 110, text: (row) => row.fields.host ?? '', hidden: 'narrow' },
    { id: 'app', header: t('search.app'), width: 90, text: (row) => row.fields.app ?? '', hidden: 'narrow' },
    { id: 'source', header: t('search.source'), width: 140, text: (row) => row.source_name ?? row.source_id, hidden: 'narrow' },
    { id: 'action', header: t('event.action'), width: 110, text: (row) => actionText(row.fields.action, t) ?? '', hidden: 'always' },
    { id: 'category', header: t('event.category'), width: 110, text: (row) => categoryText(row.fields.category, t) ?? '', hidden: 'always' },
    { id: 'flags', header: t('event.flags'), width: 160, text: (row) => row.flags.map((f) => t(flagText[f])).join(', '), hidden: 'always' },
    { id: 'seq', header: t('event.seq'), width: 110, align: 'end', text: (row) => number(row.seq), hidden: 'always' },
  ];
}
