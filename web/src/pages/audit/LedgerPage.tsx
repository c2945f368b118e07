import { Link } from 'react-router';
import type { Schemas } from '../../api/problem';
import { useLedger } from '../../api/queries';
import { LinkButton } from '../../parts/Button';
import { formatBytes } from '../../parts/bytes';
import { Code } from '../../parts/Copy';
import { Loaded } from '../../parts/Loaded';
import { Notice } from '../../parts/Notice';
import { Page, Pairs, Panel } from '../../parts/Page';
import { SmallTable } from '../../parts/SmallTable';
import { alarmLevels } from '../../parts/states';
import { Time, TimeOrNone } from '../../parts/Time';
import type { UiKey } from '../../text/catalogues';
import { useText } from '../../text/TextProvider';
import { ExportClock } from './ExportClock';

type State = Schemas['LedgerState'];

const keyKinds: Record<State['keys'][number]['kind'], UiKey> = {
  log: 'ledger.key.log', signing: 'ledger.key.signing', retention: 'ledger.key.retention',
};

export function LedgerPage() {
  const { t, say, number } = useText();
  const ledger = useLedger();
  return (
    <Page title={t('ledger.title')} lead={t('ledger.lead')} actions={<LinkButton to="/audit/exports" small>{t('go.ledger')}</LinkButton>}>
      <Loaded query={ledger} lines={12}>
        {(data) => (
          <>
            {data.alarms.map((alarm) => (
              <Notice key={alarm.message.text_key} level={alarm.level === 'warning' ? 'warning' : 'error'}>
                <p><strong>{t(alarmLevels[alarm.level])}: {say(alarm.message)}</strong></p>
                <p className="d-faint">{t('since')} <Time at={alarm.since} /></p>
              </Notice>
            ))}
            {data.root_key.warning && <Notice level="warning"><p><strong>{t('ledger.rootKey')}</strong> {say(data.root_key.warning)}</p></Notice>}
            <Panel title={t('ledger.head')} lead={t('ledger.headLead')}>
              <Pairs
                pairs={[
                  { term: t('ledger.origin'), value: <span className="d-mono d-break">{data.origin}</span> },
                  { term: t('ledger.events'), value: number(data.events) },
                  { term: t('ledger.size'), value: number(data.tree_size) },
                  { term: t('ledger.checkpointAt'), value: <Time at={data.checkpoint_at} precision="second" /> },
                  { term: t('ledger.sealed'), value: <TimeOrNone at={data.last_sealed_at} /> },
                  { term: t('ledger.root'), value: <span className="d-mono d-break">{data.root}</span>, wide: true },
                ]}
              />
              <Code label={t('ledger.checkpoint')} text={data.checkpoint} copyLabel={t('copy')} />
              <p className="d-faint">{t('ledger.checkpointUse')}</p>
              <Code label={t('ledger.logKey')} text={data.log_key} copyLabel={t('copy')} />
              <p className="d-faint">{t('ledger.logKeyUse')}</p>
            </Panel>
            <Panel title={t('ledger.export')}>
              <ExportClock ledger={data} />
            </Panel>
            <Capacity capacity={data.capacity} />
            <Keys keys={data.keys} />
            <p className="d-faint">{t('ledger.limits')} <Link to="/audit/packs">{t('nav.packs')}</Link></p>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Capacity({ capacity }: { readonly capacity: State['capacity'] }) {
  const { t } = useText();
  return (
    <Panel title={t('ledger.capacity')}>
      {capacity.low_water && <Notice level="error"><p><strong>{t('ledger.lowWater')}</strong></p></Notice>}
      <Pairs
        pairs={[
          { term: t('ledger.used'), value: formatBytes(capacity.used_bytes) },
          { term: t('ledger.free'), value: formatBytes(capacity.free_bytes) },
          { term: t('ledger.reserved'), value: formatBytes(capacity.reserved_bytes) },
          { term: t('ledger.daysLeft'), value: capacity.days_left === null ? t('ledger.daysUnknown') : t('ledger.days', { days: capacity.days_left }) },
        ]}
      />
    </Panel>
  );
}

function Keys({ keys }: { readonly keys: State['keys'] }) {
  const { t } = useText();
  return (
    <Panel title={t('ledger.keys')} lead={t('ledger.keysLead')}>
      <SmallTable
        caption={t('ledger.keys')} hideCaption rows={keys} rowId={(key) => `${key.kind} ${key.id}`}
        columns={[
          { id: 'kind', header: t('ledger.keyKind'), heading: true, cell: (key) => t(keyKinds[key.kind]) },
          { id: 'id', header: t('ledger.keyId'), cell: (key) => <span className="d-mono">{key.id}</span> },
          { id: 'from', header: t('ledger.keyFrom'), cell: (key) => <Time at={key.created_at} /> },
          { id: 'to', header: t('ledger.keyTo'), cell: (key) => <TimeOrNone at={key.expires_at} /> },
        ]}
      />
    </Panel>
  );
}
