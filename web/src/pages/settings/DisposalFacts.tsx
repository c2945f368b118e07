import { Link } from 'react-router';
import type { Schemas } from '../../api/problem';
import { formatBytes } from '../../parts/bytes';
import { Pairs, type Pair } from '../../parts/Page';
import { SmallTable } from '../../parts/SmallTable';
import { Day, Time } from '../../parts/Time';
import { presentableValue } from '../../text/params';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { EntryLink } from '../EntryLink';
import { LeafLink } from '../LeafLink';
import { DisposalDays, DisposalMark } from './disposal-state';

type Disposal = Schemas['Disposal'];

/** Who wants what destroyed, by which rule, and what came of each day. */
export function DisposalFacts({ disposal }: { readonly disposal: Disposal }) {
  const { t, local, language, number } = useText();
  const dates = useDates();
  // Class, period, and the clause where one states it.
  const [, period = '', clause] = disposal.rule.split(' ');
  const decided: Pair[] = disposal.decided_by === null || disposal.decided_at === null ? [] : [
    { term: t('disposal.decider'), value: disposal.decided_by.name },
    { term: t('disposal.decidedAt'), value: <Time at={disposal.decided_at} /> },
  ];
  return (
    <>
      <Pairs
        pairs={[
          { term: t('disposal.state'), value: <DisposalMark state={disposal.state} /> },
          { term: t('disposal.what'), value: local(disposal.title) },
          { term: t('disposal.days'), value: <DisposalDays disposal={disposal} />, wide: true },
          { term: t('disposal.by'), value: disposal.requested_by.name },
          { term: t('disposal.at'), value: <Time at={disposal.requested_at} /> },
          { term: t('retention.reason'), value: disposal.reason, wide: true },
          ...decided,
          ...(disposal.note === '' ? [] : [{ term: t('disposal.note'), value: disposal.note, wide: true }]),
          ...(disposal.finished_at === null ? [] : [{ term: t('disposal.finished'), value: <Time at={disposal.finished_at} /> }]),
          { term: t('disposal.rule'), value: <>{presentableValue(period, dates, language)}{clause !== undefined && <> (<Link to={`/compliance/${clause}`}>{clause}</Link>)</>}</> },
          ...(disposal.ledger_seq === null ? [] : [{ term: t('disposal.step'), value: <EntryLink seq={disposal.ledger_seq} /> }]),
          { term: t('disposal.content'), value: <><span className="d-mono d-break">{disposal.content}</span> {t('disposal.contentHelp')}</>, wide: true },
        ]}
      />
      <SmallTable
        caption={t('disposal.outcome')} rows={disposal.days} rowId={(day) => day.day}
        columns={[
          { id: 'day', header: t('retention.day'), heading: true, cell: (day) => <Day iso={day.day} /> },
          { id: 'events', header: t('retention.events'), align: 'end', cell: (day) => number(day.events) },
          { id: 'bytes', header: t('retention.bytes'), align: 'end', cell: (day) => formatBytes(day.bytes) },
          { id: 'segments', header: t('retention.segments'), align: 'end', cell: (day) => number(day.segments) },
          { id: 'outcome', header: t('disposal.state'), cell: (day) => <Outcome day={day} /> },
        ]}
      />
    </>
  );
}

function Outcome({ day }: { readonly day: Schemas['DisposalDay'] }) {
  const { t, say } = useText();
  if (day.leaf_index !== null) return <LeafLink index={day.leaf_index} />;
  return <>{day.problem === null ? t('disposal.waiting') : say(day.problem)}</>;
}
