import type { Schemas } from '../../api/problem';
import { useSettings } from '../../api/queries';
import { LinkButton } from '../../parts/Button';
import { Button } from '../../parts/Button';
import { saveFile } from '../../parts/clipboard';
import { Code } from '../../parts/Copy';
import { Loaded } from '../../parts/Loaded';
import { Empty, Page, Panel } from '../../parts/Page';
import { SmallTable } from '../../parts/SmallTable';
import type { UiKey } from '../../text/catalogues';
import { useText } from '../../text/TextProvider';

type Transport = Schemas['Settings']['collectors'][number]['transport'];

const transports: Record<Transport, UiKey> = { tls: 'sender.tls', tcp: 'sender.tcp', udp: 'sender.udp' };
const leads: Record<Transport, UiKey> = { tls: 'sender.tlsLead', tcp: 'sender.tcpLead', udp: 'sender.udpLead' };
/** Best protected first. */
const order: readonly Transport[] = ['tls', 'tcp', 'udp'];

export function SendersPage() {
  const { t } = useText();
  const settings = useSettings();
  return (
    <Page title={t('senders.title')} lead={t('senders.lead')} actions={<LinkButton to="/logs/sources" small>{t('go.sources')}</LinkButton>}>
      <Loaded query={settings} lines={8}>
        {(data) => {
          if (data.collectors.length === 0) return <Empty>{t('senders.none')}</Empty>;
          const ca = data.ca_certificate ?? null;
          return (
            <>
              <Panel title={t('senders.doors')}>
                <SmallTable
                  caption={t('senders.doors')} hideCaption rows={data.collectors} rowId={(c) => `${c.transport} ${c.address}`}
                  columns={[
                    { id: 'kind', header: t('senders.transport'), heading: true, cell: (c) => t(transports[c.transport]) },
                    { id: 'address', header: t('senders.address'), cell: (c) => <span className="d-mono">{c.address}</span> },
                  ]}
                />
              </Panel>
              {ca !== null && (
                <Panel title={t('senders.ca')} lead={t('senders.caLead')}>
                  <Code label={t('senders.ca')} text={ca} copyLabel={t('copy')} />
                  <div className="d-actions">
                    <Button icon="download" onClick={() => { saveFile('daicho-ca.pem', 'application/x-pem-file', ca); }}>{t('senders.caSave')}</Button>
                  </div>
                </Panel>
              )}
              {order.map((transport) => <Lines key={transport} transport={transport} lines={data.syslog_lines.filter((l) => l.transport === transport)} />)}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

interface LinesProps {
  readonly transport: Transport;
  readonly lines: Schemas['Settings']['syslog_lines'];
}

function Lines({ transport, lines }: LinesProps) {
  const { t } = useText();
  if (lines.length === 0) return null;
  return (
    <Panel title={t(transports[transport])} lead={t(leads[transport])}>
      {lines.map((line) => (
        <Code
          key={line.program} text={line.text} copyLabel={t('copy')}
          label={line.program === 'rsyslog' ? '/etc/rsyslog.d/90-daicho.conf (rsyslog)' : '/etc/syslog-ng/conf.d/daicho.conf (syslog-ng)'}
        />
      ))}
    </Panel>
  );
}
