import { useText } from '../text/TextProvider';
import { useDates } from '../time/useDates';

/** An instant in the organisation's zone; the zone and the exact UTC time are told on hover. */
export function Time({ at, precision = 'minute' }: { readonly at: string; readonly precision?: 'minute' | 'second' }) {
  const dates = useDates();
  return <time dateTime={at} title={`${dates.zone} (UTC ${at})`}>{dates.at(at, precision)}</time>;
}

/** The end of a period or a deadline. */
export function EndTime({ at }: { readonly at: string }) {
  const dates = useDates();
  return <time dateTime={at} title={`${dates.zone} (UTC ${at})`}>{dates.until(at)}</time>;
}

/** A span of time, as one sees it in a calendar. */
export function TimeSpan({ from, to }: { readonly from: string; readonly to: string }) {
  const dates = useDates();
  return <span title={`${dates.zone} (UTC ${from} – ${to})`}>{dates.period(from, to)}</span>;
}

export function TimeOrNone({ at }: { readonly at: string | null | undefined }) {
  const { t } = useText();
  return at ? <Time at={at} /> : <span className="d-faint">{t('none')}</span>;
}

export function Day({ iso }: { readonly iso: string }) {
  const dates = useDates();
  return <time dateTime={iso} title={`${iso} (${dates.zone})`}>{dates.day(iso)}</time>;
}
