import { useMemo, useState } from 'react';
import type { Schemas } from '../../api/problem';
import { useSources } from '../../api/queries';
import { LinkButton } from '../../parts/Button';
import { Grid, type GridColumn } from '../../parts/grid';
import { Loaded } from '../../parts/Loaded';
import { Mark } from '../../parts/Mark';
import { Notice } from '../../parts/Notice';
import { Empty, Page } from '../../parts/Page';
import { Time, TimeOrNone } from '../../parts/Time';
import type { UiKey } from '../../text/catalogues';
import { useText, type Text } from '../../text/TextProvider';
import { formatTenths } from '../../time/duration';
import { useDates, type Dates } from '../../time/useDates';
import { SourceDialog } from './SourceDialog';
import { identityOf, isImport } from './source-identity';

type Source = Schemas['Source'];

export function SourcesPage() {
  const text = useText();
  const { t } = text;
  const dates = useDates();
  const sources = useSources();
  const [open, setOpen] = useState<string | null>(null);
  const columns = useMemo(() => sourceColumns(text, dates), [text, dates]);
  return (
    <Page title={t('sources.title')} lead={t('sources.lead')} actions={<LinkButton to="/settings/senders" small>{t('go.settings')}</LinkButton>}>
      <Loaded query={sources} lines={10}>
        {(data) => {
          const strangers = data.sources.filter((s) => !s.registered).length;
          const opened = data.sources.find((s) => s.id === open);
          return (
            <>
              {strangers > 0 && (
                <Notice level="warning">
                  <p><strong>{t('sources.unregistered', { count: strangers })}</strong> {t('sources.unregisteredNext')}</p>
                </Notice>
              )}
              <Grid
                label={t('sources.title')} name="sources" columns={columns} rows={data.sources} rowId={(row) => row.id}
                onOpen={(row) => { setOpen(row.id); }} openId={open}
                empty={<Empty action={<LinkButton to="/settings/senders" primary>{t('go.settings')}</LinkButton>}>{t('sources.empty')}</Empty>}
              />
              <p className="d-faint">{t('computedAt')} <Time at={data.computed_at} precision="second" /></p>
              {opened && <SourceDialog key={opened.id} source={opened} onClose={() => { setOpen(null); }} />}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

interface State {
  readonly text: UiKey;
  readonly tone: 'good' | 'bad' | 'unknown' | 'none';
  readonly icon: 'check' | 'warning' | 'question';
}

/** The worst thing first. */
function stateOf(source: Source): State {
  if (!source.registered) return { text: 'source.state.unregistered', tone: 'unknown', icon: 'question' };
  if (isImport(source)) return { text: 'source.state.imported', tone: 'none', icon: 'check' };
  if (source.silent) return { text: 'source.state.silent', tone: 'bad', icon: 'warning' };
  return { text: 'source.state.ok', tone: 'good', icon: 'check' };
}

export function dropped(source: Source): number {
  return source.drops.back_pressure + source.drops.oversize + source.drops.malformed_frame;
}

function skew(source: Source): string {
  if (!source.clock_skew_ms) return '';
  const { median, largest } = source.clock_skew_ms;
  return `${formatTenths(median)} s / ${formatTenths(largest)} s`;
}

function sourceColumns({ t, number }: Text, dates: Dates): GridColumn<Source>[] {
  return [
    {
      id: 'state', header: t('compliance.state'), width: 130, text: (row) => t(stateOf(row).text), sortBy: (row) => stateOf(row).text,
      cell: (row) => <Mark tone={stateOf(row).tone} icon={stateOf(row).icon}>{t(stateOf(row).text)}</Mark>,
    },
    { id: 'name', header: t('source.name'), width: 170, text: (row) => row.name ?? row.source_id, sortBy: (row) => row.name ?? row.source_id },
    { id: 'source_id', header: t('event.sourceId'), width: 170, mono: true, text: (row) => row.source_id, sortBy: (row) => row.source_id, hidden: 'always' },
    {
      id: 'rate', header: t('source.rate'), width: 80, align: 'end', text: (row) => row.events_per_second.toFixed(1), sortBy: (row) => row.events_per_second,
    },
    {
      id: 'last', header: t('source.lastSeen'), width: dates.style === 'wareki' ? 175 : 150, text: (row) => (row.last_seen ? dates.at(row.last_seen) : ''),
      sortBy: (row) => row.last_seen ?? '', cell: (row) => <TimeOrNone at={row.last_seen} />,
    },
    {
      id: 'skew', header: t('source.skew'), width: 130, align: 'end', text: skew, sortBy: (row) => Math.abs(row.clock_skew_ms?.median ?? 0), hidden: 'narrow',
    },
    { id: 'gaps', header: t('source.gaps'), width: 80, align: 'end', text: (row) => number(row.gaps), sortBy: (row) => row.gaps, hidden: 'narrow' },
    { id: 'drops', header: t('source.drops'), width: 90, align: 'end', text: (row) => number(dropped(row)), sortBy: dropped, hidden: 'narrow' },
    {
      id: 'identity', header: t('source.identity'), width: 110, text: (row) => t(identityOf(row)),
      sortBy: identityOf, hidden: 'narrow',
    },
    {
      id: 'total', header: t('source.total'), width: 120, align: 'end', text: (row) => number(row.events_total),
      sortBy: (row) => Number(row.events_total), hidden: 'always',
    },
  ];
}
