import { useState } from 'react';
import { useMay } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { useObligations } from '../../api/queries';
import { Button, LinkButton } from '../../parts/Button';
import { Loaded } from '../../parts/Loaded';
import { Empty, Page, Pairs, Panel } from '../../parts/Page';
import { SmallTable } from '../../parts/SmallTable';
import { OccurrenceMark } from '../../parts/states';
import { Day, EndTime, Time, TimeSpan } from '../../parts/Time';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { addDays, today } from '../../time/zone';
import { isOpen, reviewPath } from '../actions';
import { ClauseLinks } from '../ClauseLinks';
import { EntryLink } from '../EntryLink';
import { usePostTitle } from '../posts';

const stepDays = 60;

interface Row {
  readonly obligation: Schemas['Obligation'];
  readonly occurrence: Schemas['Occurrence'];
}

export function SchedulePage() {
  const { t } = useText();
  const dates = useDates();
  const [shift, setShift] = useState(0);
  const start = addDays(today(dates.zone), -30 + shift * stepDays);
  const range = { from: start, to: addDays(start, 90) };
  const obligations = useObligations(range);
  return (
    <Page title={t('schedule.title')} lead={t('schedule.lead')}>
      <div className="d-tools">
        <Button small onClick={() => { setShift(shift - 1); }}>{t('schedule.earlier')}</Button>
        <span><Day iso={range.from} /> – <Day iso={range.to} /></span>
        <Button small onClick={() => { setShift(shift + 1); }}>{t('schedule.later')}</Button>
        {shift !== 0 && <Button small kind="text" onClick={() => { setShift(0); }}>{t('schedule.today')}</Button>}
      </div>
      <Loaded query={obligations} lines={8}>
        {(data) => {
          const rows = data.obligations
            .flatMap((obligation) => obligation.occurrences.map((occurrence) => ({ obligation, occurrence })))
            .sort((a, b) => a.occurrence.due_at.localeCompare(b.occurrence.due_at));
          return (
            <>
              <Panel title={t('schedule.list')}>
                {rows.length === 0 ? <Empty>{t('schedule.empty')}</Empty> : <Occurrences rows={rows} />}
              </Panel>
              <Panel title={t('schedule.duties')}>
                {data.obligations.map((obligation) => <Duty key={obligation.id} obligation={obligation} />)}
              </Panel>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Occurrences({ rows }: { readonly rows: readonly Row[] }) {
  const { t, local } = useText();
  return (
    <SmallTable
      caption={t('schedule.list')} hideCaption rows={rows} rowId={(row) => row.occurrence.id}
      columns={[
        { id: 'due', header: t('task.due'), cell: ({ occurrence }) => <EndTime at={occurrence.due_at} /> },
        { id: 'state', header: t('compliance.state'), cell: ({ occurrence }) => <OccurrenceMark state={occurrence.state} /> },
        { id: 'title', header: t('schedule.duty'), heading: true, cell: ({ obligation }) => local(obligation.title) },
        {
          id: 'period', header: t('task.period'),
          cell: ({ occurrence }) => <TimeSpan from={occurrence.from} to={occurrence.to} />,
        },
        { id: 'who', header: t('action.who'), cell: ({ obligation }) => obligation.person_names.map((name) => <span key={name} className="d-nowrap">{name}{' '}</span>) },
        { id: 'next', header: t('schedule.next'), cell: (row) => <Next {...row} /> },
      ]}
    />
  );
}

function Next({ obligation, occurrence }: Row) {
  const { t } = useText();
  const may = useMay();
  if (occurrence.done_at !== null) {
    return (
      <>
        <Time at={occurrence.done_at} />
        {occurrence.ledger_seq !== null && <> <EntryLink seq={occurrence.ledger_seq} own /></>}
      </>
    );
  }
  if (obligation.page !== 'review' || !isOpen(occurrence) || !may('log.review')) return null;
  return <LinkButton to={reviewPath(occurrence.id)} small>{t('review.start')}</LinkButton>;
}

function Duty({ obligation }: { readonly obligation: Schemas['Obligation'] }) {
  const { t, local } = useText();
  const postTitle = usePostTitle();
  return (
    <Pairs
      pairs={[
        { term: t('schedule.duty'), value: <strong>{local(obligation.title)}</strong> },
        { term: t('schedule.rule'), value: local(obligation.rule_text) },
        { term: t('action.who'), value: `${postTitle(obligation.post)} (${obligation.person_names.join('、') || t('schedule.nobody')})` },
        {
          term: t('home.clauses'),
          value: <ClauseLinks ids={obligation.clause_ids} />,
        },
        { term: t('schedule.description'), value: local(obligation.description), wide: true },
      ]}
    />
  );
}
