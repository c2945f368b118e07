import { isoDay } from './wareki';

// All times on screen are wall times of the organisation's zone, whatever zone the browser is in.

interface WallParts {
  readonly day: string;
  readonly time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function partsFormat(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
  formats.set(zone, made);
  return made;
}

export function wallParts(instantMs: number, zone: string): WallParts {
  const parts = new Map(partsFormat(zone).formatToParts(instantMs).map((p) => [p.type, p.value]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? '';
  const day = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
  return { day, time: `${part('hour')}:${part('minute')}:${part('second')}` };
}

function wallAsUtcMs(day: string, time: string): number {
  return Date.parse(`${day}T${time}Z`);
}

/** The instant a wall time means. In a repeated hour the earlier instant; in a skipped hour the one after the gap. */
export function instantOf(day: string, time: string, zone: string): number {
  const wanted = wallAsUtcMs(day, time);
  const offsetAt = (ms: number) => {
    const wall = wallParts(ms, zone);
    return wallAsUtcMs(wall.day, wall.time) - ms;
  };
  // The offsets a day before and after are the only two that can apply around one change.
  const before = wanted - offsetAt(wanted - 86_400_000);
  const after = wanted - offsetAt(wanted + 86_400_000);
  const fits = [before, after].filter((ms) => ms + offsetAt(ms) === wanted);
  return fits.length > 0 ? Math.min(...fits) : Math.max(before, after);
}

export function addDays(day: string, days: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const moved = new Date(Date.UTC(year, month - 1, date + days));
  return isoDay(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate()) ?? day;
}

export function today(zone: string, nowMs = Date.now()): string {
  return wallParts(nowMs, zone).day;
}
