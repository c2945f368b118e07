import type { Schemas } from '../api/problem';
import { useText } from '../text/TextProvider';
import { SmallTable } from './SmallTable';
import { clauseStateOrder, clauseStates, ClauseMark } from './states';

interface Props {
  readonly counts: Schemas['ClauseCounts'];
  readonly caption: string;
  /** The figures side by side, where there is room. */
  readonly inRow?: boolean;
}

/** The state of the whole: a bar for the eye and the same figures as a table. */
export function CountsBar({ counts, caption, inRow }: Props) {
  const { t, number } = useText();
  const shown = clauseStateOrder.filter((state) => counts[state] > 0);
  const total = clauseStateOrder.reduce((sum, state) => sum + counts[state], 0);
  return (
    <div className="d-counts" data-row={inRow}>
      <div className="d-bar" aria-hidden="true">
        {shown.map((state) => (
          <span key={state} data-tone={clauseStates[state].tone} style={{ flexGrow: counts[state] }}>{counts[state]}</span>
        ))}
      </div>
      <SmallTable
        caption={caption} hideCaption rows={clauseStateOrder} rowId={(state) => state}
        columns={[
          { id: 'state', header: t('compliance.state'), heading: true, cell: (state) => <ClauseMark state={state} /> },
          { id: 'count', header: t('compliance.count'), align: 'end', cell: (state) => number(counts[state]) },
          {
            id: 'share', header: t('compliance.share'), align: 'end',
            cell: (state) => (total === 0 ? '' : `${String(Math.round((counts[state] / total) * 100))}%`),
          },
        ]}
      />
    </div>
  );
}
