import { Link, useSearchParams } from 'react-router';
import type { Schemas } from '../../api/problem';
import { useClause } from '../../api/queries';
import { Loaded } from '../../parts/Loaded';
import { Empty, Page, Pairs, Panel } from '../../parts/Page';
import { SmallTable } from '../../parts/SmallTable';
import { ClauseMark } from '../../parts/states';
import { Time } from '../../parts/Time';
import { presentableValue } from '../../text/params';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { ActionItem } from '../actions';
import { ClauseLinks } from '../ClauseLinks';
import { EntryLink } from '../EntryLink';
import { LeafLink } from '../LeafLink';
import { AsOf, AsOfNotice } from './AsOf';
import { useAsOf, withAsOf } from './useAsOf';

export function ClausePage() {
  const clauseId = useSearchParams()[0].get('id') ?? '';
  const { t, local } = useText();
  const [asOf, setAsOf] = useAsOf();
  const clause = useClause(clauseId, asOf);
  return (
    <Page
      title={clause.data ? local(clause.data.title) : t('compliance.clause')}
      lead={<Link to={withAsOf('/compliance', asOf)}>{t('clause.back')}</Link>}
    >
      <AsOf asOf={asOf} onChange={setAsOf} />
      <AsOfNotice asOf={asOf} />
      <Loaded query={clause} lines={8}>
        {(data) => (
          <>
            <Panel title={t('clause.what')}>
              <Pairs
                pairs={[
                  { term: t('compliance.state'), value: <ClauseMark state={data.state} /> },
                  { term: t('clause.regulation'), value: local(data.regulation) },
                  { term: t('compliance.number'), value: data.number === data.id ? data.id : `${data.number} (${data.id})` },
                  { term: t('asof.computed'), value: <Time at={data.as_of} /> },
                  { term: t('clause.text'), value: local(data.text), wide: true },
                ]}
              />
            </Panel>
            {data.controls.map((control) => <Control key={control.id} control={control} />)}
            {data.controls.length === 0 && <Empty>{t('clause.noControls')}</Empty>}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Control({ control }: { readonly control: Schemas['ControlResult'] }) {
  const { t, local, say } = useText();
  return (
    <Panel title={`${t('clause.control')}: ${local(control.title)}`} actions={<ClauseMark state={control.state} />}>
      <h3>{t('clause.why')}</h3>
      <ul className="d-list">
        {control.reasons.map((reason, at) => (
          <li key={at}><ClauseMark state={reason.state} /> {say(reason.message)}</li>
        ))}
      </ul>
      <h3>{t('clause.missing')}</h3>
      {control.missing.length === 0
        ? <p className="d-faint">{t('clause.nothingMissing')}</p>
        : <ul className="d-list">{control.missing.map((action, at) => <li key={at}><ActionItem action={action} /></li>)}</ul>}
      <h3>{t('clause.evidence')}</h3>
      <EvidenceTable evidence={control.evidence} />
      {control.parameters.length > 0 && <Parameters parameters={control.parameters} />}
    </Panel>
  );
}

function evidenceId(item: Schemas['Evidence']): string {
  return `${item.at} ${item.kind} ${item.seq ?? ''} ${item.leaf_index ?? ''} ${JSON.stringify(item.message.params)}`;
}

function EvidenceTable({ evidence }: { readonly evidence: readonly Schemas['Evidence'][] }) {
  const { t, say } = useText();
  // Two checks of one control may rest on the same fact.
  const once = [...new Map(evidence.map((item) => [evidenceId(item), item])).values()];
  if (once.length === 0) return <p className="d-faint">{t('clause.noEvidence')}</p>;
  return (
    <SmallTable
      caption={t('clause.evidence')} hideCaption rows={once} rowId={evidenceId}
      columns={[
        { id: 'at', header: t('clause.when'), cell: (item) => <Time at={item.at} /> },
        { id: 'what', header: t('clause.fact'), heading: true, cell: (item) => say(item.message) },
        {
          id: 'where', header: t('clause.position'),
          cell: (item) => {
            if (item.seq !== null) return <EntryLink seq={item.seq} own />;
            return item.leaf_index === null ? t('none') : <LeafLink index={item.leaf_index} />;
          },
        },
      ]}
    />
  );
}

function Parameters({ parameters }: { readonly parameters: Schemas['ControlResult']['parameters'] }) {
  const { t, local, language } = useText();
  const dates = useDates();
  return (
    <>
      <h3>{t('clause.parameters')}</h3>
      <SmallTable
        caption={t('clause.parameters')} hideCaption rows={parameters} rowId={(p) => local(p.name)}
        columns={[
          { id: 'name', header: t('clause.parameter'), heading: true, cell: (p) => local(p.name) },
          { id: 'value', header: t('clause.value'), cell: (p) => presentableValue(p.value, dates, language) },
          { id: 'source', header: t('clause.source'), cell: (p) => (p.source === '' ? t('clause.ownValue') : <ClauseLinks ids={[p.source]} />) },
        ]}
      />
    </>
  );
}
