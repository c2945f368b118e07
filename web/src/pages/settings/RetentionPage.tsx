import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { useRetention } from '../../api/retention-queries';
import { Button } from '../../parts/Button';
import { formatBytes } from '../../parts/bytes';
import { Loaded } from '../../parts/Loaded';
import type { IconName } from '../../parts/Icon';
import { Mark, type Tone } from '../../parts/Mark';
import { Page, Pairs, Panel } from '../../parts/Page';
import { SmallTable } from '../../parts/SmallTable';
import { Day, EndTime, TimeOrNone } from '../../parts/Time';
import { presentableValue } from '../../text/params';
import type { UiKey } from '../../text/catalogues';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { ApplyDialog } from './ApplyDialog';
import { Disposals } from './Disposals';
import { PeriodDialog } from './PeriodDialog';

type RetentionClass = Schemas['RetentionClass'];
type DayState = Schemas['RetentionDay']['state'];

const dayStates: Record<DayState, { readonly text: UiKey; readonly tone: Tone; readonly icon: IconName }> = {
  ready: { text: 'retention.ready', tone: 'soon', icon: 'clock' },
  applied: { text: 'retention.applied', tone: 'unknown', icon: 'question' },
  held: { text: 'retention.heldBack', tone: 'exempt', icon: 'exception' },
  not_sealed: { text: 'retention.unsealed', tone: 'none', icon: 'minus' },
};

export function RetentionPage() {
  const { t } = useText();
  const retention = useRetention();
  return (
    <Page title={t('retention.title')} lead={t('retention.lead')}>
      <Loaded query={retention} lines={10}>
        {(data) => data.classes.map((one) => <ClassPanel key={one.id} kept={one} />)}
      </Loaded>
      <Panel title={t('disposals.title')}><Disposals /></Panel>
    </Page>
  );
}

function ClassPanel({ kept }: { readonly kept: RetentionClass }) {
  const { t, local, language, number } = useText();
  const dates = useDates();
  const may = useMay();
  const [open, setOpen] = useState<'apply' | 'period' | null>(null);
  const ready = kept.past.filter((day) => day.state === 'ready');
  return (
    <Panel
      title={local(kept.title)}
      actions={may('retention.write') && (
        <>
          <Button small onClick={() => { setOpen('period'); }}>{t('retention.change')}</Button>
          {ready.length > 0 && <Button small kind="danger" onClick={() => { setOpen('apply'); }}>{t('retention.apply')}</Button>}
        </>
      )}
    >
      <Pairs
        pairs={[
          { term: t('retention.period'), value: presentableValue(kept.period, dates, language) },
          { term: t('retention.minimum'), value: presentableValue(kept.minimum, dates, language) },
          { term: t('retention.kept'), value: t('retention.keptValue', { events: number(kept.events), bytes: formatBytes(kept.bytes) }) },
          { term: t('retention.oldest'), value: kept.oldest_day === null ? t('none') : <Day iso={kept.oldest_day} /> },
          { term: t('retention.next'), value: <TimeOrNone at={kept.next_at} /> },
          {
            term: t('retention.source'), wide: true,
            value: <>{local(kept.source)}{kept.clause_id !== null && <> <Link to={`/compliance/${kept.clause_id}`}>{kept.clause_id}</Link></>}</>,
          },
        ]}
      />
      <h3>{t('retention.past')}</h3>
      {kept.past.length === 0 ? <p className="d-faint">{t('retention.noPast')}</p> : <PastDays days={kept.past} />}
      {kept.more && <p className="d-faint">{t('retention.more')}</p>}
      {open === 'apply' && <ApplyDialog retained={kept} ready={ready} onClose={() => { setOpen(null); }} />}
      {open === 'period' && <PeriodDialog retained={kept} onClose={() => { setOpen(null); }} />}
    </Panel>
  );
}

function PastDays({ days }: { readonly days: readonly Schemas['RetentionDay'][] }) {
  const { t, number } = useText();
  return (
    <SmallTable
      caption={t('retention.past')} hideCaption rows={days} rowId={(day) => day.day}
      columns={[
        { id: 'day', header: t('retention.day'), heading: true, cell: (day) => <Day iso={day.day} /> },
        { id: 'events', header: t('retention.events'), align: 'end', cell: (day) => number(day.events) },
        { id: 'bytes', header: t('retention.bytes'), align: 'end', cell: (day) => formatBytes(day.bytes) },
        { id: 'segments', header: t('retention.segments'), cell: (day) => <span className="d-mono d-break">{day.segments.join(' ')}</span> },
        { id: 'until', header: t('retention.until'), cell: (day) => <EndTime at={day.kept_until} /> },
        {
          id: 'state', header: t('disposal.state'),
          cell: (day) => (
            <>
              <Mark tone={dayStates[day.state].tone} icon={dayStates[day.state].icon}>{t(dayStates[day.state].text)}</Mark>
              {day.holds.map((hold) => (
                <div key={hold.id} className="d-faint d-break">{t('retention.hold', { id: hold.id, reason: hold.reason })}</div>
              ))}
            </>
          ),
        },
      ]}
    />
  );
}
