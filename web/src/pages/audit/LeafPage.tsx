import { Link, useParams } from 'react-router';
import type { Schemas } from '../../api/problem';
import { useLeaf } from '../../api/queries';
import { Loaded } from '../../parts/Loaded';
import { Page, Pairs, Panel } from '../../parts/Page';
import { Time } from '../../parts/Time';
import type { UiKey } from '../../text/catalogues';
import { useText } from '../../text/TextProvider';
import { ProofView } from '../ProofView';

const types: Record<Schemas['LeafProof']['type'], UiKey> = {
  BATCH: 'leaf.batch', SEAL: 'leaf.seal', EXPORT: 'leaf.export', TIMESTAMP: 'leaf.timestamp', WITNESS: 'leaf.witness', KEYROT: 'leaf.keyrot',
  RETIRE: 'leaf.retire', GAP: 'leaf.gap', CLOCK: 'leaf.clock', HEARTBEAT: 'leaf.heartbeat', CONFIG: 'leaf.config', READ: 'leaf.read',
};

function written(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => written(item)).join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** One leaf of the tree: what the ledger says about itself, and the proof that it says so. */
export function LeafPage() {
  const { index = '' } = useParams();
  const { t, number } = useText();
  const leaf = useLeaf(index);
  return (
    <Page title={t('clause.leaf', { index: /^[0-9]{1,19}$/.test(index) ? number(index) : index })} lead={<Link to="/audit/ledger">{t('nav.ledger')}</Link>}>
      <Loaded query={leaf} lines={8}>
        {(data) => (
          <>
            <Panel title={t('leaf.says')} lead={t('leaf.lead')}>
              <Pairs
                pairs={[
                  { term: t('leaf.type'), value: `${t(types[data.type])} (${data.type})` },
                  { term: t('leaf.recorded'), value: <Time at={data.recorded_at} precision="second" /> },
                  ...Object.entries(data.facts).map(([name, value]) => ({
                    term: name, value: <span className="d-mono d-break d-lines">{written(value)}</span>, wide: typeof value === 'object',
                  })),
                ]}
              />
            </Panel>
            <Panel title={t('event.tab.proof')}>
              <ProofView proof={data} verified={t('leaf.verified')} contained={t('leaf.contained', { size: number(data.tree_size) })} />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}
