import type { Schemas } from '../../api/problem';
import { parseWallTime } from '../../time/wareki';
import { addDays, instantOf, wallParts } from '../../time/zone';

/** The search form as typed. It travels in the history entry, never in the address: addresses end up in logs. */
export interface Terms {
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly host: string;
  readonly app: string;
  readonly user: string;
  readonly address: string;
  readonly outcome: Schemas['Outcome'] | '';
  readonly text: string;
}

export const noTerms: Terms = { from: '', to: '', source: '', host: '', app: '', user: '', address: '', outcome: '', text: '' };

export type Query = Omit<Schemas['EventQuery'], 'cursor'>;

export interface QueryOrErrors {
  readonly query: Query | null;
  readonly fromBad: boolean;
  readonly toBad: boolean;
  readonly order: boolean;
}

const pageRows = 200;

function instantText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** A day without a time means its beginning as "from" and its end as "to". */
function bound(text: string, zone: string, isEnd: boolean): number | null {
  const wall = parseWallTime(text);
  if (wall === null) return null;
  if (wall.time !== null) return instantOf(wall.day, wall.time, zone);
  return instantOf(isEnd ? addDays(wall.day, 1) : wall.day, '00:00:00', zone);
}

export function toQuery(terms: Terms, zone: string): QueryOrErrors {
  const from = bound(terms.from, zone, false);
  const to = bound(terms.to, zone, true);
  const order = from !== null && to !== null && from >= to;
  if (from === null || to === null || order) return { query: null, fromBad: from === null, toBad: to === null, order };
  const filled = (['host', 'app', 'user', 'address', 'text'] as const).flatMap((name) => {
    const value = terms[name].trim();
    return value === '' ? [] : [[name, value] as const];
  });
  const query: Query = {
    from: instantText(from),
    to: instantText(to),
    limit: pageRows,
    ...(Object.fromEntries(filled) as Partial<Record<'host' | 'app' | 'user' | 'address' | 'text', string>>),
    ...(terms.source === '' ? {} : { source_id: terms.source }),
    ...(terms.outcome === '' ? {} : { outcome: terms.outcome }),
  };
  return { query, fromBad: false, toBad: false, order: false };
}

export type Preset = 'hour' | 'today' | 'yesterday' | 'week' | 'month';

/** Bounds of a preset as the form shows them. */
export function presetBounds(preset: Preset, zone: string, nowMs: number): Pick<Terms, 'from' | 'to'> {
  const { day } = wallParts(nowMs, zone);
  switch (preset) {
    case 'hour': return { from: wallText(nowMs - 3_600_000, zone), to: wallText(nowMs + 60_000, zone) };
    case 'today': return { from: day, to: day };
    case 'yesterday': return { from: addDays(day, -1), to: addDays(day, -1) };
    case 'week': return { from: addDays(day, -6), to: day };
    case 'month': return { from: addDays(day, -29), to: day };
  }
}

/** An instant as the form shows it, to the minute. */
export function wallText(ms: number, zone: string): string {
  const wall = wallParts(ms, zone);
  return `${wall.day} ${wall.time.slice(0, 5)}`;
}

const minuteMs = 60_000;

/** A form filled for a link from another page. The form knows minutes: the last one is taken in whole. */
export function termsFor(fromInstant: string, toInstant: string, zone: string, rest: Partial<Terms>): Terms {
  return { ...noTerms, from: wallText(Date.parse(fromInstant), zone), to: wallText(Math.ceil(Date.parse(toInstant) / minuteMs) * minuteMs, zone), ...rest };
}

/** What a history entry of the search page holds. */
export interface HistoryState {
  readonly terms: Terms;
  /** Distinguishes one search from the next with the same terms: each is asked and recorded anew. */
  readonly run: string;
}

export function searchState(terms: Terms): HistoryState {
  return { terms, run: crypto.randomUUID() };
}
