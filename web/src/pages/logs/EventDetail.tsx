import { useState } from 'react';
import type { Schemas } from '../../api/problem';
import { useEvent, useProof } from '../../api/queries';
import { formatBytes } from '../../parts/bytes';
import { CopyButton } from '../../parts/Copy';
import { Loaded } from '../../parts/Loaded';
import { Notice } from '../../parts/Notice';
import { Pairs, type Pair } from '../../parts/Page';
import { SafeText } from '../../parts/SafeText';
import { Tabs } from '../../parts/Tabs';
import { Time } from '../../parts/Time';
import { useText } from '../../text/TextProvider';
import { ProofView } from '../ProofView';
import { retentionClass } from '../retention';
import { actionText, categoryText, severityText } from './derived-texts';
import { flagText, OutcomeMark, outcomeText } from './event-columns';


type Event = Schemas['Event'];
type TabId = 'fields' | 'bytes' | 'envelope' | 'proof';

export function EventDetail({ seq }: { readonly seq: string }) {
  const { t } = useText();
  const event = useEvent(seq);
  const [tab, setTab] = useState<TabId>('fields');
  const tabs = [
    { id: 'fields', title: t('event.tab.fields') }, { id: 'bytes', title: t('event.tab.bytes') },
    { id: 'envelope', title: t('event.tab.envelope') }, { id: 'proof', title: t('event.tab.proof') },
  ] as const;
  return (
    <Loaded query={event} lines={10}>
      {(data) => (
        <>
          <Flags flags={data.envelope.flags} />
          <Tabs label={t('event.tabs')} tabs={tabs} chosen={tab} onChoose={setTab}>
            {tab === 'fields' && <Fields event={data} />}
            {tab === 'bytes' && <Bytes event={data} />}
            {tab === 'envelope' && <Envelope event={data} />}
            {tab === 'proof' && <Proof seq={seq} />}
          </Tabs>
        </>
      )}
    </Loaded>
  );
}

function Proof({ seq }: { readonly seq: string }) {
  const { t, number } = useText();
  const proof = useProof(seq, true);
  return (
    <Loaded query={proof} lines={8}>
      {(data) => <ProofView proof={data} verified={t('proof.verified')} contained={t('proof.contained', { size: number(data.tree_size) })} />}
    </Loaded>
  );
}

function Flags({ flags }: { readonly flags: Event['envelope']['flags'] }) {
  const { t } = useText();
  if (flags.length === 0) return null;
  return <Notice level="warning"><p>{flags.map((flag) => t(flagText[flag])).join(' / ')}</p></Notice>;
}

function Fields({ event }: { readonly event: Event }) {
  const { t } = useText();
  const { fields } = event;
  const plain = [
    [t('search.host'), fields.host], [t('search.app'), fields.app], [t('event.pid'), fields.pid],
    [t('event.severity'), severityText(fields.severity, t)],
    [t('event.category'), categoryText(fields.category, t)], [t('event.action'), actionText(fields.action, t)],
    [t('search.user'), fields.user], [t('search.address'), fields.address], [t('event.target'), fields.target],
  ] as const;
  const pairs: Pair[] = [
    { term: t('event.line'), value: <SafeText parts={event.display} />, wide: true },
    { term: t('event.time'), value: fields.time ? <Time at={fields.time} precision="second" /> : t('none') },
    {
      term: t('search.outcome'),
      value: fields.outcome === 'unknown' || !fields.outcome ? t(outcomeText.unknown) : <OutcomeMark outcome={fields.outcome} t={t} />,
    },
    ...plain.flatMap(([term, value]) => (value === undefined ? [] : [{ term, value }])),
  ];
  return (
    <>
      <p className="d-faint">{t('event.fieldsNote')}</p>
      <Pairs pairs={pairs} />
    </>
  );
}

function Bytes({ event }: { readonly event: Event }) {
  const { t, number } = useText();
  const dump = event.hex.map((line) => `${line.offset.toString(16).padStart(8, '0')}  ${inPairs(line.hex)}  ${line.text}`).join('\n');
  return (
    <>
      <h3>{t('event.safeText')}</h3>
      <pre className="d-raw" tabIndex={0} aria-label={t('event.safeText')}><SafeText parts={event.display} /></pre>
      <p className="d-faint">{t('event.escapes')}</p>
      <h3>{t('event.hex')}</h3>
      <pre className="d-raw" tabIndex={0} aria-label={t('event.hex')}>{dump}</pre>
      {event.shown_bytes < event.raw_length && (
        <p className="d-faint">{t('event.shown', { shown: number(event.shown_bytes), all: number(event.raw_length) })}</p>
      )}
      <CopyButton text={event.raw_base64} label={t('event.copyBase64')} />
    </>
  );
}

/** Two halves of eight bytes each, as other programs print them: the eye can count. */
function inPairs(hex: string): string {
  const pairs = hex.match(/[0-9a-f]{2}/gi) ?? [];
  const half = (from: number) => pairs.slice(from, from + 8).join(' ').padEnd(23);
  return `${half(0)}  ${half(8)}`;
}

function Envelope({ event }: { readonly event: Event }) {
  const { t, number } = useText();
  const { envelope } = event;
  const cut = envelope.true_length > envelope.raw_length;
  return (
    <>
      <p className="d-faint">{t('event.envelopeNote')}</p>
      <Pairs
        pairs={[
          { term: t('event.seq'), value: number(envelope.seq) },
          { term: t('event.received'), value: <Time at={envelope.received_at} precision="second" /> },
          { term: t('event.receivedExact'), value: <span className="d-mono">{envelope.received_at}</span> },
          { term: t('event.sourceId'), value: <span className="d-mono">{envelope.source_id}</span> },
          { term: t('source.name'), value: event.source_name ?? t('none') },
          { term: t('event.transport'), value: `${envelope.transport} / ${envelope.framing}` },
          { term: t('event.length'), value: `${formatBytes(envelope.raw_length)} (${number(envelope.raw_length)} B)` },
          ...(cut ? [{ term: t('event.trueLength'), value: `${number(envelope.true_length)} B` }] : []),
          { term: t('event.retention'), value: retentionClass(envelope.retention_class, t) },
          { term: t('event.monotonic'), value: <span className="d-mono">{envelope.monotonic_ns}</span> },
          { term: t('event.boot'), value: <span className="d-mono">{envelope.boot_id}</span> },
        ]}
      />
    </>
  );
}
