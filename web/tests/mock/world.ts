import { randomUUID } from 'node:crypto';
import type { components } from '../../src/api/schema';
import { exports as madeExports, makeClauses, makeEvents, makeObligation, makePeople, makeSources } from './fixtures';

export type Schemas = components['schemas'];

interface SignedIn {
  readonly personId: string;
  readonly csrf: string;
  countedMs: number;
}

export const idleSeconds = 300;
export const passwords = { initial: 'ABCDE-FGH23-JKLMN-PQRST', own: 'sora 77 kumo-to-ame', officer: 'kaze 55 hoshi-no-umi' } as const;

const officerPermissions: Schemas['Permission'][] = [
  'self.manage', 'obligation.read', 'obligation.perform', 'status.read', 'evidence.read', 'pack.create', 'log.read', 'log.review', 'log.export',
  'source.read', 'settings.read', 'retention.write', 'retention.approve', 'ledger.operate', 'people.read', 'delegation.read', 'delegation.grant',
];
const administratorPermissions: Schemas['Permission'][] = [
  'self.manage', 'obligation.read', 'obligation.perform', 'status.read', 'evidence.read', 'source.read', 'source.write', 'settings.read',
  'settings.write', 'retention.approve', 'ledger.operate', 'people.read', 'people.write',
];

/** What the stand-in server remembers. One per test, so that no test sees another's traces. */
export class World {
  readonly startMs = Date.now();
  people = makePeople(this.startMs);
  readonly secrets = new Map<string, string>([['1', passwords.initial], ['2', passwords.officer]]);
  readonly mustChange = new Set<string>(['1']);
  readonly preferences = new Map<string, Schemas['Preferences']>();
  readonly sessions = new Map<string, SignedIn>();
  sources = makeSources(this.startMs);
  readonly events = makeEvents(this.startMs, 640);
  readonly obligation = makeObligation(this.startMs);
  readonly reviews: Schemas['Review'][] = [];
  readonly delegations: Schemas['Delegation'][] = [];
  readonly exports = madeExports(this.startMs);
  readonly jobs = new Map<string, { job: Schemas['Job']; polls: number }>();
  readonly packs: Schemas['Pack'][] = [];
  readonly disposals: Schemas['Disposal'][] = [];
  logPeriod = 'P3Y';
  target: Schemas['ExportTarget'] = { directory: null, same_volume: false, writable: false, write_once_checked_at: null, version: 0 };
  settings: Omit<Schemas['SettingsChange'], 'version'> & { version: number } = {
    organisation_name: '株式会社みほん', time_zone: 'Asia/Tokyo', business_hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], opens: '09:00', closes: '18:00' }, version: 1,
  };
  /** What did not fit openapi.yaml: a test that leaves some fails. */
  readonly breaches: string[] = [];
  /** The connection is cut instead of answered. */
  down = false;
  /** The next review sign-off meets a summary that changed. */
  changeSummaryOnce = false;

  signIn(login: string, password: string): { token: string; session: SignedIn } | null {
    const person = this.people.find((p) => p.login === login && p.state !== 'disabled');
    if (!person || this.secrets.get(person.id) !== password) return null;
    const token = randomUUID();
    const session = { personId: person.id, csrf: randomUUID(), countedMs: Date.now() };
    this.sessions.set(token, session);
    return { token, session };
  }

  resume(token: string, counts: boolean): SignedIn | null {
    const session = this.sessions.get(token);
    if (!session) return null;
    if (Date.now() - session.countedMs > idleSeconds * 1000) {
      this.sessions.delete(token);
      return null;
    }
    if (counts) session.countedMs = Date.now();
    return session;
  }

  /** All sessions have this many seconds left. */
  leaveSeconds(seconds: number): void {
    for (const session of this.sessions.values()) session.countedMs = Date.now() - (idleSeconds - seconds) * 1000;
  }

  person(id: string): Schemas['Person'] {
    const found = this.people.find((p) => p.id === id);
    if (!found) throw new Error(`no person ${id}`);
    return found;
  }

  permissions(id: string): Schemas['Permission'][] {
    const { roles } = this.person(id);
    const all = new Set<Schemas['Permission']>(['self.manage', 'obligation.read']);
    if (roles.includes('administrator')) for (const p of administratorPermissions) all.add(p);
    if (roles.includes('security_officer')) for (const p of officerPermissions) all.add(p);
    return [...all];
  }

  sessionOf(session: SignedIn): Schemas['Session'] {
    return {
      person: this.person(session.personId),
      csrf_token: session.csrf,
      permissions: this.permissions(session.personId),
      preferences: this.preferences.get(session.personId) ?? { language: 'ja', date_style: 'wareki' },
      idle_seconds_left: Math.max(0, Math.round(idleSeconds - (Date.now() - session.countedMs) / 1000)),
      password_change_required: this.mustChange.has(session.personId),
      password_rules: { chars_min: 12, same_run_max: 3, sequence_max: 3, needs_upper: false, needs_digit: false, needs_symbol: false },
      server_time: isoNow(),
      organisation_name: this.settings.organisation_name,
      time_zone: this.settings.time_zone,
    };
  }

  /** The review is the one clause whose state the story changes. */
  clauses(asOf: number): Schemas['ClauseRow'][] {
    return makeClauses(this.startMs, this.reviews.some((r) => Date.parse(r.completed_at) <= asOf), this.target.directory !== null);
  }

  counts(asOf: number): Schemas['ClauseCounts'] {
    const counts = { conformant: 0, due_soon: 0, nonconformant: 0, insufficient: 0, exception: 0, not_applicable: 0 };
    for (const clause of this.clauses(asOf)) counts[clause.state] += 1;
    return counts;
  }

  startJob(kind: 'pack' | 'export'): Schemas['Job'] {
    const job: Schemas['Job'] = {
      id: `job-${String(this.jobs.size + 1)}`, kind, state: 'queued', done: 0, total: null, started_at: isoNow(), finished_at: null, result_id: null, problem: null,
    };
    this.jobs.set(job.id, { job, polls: 0 });
    return job;
  }
}

export function isoNow(ms = Date.now()): string {
  return new Date(ms).toISOString();
}
