import { Link, useParams } from 'react-router';
import type { Schemas } from '../../api/problem';
import { useObligations, useReviewDraft, type Period } from '../../api/queries';
import { LinkButton } from '../../parts/Button';
import { Loaded } from '../../parts/Loaded';
import { Notice } from '../../parts/Notice';
import { Empty, Page, Pairs, Panel } from '../../parts/Page';
import { Time, TimeSpan } from '../../parts/Time';
import { useText } from '../../text/TextProvider';
import { EntryLink } from '../EntryLink';
import { RangeText } from './RangeText';
import { ReviewForm } from './ReviewForm';

/** Performs one occurrence of a review. */
export function ReviewPage() {
  const { occurrenceId = '' } = useParams();
  const { t, local } = useText();
  const obligations = useObligations();
  const found = obligations.data?.obligations
    .flatMap((obligation) => obligation.occurrences.map((occurrence) => ({ obligation, occurrence })))
    .find((o) => o.occurrence.id === occurrenceId);
  return (
    <Page title={found ? local(found.obligation.title) : t('reviews.title')} lead={<Link to="/logs/reviews">{t('review.back')}</Link>}>
      <Loaded query={obligations}>
        {() => {
          if (!found) return <Empty action={<LinkButton to="/logs/reviews">{t('review.back')}</LinkButton>}>{t('review.unknown')}</Empty>;
          const { obligation, occurrence } = found;
          if (occurrence.done_at !== null) return <Done occurrence={occurrence} />;
          return <Draft key={occurrence.id} occurrenceId={occurrence.id} period={{ obligation: obligation.id, from: occurrence.from, to: occurrence.to }} />;
        }}
      </Loaded>
    </Page>
  );
}

function Done({ occurrence }: { readonly occurrence: Schemas['Occurrence'] }) {
  const { t } = useText();
  return (
    <Notice level="success" action={<LinkButton to="/logs/reviews">{t('review.back')}</LinkButton>}>
      <p><strong>{t('review.done')}</strong> {occurrence.done_at !== null && <Time at={occurrence.done_at} />}</p>
      {occurrence.ledger_seq !== null && <p><EntryLink seq={occurrence.ledger_seq} own /></p>}
    </Notice>
  );
}

function Draft({ occurrenceId, period }: { readonly occurrenceId: string; readonly period: Period }) {
  const { t } = useText();
  const draft = useReviewDraft(period);
  return (
    <Loaded query={draft} lines={12}>
      {(data) => (
        <>
          <Panel title={t('review.scope')} lead={t('review.scopeLead')}>
            <Pairs
              pairs={[
                { term: t('task.period'), value: <TimeSpan from={data.from} to={data.to} /> },
                { term: t('review.range'), value: <RangeText range={data.range} /> },
                { term: t('review.hours'), value: `${data.business_hours.opens} – ${data.business_hours.closes}` },
                { term: t('ledger.size'), value: data.range.tree_size },
                { term: t('ledger.root'), value: <span className="d-mono d-break">{data.range.root}</span>, wide: true },
              ]}
            />
            {data.missing_events > 0 && (
              <Notice level="error"><p>{t('review.missing', { events: data.missing_events })}</p></Notice>
            )}
            {data.truncated && <Notice level="warning"><p>{t('review.truncated')}</p></Notice>}
          </Panel>
          <ReviewForm draft={data} occurrenceId={occurrenceId} onReload={() => void draft.refetch()} />
        </>
      )}
    </Loaded>
  );
}
