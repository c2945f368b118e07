import { root } from './fixtures';
import { isoNow, type Schemas, type World } from './world';
import type { Answer, Call } from './routes';

// Retention in the stand-in server: two days past their period, and applications that two people decide.

const minute = 60_000;
const dayMs = 24 * 60 * minute;

function conflict(key: string): Answer {
  return { status: 409, problem: { code: 'conflict', text_key: key } };
}

function pastDays(world: World): Schemas['RetentionDay'][] {
  const applied = new Set(world.disposals.filter((d) => d.state === 'requested').flatMap((d) => d.days.map((day) => day.day)));
  const gone = new Set(world.disposals.filter((d) => d.state === 'done').flatMap((d) => d.days.map((day) => day.day)));
  return ['2023-11-17', '2023-11-18'].filter((day) => !gone.has(day)).map((day, at) => ({
    day, events: 4000 + at, bytes: 120_000, segments: [`0000000000000000001${String(at)}.log.seg`], last_event_at: `${day}T23:59:00Z`,
    kept_until: `2026-11-${String(18 + at)}T15:00:00Z`, state: applied.has(day) ? 'applied' : 'ready', holds: [],
  }));
}

function classes(world: World): Schemas['RetentionClass'][] {
  const base = { version: 1, more: false, bytes: 9_000_000, events: '120945', next_at: isoNow(world.startMs + dayMs) };
  return [
    { ...base, id: 'evidence', title: { ja: '証跡', en: 'Evidence' }, period: 'P10Y', minimum: 'P10Y', source: { ja: 'daicho の既定値', en: 'Default of daicho' }, clause_id: null, oldest_day: '2026-11-01', past: [] },
    { ...base, id: 'log', title: { ja: 'ログ', en: 'Logs' }, period: world.logPeriod, minimum: 'P3Y', source: { ja: '標準01 4.5(9)', en: 'Standard 01, 4.5 (9)' }, clause_id: '003-01-4.5-9c', oldest_day: '2023-11-17', past: pastDays(world) },
  ];
}

export function makeDisposal(world: World, by: { id: string; name: string }, days: readonly string[], reason: string): Schemas['Disposal'] {
  return {
    id: String(world.disposals.length + 1), class: 'log', title: { ja: 'ログ', en: 'Logs' }, state: 'requested', events: String(4000 * days.length), bytes: 120_000 * days.length,
    days: days.map((day) => ({ day, events: 4000, bytes: 120_000, segments: 1, last_event_at: `${day}T23:59:00Z`, leaf_index: null, problem: null })),
    content: root, rule: 'log P3Y 003-01-4.5-9c', reason, requested_by: by, requested_at: isoNow(), decided_by: null, decided_at: null, note: '',
    finished_at: null, ledger_seq: '48301', version: 1,
  };
}

function decide({ world, personId, params, body }: Call, state: 'done' | 'rejected' | 'withdrawn'): Answer {
  const found = world.disposals.find((d) => d.id === params['disposal_id']);
  if (!found) return { status: 404, problem: { code: 'not_found', text_key: 'common.not_found' } };
  const { version, note, content } = body as { version: number; note?: string; content?: string };
  const own = found.requested_by.id === personId;
  if (own !== (state === 'withdrawn')) return { status: 403, problem: { code: 'denied', text_key: own ? 'retention.own_application' : 'retention.not_own_application' } };
  if (found.version !== version) return conflict('common.changed_meanwhile');
  if (found.state !== 'requested') return conflict('retention.already_decided');
  if (state === 'done' && content !== found.content) return conflict('retention.content_changed');
  const person = world.person(personId);
  Object.assign(found, {
    state, version: version + 1, note: note ?? '', decided_by: { id: personId, name: person.display_name }, decided_at: isoNow(),
    ...(state === 'done' ? { finished_at: isoNow(), days: found.days.map((day) => ({ ...day, leaf_index: '312' })) } : {}),
  });
  return { status: 200, body: found };
}

export const retentionRoutes: Record<string, (call: Call) => Answer> = {
  'GET /api/v1/retention': ({ world }) => ({ status: 200, body: { classes: classes(world), computed_at: isoNow() } }),
  'PUT /api/v1/retention/classes/{class_id}': ({ world, body }) => {
    const { period } = body as Schemas['RetentionPeriodChange'];
    if (/^P[12]Y$/.test(period)) return { status: 400, problem: { code: 'invalid', text_key: 'common.invalid', errors: [{ pointer: '/period', text_key: 'retention.period_too_short', params: { minimum: 'P3Y' } }] } };
    world.logPeriod = period;
    return { status: 200, body: classes(world)[1] };
  },
  'GET /api/v1/retention/disposals': ({ world }) => ({ status: 200, body: { disposals: [...world.disposals].reverse(), next_cursor: null } }),
  'POST /api/v1/retention/disposals': ({ world, personId, body }) => {
    const request = body as Schemas['DisposalRequest'];
    const made = makeDisposal(world, { id: personId, name: world.person(personId).display_name }, request.days, request.reason);
    world.disposals.push(made);
    return { status: 201, body: made };
  },
  'POST /api/v1/retention/disposals/{disposal_id}/approval': (call) => decide(call, 'done'),
  'POST /api/v1/retention/disposals/{disposal_id}/rejection': (call) => decide(call, 'rejected'),
  'POST /api/v1/retention/disposals/{disposal_id}/withdrawal': (call) => decide(call, 'withdrawn'),
};
