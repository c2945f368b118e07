import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../api/problem';
import { useCompliance } from '../../api/queries';
import { CountsBar } from '../../parts/CountsBar';
import { Field, SelectInput } from '../../parts/Field';
import { Loaded } from '../../parts/Loaded';
import { Empty, Page, Panel } from '../../parts/Page';
import { SmallTable } from '../../parts/SmallTable';
import { ClauseMark, clauseStateOrder, clauseStates } from '../../parts/states';
import { EndTime, Time } from '../../parts/Time';
import { useText } from '../../text/TextProvider';
import { AsOf, AsOfNotice } from './AsOf';
import { clausePath } from './clause-path';
import { useAsOf } from './useAsOf';

type State = Schemas['ClauseState'];

export function CompliancePage() {
  const { t, local } = useText();
  const [asOf, setAsOf] = useAsOf();
  const [only, setOnly] = useState<State | ''>('');
  const compliance = useCompliance(asOf);
  return (
    <Page title={t('compliance.title')} lead={t('compliance.lead')}>
      <div className="d-tools">
        <AsOf asOf={asOf} onChange={setAsOf} />
        <Field label={t('compliance.filter')}>
          <SelectInput
            value={only} onChange={setOnly} name="state"
            options={[{ value: '', label: t('all') }, ...clauseStateOrder.map((s) => ({ value: s, label: t(clauseStates[s].text) }))]}
          />
        </Field>
      </div>
      <AsOfNotice asOf={asOf} />
      <Loaded query={compliance} lines={10}>
        {(data) => (
          <>
            <Panel title={t('home.whole')}>
              <CountsBar counts={data.counts} caption={t('home.whole')} inRow />
              <p className="d-faint">{t('home.unknown')} {t('asof.computed')} <Time at={data.as_of} /></p>
            </Panel>
            {data.regulations.map((regulation) => (
              <Panel key={regulation.id} title={local(regulation.title)}>
                <ClauseTable
                  caption={local(regulation.title)} asOf={asOf}
                  rows={data.clauses.filter((c) => c.regulation_id === regulation.id && (only === '' || c.state === only))}
                />
              </Panel>
            ))}
            {data.clauses.length === 0 && <Empty>{t('compliance.empty')}</Empty>}
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface TableProps {
  readonly caption: string;
  readonly rows: readonly Schemas['ClauseRow'][];
  readonly asOf: string | null;
}

function ClauseTable({ caption, rows, asOf }: TableProps) {
  const { t, local } = useText();
  if (rows.length === 0) return <Empty>{t('compliance.noneInFilter')}</Empty>;
  return (
    <SmallTable
      caption={caption} hideCaption rows={rows} rowId={(row) => row.id}
      columns={[
        { id: 'number', header: t('compliance.number'), cell: (row) => <span className="d-nowrap">{row.number}</span> },
        {
          id: 'title', header: t('compliance.clause'), heading: true,
          cell: (row) => <Link to={clausePath(row.id, asOf)}>{local(row.title)}</Link>,
        },
        { id: 'state', header: t('compliance.state'), cell: (row) => <ClauseMark state={row.state} /> },
        { id: 'due', header: t('compliance.nextDue'), cell: (row) => (row.next_due_at ? <EndTime at={row.next_due_at} /> : t('none')) },
      ]}
    />
  );
}
