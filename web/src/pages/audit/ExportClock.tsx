import type { Schemas } from '../../api/problem';
import { formatBytes } from '../../parts/bytes';
import { Mark, type Tone } from '../../parts/Mark';
import type { IconName } from '../../parts/Icon';
import { Pairs } from '../../parts/Page';
import { Time, TimeOrNone } from '../../parts/Time';
import type { UiKey } from '../../text/catalogues';
import { useText } from '../../text/TextProvider';
import { formatSpan } from '../../time/duration';

type Alarm = Schemas['LedgerState']['export_alarm'];

const looks: Record<Alarm, { readonly tone: Tone; readonly icon: IconName; readonly text: UiKey }> = {
  ok: { tone: 'good', icon: 'check', text: 'export.alarm.ok' },
  warning_12h: { tone: 'soon', icon: 'clock', text: 'export.alarm.warning' },
  critical_20h: { tone: 'bad', icon: 'warning', text: 'export.alarm.critical' },
  breach_24h: { tone: 'bad', icon: 'cross', text: 'export.alarm.breach' },
};

const hourMs = 3_600_000;
/** 003-01-4.5-9 sets 24 hours; daicho warns at 12 and 20. */
const limitsHours = [12, 20, 24] as const;

/** How old the oldest entry is that lies on no write-once medium, against the limits. */
export function ExportClock({ ledger }: { readonly ledger: Schemas['LedgerState'] }) {
  const { t, number, language } = useText();
  const look = looks[ledger.export_alarm];
  const oldest = ledger.oldest_unexported_at;
  const ageMs = oldest === null ? 0 : Math.max(0, Date.now() - Date.parse(oldest));
  const share = Math.min(100, (ageMs / (24 * hourMs)) * 100);
  return (
    <>
      <p><Mark tone={look.tone} icon={look.icon}>{t(look.text)}</Mark></p>
      <div className="d-clock" aria-hidden="true">
        <span data-tone={look.tone} style={{ width: `${String(share)}%` }} />
        {limitsHours.map((hours) => <i key={hours} style={{ left: `${String((hours / 24) * 100)}%` }}>{t('export.hours', { hours })}</i>)}
      </div>
      <Pairs
        pairs={[
          { term: t('export.oldest'), value: oldest === null ? t('export.nothingWaiting') : <><Time at={oldest} /> ({formatSpan(ageMs, language)})</> },
          ...limitsHours.map((hours) => ({
            term: t('export.until', { hours }),
            value: oldest === null ? t('none') : <Until atMs={Date.parse(oldest) + hours * hourMs} />,
          })),
          { term: t('export.last'), value: <TimeOrNone at={ledger.last_exported_at} /> },
          { term: t('export.lastSeq'), value: ledger.last_exported_seq === null ? t('none') : number(ledger.last_exported_seq) },
          { term: t('export.backlog'), value: t('export.backlogText', { events: number(ledger.backlog.events), bytes: formatBytes(ledger.backlog.bytes) }) },
        ]}
      />
    </>
  );
}

function Until({ atMs }: { readonly atMs: number }) {
  const { t, language } = useText();
  const left = atMs - Date.now();
  const span = formatSpan(left, language);
  return <>{t(left >= 0 ? 'export.left' : 'export.passed', { span })}</>;
}
