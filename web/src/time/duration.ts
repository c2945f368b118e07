// ISO 8601 durations as the content uses them: whole years, months, weeks, days, hours, minutes, seconds.

const pattern = /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const japanese = ['年', 'か月', '週間', '日', '時間', '分', '秒'] as const;
const english = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const;

/** `P7D` → 7日 / 7 days; null when the text is no duration. */
export function formatDuration(text: string, language: 'ja' | 'en'): string | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const parts = match.slice(1).flatMap((digits: string | undefined, unit) => {
    if (digits === undefined) return [];
    const count = Number(digits);
    if (language === 'ja') return [`${String(count)}${japanese[unit] ?? ''}`];
    return [`${String(count)} ${english[unit] ?? ''}${count === 1 ? '' : 's'}`];
  });
  return parts.join(language === 'ja' ? '' : ' ');
}

/** Seconds to a tenth; what rounds to nothing has no sign. */
export function formatTenths(ms: number): string {
  return (Math.round(ms / 100) / 10 + 0).toFixed(1);
}

/** Time left or passed, coarse: the two largest units that matter. */
export function formatSpan(ms: number, language: 'ja' | 'en'): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  if (days > 0) return formatDuration(hours > 0 ? `P${String(days)}DT${String(hours)}H` : `P${String(days)}D`, language) ?? '';
  return formatDuration(hours > 0 ? `PT${String(hours)}H${String(rest)}M` : `PT${String(rest)}M`, language) ?? '';
}
