import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../api/problem';
import { useMay } from '../../api/ApiContext';
import { useObligations, useReviews } from '../../api/queries';
import { LinkButton } from '../../parts/Button';
import { MessageDialog } from '../../parts/Dialog';
import { Grid, type GridColumn } from '../../parts/grid';
import { Loaded } from '../../parts/Loaded';
import { Empty, Page, Pairs, Panel } from '../../parts/Page';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { OccurrenceMark } from '../../parts/states';
import { EndTime, Time, TimeSpan } from '../../parts/Time';
import { useText, type Text } from '../../text/TextProvider';
import { useDates, type Dates } from '../../time/useDates';
import { isOpen, reviewPath } from '../actions';
import { EntryLink } from '../EntryLink';
import { RangeText } from './RangeText';

type Review = Schemas['Review'];

export function ReviewsPage() {
  const { t } = useText();
  return (
    <Page title={t('reviews.title')} lead={t('reviews.lead')}>
      <Panel title={t('reviews.due')}><DueReviews /></Panel>
      <Panel title={t('reviews.history')} lead={t('reviews.historyLead')}><History /></Panel>
    </Page>
  );
}

function DueReviews() {
  const { t, local } = useText();
  const may = useMay();
  const obligations = useObligations();
  return (
    <Loaded query={obligations}>
      {(data) => {
        const open = data.obligations
          .filter((o) => o.page === 'review')
          .flatMap((obligation) => obligation.occurrences.filter((o) => o.done_at === null).map((occurrence) => ({ obligation, occurrence })))
          .sort((a, b) => a.occurrence.due_at.localeCompare(b.occurrence.due_at));
        const shown = open.filter((o) => isOpen(o.occurrence)).concat(open.filter((o) => !isOpen(o.occurrence)).slice(0, 1));
        if (shown.length === 0) return <Empty action={<Link to="/schedule">{t('home.toSchedule')}</Link>}>{t('reviews.noneDue')}</Empty>;
        return (
          <ul className="d-list">
            {shown.map(({ obligation, occurrence }) => (
              <li key={occurrence.id} data-urgent={occurrence.state === 'overdue'}>
                <div className="d-action">
                  <div>
                    <p><OccurrenceMark state={occurrence.state} /> <strong>{local(obligation.title)}</strong></p>
                    <p className="d-faint">
                      {t('task.period')}: <TimeSpan from={occurrence.from} to={occurrence.to} />
                      {' / '}{t('task.due')}: <EndTime at={occurrence.due_at} />
                    </p>
                  </div>
                  {isOpen(occurrence) && may('log.review') && (
                    <LinkButton to={reviewPath(occurrence.id)} primary={occurrence.state !== 'upcoming'} small>{t('review.start')}</LinkButton>
                  )}
                </div>
              </li>
            ))}
          </ul>
        );
      }}
    </Loaded>
  );
}

function History() {
  const text = useText();
  const { t } = text;
  const dates = useDates();
  const reviews = useReviews();
  const [open, setOpen] = useState<Review | null>(null);
  const columns = useMemo(() => historyColumns(text, dates), [text, dates]);
  const pages = reviews.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.reviews) ?? [], [pages]);
  return (
    <>
      <ProblemNotice error={reviews.error} reading />
      {pages && (
        <Grid
          label={t('reviews.history')} name="reviews" columns={columns} rows={rows} rowId={(row) => row.id} onOpen={setOpen} rowsShown={10}
          more={{ has: reviews.hasNextPage, loading: reviews.isFetchingNextPage, load: () => void reviews.fetchNextPage() }}
          empty={<Empty>{t('reviews.noHistory')}</Empty>}
        />
      )}
      {open && <ReviewDialog review={open} onClose={() => { setOpen(null); }} />}
    </>
  );
}

function historyColumns({ t, number, local }: Text, dates: Dates): GridColumn<Review>[] {
  const period = (row: Review) => dates.period(row.from, row.to);
  return [
    { id: 'done', header: t('review.completedAt'), width: dates.style === 'wareki' ? 178 : 150, text: (row) => dates.at(row.completed_at), cell: (row) => <Time at={row.completed_at} /> },
    { id: 'title', header: t('schedule.duty'), width: 180, text: (row) => local(row.title), hidden: 'narrow' },
    { id: 'period', header: t('task.period'), width: 268, text: period, hidden: 'narrow' },
    { id: 'reviewer', header: t('review.reviewer'), width: 90, text: (row) => row.reviewer_name },
    {
      id: 'conclusion', header: t('review.conclusion'), width: 105,
      text: (row) => t(row.conclusion === 'findings' ? 'review.findings' : 'review.nothing'),
    },
    { id: 'count', header: t('review.events'), width: 64, align: 'end', text: (row) => number(row.range.count), hidden: 'narrow' },
    { id: 'seq', header: t('clause.position'), width: 95, align: 'end', text: (row) => (row.ledger_seq === null ? '' : number(row.ledger_seq)) },
  ];
}

function ReviewDialog({ review, onClose }: { readonly review: Review; readonly onClose: () => void }) {
  const { t, local } = useText();
  return (
    <MessageDialog title={local(review.title)} open onClose={onClose} size="L">
      <Pairs
        pairs={[
          { term: t('task.period'), value: <TimeSpan from={review.from} to={review.to} /> },
          { term: t('review.reviewer'), value: review.reviewer_name },
          { term: t('review.completedAt'), value: <Time at={review.completed_at} precision="second" /> },
          { term: t('review.conclusion'), value: t(review.conclusion === 'findings' ? 'review.findings' : 'review.nothing') },
          { term: t('review.range'), value: <RangeText range={review.range} /> },
          {
            term: t('review.ledgerSeq'),
            value: review.ledger_seq === null ? t('review.notYetInLedger') : <EntryLink seq={review.ledger_seq} own />,
          },
          { term: t('ledger.root'), value: <span className="d-mono d-break">{review.range.root}</span>, wide: true },
          ...(review.comment === '' ? [] : [{ term: t('review.comment'), value: review.comment, wide: true }]),
        ]}
      />
      {review.findings.map((finding, at) => (
        <div key={at} className="d-finding">
          <p>{finding.text}</p>
          {finding.seqs && finding.seqs.length > 0 && (
            <p className="d-faint">{t('review.seqs')}: {finding.seqs.map((seq) => <span key={seq}> <EntryLink seq={seq} /></span>)}</p>
          )}
        </div>
      ))}
    </MessageDialog>
  );
}
