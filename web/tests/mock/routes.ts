import { makeDraft, makeEvent, makeProof, root, somePem } from './fixtures';
import { retentionRoutes } from './retention';
import { isoNow, passwords, type Schemas, type World } from './world';

export interface Call {
  readonly world: World;
  readonly personId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly problem?: { readonly code: Schemas['Problem']['code']; readonly text_key: string; readonly params?: Record<string, string>; readonly errors?: Schemas['Problem']['errors'] };
  readonly file?: { readonly name: string; readonly type: string; readonly bytes: Buffer };
}

type Handler = (call: Call) => Answer;

const ok = (body: unknown, status = 200): Answer => ({ status, body });
const notFound: Answer = { status: 404, problem: { code: 'not_found', text_key: 'common.not_found' } };
const message = (ja: string, en: string, key: string, params: Record<string, string> = {}) => ({ text_key: key, params, ja, en });

const reads: Record<string, Handler> = {
  'GET /api/v1/preferences': ({ world, personId }) => ok(world.preferences.get(personId) ?? { language: 'ja', date_style: 'wareki' }),
  'PUT /api/v1/preferences': ({ world, personId, body }) => {
    world.preferences.set(personId, body as Schemas['Preferences']);
    return ok(body);
  },
  'GET /api/v1/home': ({ world, personId }) => {
    const { obligation } = world;
    const tasks = obligation.occurrences
      .filter((o) => o.state === 'due_soon' || o.state === 'overdue')
      .map((o) => ({ occurrence_id: o.id, obligation_id: obligation.id, title: obligation.title, state: o.state, from: o.from, to: o.to, due_at: o.due_at, mine: personId === '2', page: 'review' }));
    const missing = world.target.directory === null
      ? [{ clause_ids: ['003-01-4.5-9a'], action: { message: message('書き出し先を設定してください。', 'Set an export target.', 'assess.no_export_target'), post: 'system-administrator', person_names: ['管理 太郎'], by: null, page: 'ledger' } }]
      : [];
    const alarms = [{ level: 'warning', message: message('書き出していない記録が12時間を超えました。', 'Entries not exported are older than 12 hours.', 'ledger.export_12h'), since: isoNow(world.startMs - 3_600_000) }];
    return ok({ tasks, missing, clause_counts: world.counts(Date.now()), alarms, computed_at: isoNow() });
  },
  'GET /api/v1/sources': ({ world }) => ok({ sources: world.sources, computed_at: isoNow() }),
  'PATCH /api/v1/sources/{source_id}': ({ world, params, body }) => {
    const patch = body as Schemas['SourcePatch'];
    const at = world.sources.findIndex((s) => s.id === params['source_id']);
    const found = world.sources[at];
    if (!found) return notFound;
    if (patch.version !== found.version) return { status: 409, problem: { code: 'conflict', text_key: 'common.changed_meanwhile' } };
    const stored = { ...found, ...patch, registered: true, version: found.version + 1 } as Schemas['Source'];
    world.sources = world.sources.map((source, i) => (i === at ? stored : source));
    return ok(stored);
  },
  'POST /api/v1/events/search': ({ world, body }) => {
    const query = body as Schemas['EventQuery'];
    const hits = world.events.filter((e) => e.received_at >= query.from && e.received_at < query.to
      && (query.source_id === undefined || e.source_id === query.source_id) && (query.user === undefined || e.fields.user === query.user) && (query.address === undefined || e.fields.address === query.address)
      && (query.outcome === undefined || e.fields.outcome === query.outcome)
      && (query.text === undefined || e.display.some((p) => p.text.includes(query.text ?? ''))));
    const start = query.cursor === undefined ? 0 : Number(query.cursor);
    const end = start + (query.limit ?? 100);
    return ok({ events: hits.slice(start, end), next_cursor: end < hits.length ? String(end) : null, complete: true, estimated_total: hits.length, elapsed_ms: 8 });
  },
  'GET /api/v1/events/{seq}': ({ world, params }) => {
    const row = world.events.find((e) => e.seq === params['seq']);
    return row ? ok(makeEvent(row)) : notFound;
  },
  'GET /api/v1/events/{seq}/proof': ({ params }) => ok(makeProof(params['seq'] ?? '0')),
  'GET /api/v1/ledger': ({ world }) => ok({
    origin: 'daicho.example/ledger', log_key: 'daicho.example/ledger/log+5ad45d80+AYy07EQy4m46ji9heaSNGFMK6KyyrIenrklmqPURWvPN', events: '120945', tree_size: '400', root, checkpoint: makeProof('1').checkpoint, checkpoint_at: isoNow(Date.now() - 1000),
    last_sealed_at: isoNow(world.startMs - 180_000), last_exported_at: isoNow(world.startMs - 48 * 3_600_000), last_exported_seq: '39999', oldest_unexported_at: isoNow(world.startMs - 13 * 3_600_000),
    export_alarm: 'warning_12h', backlog: { events: 8214, bytes: 5_000_000 },
    keys: [{ kind: 'log', id: 'aa01bb02', created_at: isoNow(world.startMs - 30 * 86_400_000), expires_at: null }, { kind: 'signing', id: 'c0ffee01', created_at: isoNow(world.startMs - 7_200_000), expires_at: isoNow(world.startMs + 72_000_000) }],
    root_key: { place: 'file_outside_data', warning: { text_key: 'ledger.root_key_in_file', params: {} } },
    capacity: { used_bytes: 9_000_000, free_bytes: 80_000_000_000, reserved_bytes: 2_147_483_648, low_water: false, days_left: 812 }, alarms: [],
  }),
  'GET /api/v1/ledger/exports': ({ world }) => ok({ exports: world.exports, next_cursor: null }),
  'GET /api/v1/ledger/export-target': ({ world }) => ok(world.target),
  'GET /api/v1/obligations': ({ world }) => ok({ obligations: [world.obligation], computed_at: isoNow() }),
  'GET /api/v1/compliance': ({ world, query }) => {
    const asOf = query.get('as_of');
    const ms = asOf === null ? Date.now() : Date.parse(`${asOf}T15:00:00Z`);
    return ok({
      as_of: isoNow(ms), counts: world.counts(ms), clauses: world.clauses(ms),
      regulations: [{ id: 'entrusted-information', title: { ja: '預託情報保護要領', en: 'Entrusted information rules' } }, { id: 'security-policy', title: { ja: '情報セキュリティポリシー', en: 'Information security policy' } }],
    });
  },
  'GET /api/v1/compliance/clauses/{clause_id}': ({ world, params, query }) => clause(world, params['clause_id'] ?? '', query.get('as_of')),
  'GET /api/v1/packs': ({ world }) => ok({ packs: world.packs }),
  'GET /api/v1/people': ({ world }) => ok({ people: world.people }),
  'GET /api/v1/delegations': ({ world }) => ok({ delegations: world.delegations }),
  'GET /api/v1/settings': ({ world }) => ok({
    ...world.settings,
    posts: [{ id: 'system-security-officer', title: { ja: 'システムセキュリティ責任者', en: 'System security officer' } }, { id: 'system-administrator', title: { ja: 'システム管理者', en: 'System administrator' } }],
    retention: [{ class: 'log', title: { ja: 'ログ', en: 'Logs' }, days: 1096, clause_id: '003-01-4.5-9c' }, { class: 'evidence', title: { ja: '証跡', en: 'Evidence' }, days: 3653, clause_id: null }],
    collectors: [{ transport: 'tls', address: '192.0.2.1:6514' }, { transport: 'tcp', address: '192.0.2.1:6601' }],
    syslog_lines: [
      { program: 'rsyslog', transport: 'tls', text: '*.* action(type="omfwd" target="192.0.2.1" port="6514" protocol="tcp"\n  TCP_Framing="octet-counted" StreamDriver="ossl" StreamDriverMode="1")' },
      { program: 'syslog-ng', transport: 'tls', text: 'destination d_daicho { network("192.0.2.1" port(6514) transport("tls")); };' },
      { program: 'rsyslog', transport: 'tcp', text: '*.* @@(o)192.0.2.1:6601;RSYSLOG_SyslogProtocol23Format' },
    ],
    ca_certificate: somePem,
  }),
};

function clause(world: World, id: string, asOf: string | null): Answer {
  const ms = asOf === null ? Date.now() : Date.parse(`${asOf}T15:00:00Z`);
  const row = world.clauses(ms).find((c) => c.id === id);
  if (!row) return notFound;
  const done = row.state === 'conformant';
  const reviewed = world.reviews[0];
  return ok({
    id, regulation: { ja: '預託情報保護要領', en: 'Entrusted information rules' }, number: row.number, title: row.title, text: { ja: 'データベースへのアクセスの記録を、週に一度調べること。', en: 'Records of access to the database are examined once a week.' }, state: row.state, as_of: isoNow(ms),
    controls: [{
      id: 'weekly-access-log-review', title: { ja: '週次点検の実施', en: 'Weekly review is performed' }, state: row.state,
      reasons: [{ state: row.state, message: done ? message('期限内に点検が完了しています。', 'A review was completed in time.', 'assess.done') : message('点検の記録がまだありません。', 'There is no record of a review yet.', 'assess.no_review_yet') }],
      evidence: done && reviewed ? [{ kind: 'review.completed', at: reviewed.completed_at, message: message('週次点検の完了', 'Weekly review completed', 'fact.review'), seq: '48213', leaf_index: null }] : [],
      missing: done ? [] : [{ message: message('週次点検を行ってください。', 'Perform the weekly review.', 'assess.perform_review'), post: 'system-security-officer', person_names: ['佐藤 花子'], by: isoNow(Date.now() + 86_400_000), page: 'review', page_params: { obligation: 'weekly-access-log-review' } }],
      parameters: [{ name: { ja: '点検の間隔', en: 'Review interval' }, value: 'P7D', source: '002-4-2a' }],
    }],
  });
}

const writes: Record<string, Handler> = {
  'PUT /api/v1/ledger/export-target': ({ world, body }) => {
    const { directory, version } = body as Schemas['ExportTargetChange'];
    if (directory.startsWith('/nowhere')) return { status: 400, problem: { code: 'invalid', text_key: 'common.invalid', errors: [{ pointer: '/directory', text_key: 'field.choice', params: {} }] } };
    world.target = { directory, same_volume: true, writable: true, write_once_checked_at: null, version: version + 1 };
    return ok(world.target);
  },
  'POST /api/v1/ledger/exports': ({ world }) => ok(world.startJob('export'), 202),
  'GET /api/v1/jobs/{job_id}': ({ world, params }) => job(world, params['job_id'] ?? ''),
  'DELETE /api/v1/jobs/{job_id}': ({ world, params }) => {
    const entry = world.jobs.get(params['job_id'] ?? '');
    if (!entry) return notFound;
    entry.job = { ...entry.job, state: 'cancelled', finished_at: isoNow() };
    return { status: 204 };
  },
  'GET /api/v1/reviews/draft': ({ world, query }) => {
    const occurrence = world.obligation.occurrences.find((o) => o.from === query.get('from') && o.to === query.get('to'));
    return occurrence ? ok(makeDraft(occurrence, world.obligation.title, 0)) : notFound;
  },
  'GET /api/v1/reviews': ({ world }) => ok({ reviews: world.reviews, next_cursor: null }),
  'POST /api/v1/reviews': ({ world, personId, body }) => review(world, personId, body as Schemas['ReviewSignOff']),
  'POST /api/v1/packs': ({ world, body }) => {
    const request = body as Schemas['PackRequest'];
    const started = world.startJob('pack');
    world.packs.unshift({ ...request, id: `pack-${started.id}`, created_at: isoNow(), expires_at: isoNow(Date.now() + 86_400_000), bytes: 48_000, digest: root, file_name: 'daicho-pack.zip' });
    return ok(started, 202);
  },
  'GET /api/v1/packs/{pack_id}/download': () => ({ status: 200, file: { name: 'daicho-pack.zip', type: 'application/zip', bytes: Buffer.from('PK') } }),
  'POST /api/v1/people': ({ world, body }) => {
    const request = body as Schemas['PersonCreate'];
    if (world.people.some((p) => p.login === request.login)) return { status: 409, problem: { code: 'conflict', text_key: 'access.login_taken', errors: [{ pointer: '/login', text_key: 'access.login_taken', params: {} }] } };
    const person: Schemas['Person'] = { id: String(world.people.length + 1), login: request.login, display_name: request.display_name, roles: request.roles, combined_roles_reason: request.combined_roles_reason ?? null, state: 'initial', one_time_password_expires_at: isoNow(Date.now() + 259_200_000), locked_until: null, password_set_at: isoNow(), created_at: isoNow(), disabled_at: null, version: 1 };
    world.people = [...world.people, person];
    return ok({ person, one_time_password: passwords.initial, expires_at: isoNow(Date.now() + 259_200_000) }, 201);
  },
  'PATCH /api/v1/people/{person_id}': ({ world, params, body }) => {
    const patch = body as Schemas['PersonPatch'];
    const at = world.people.findIndex((p) => p.id === params['person_id']);
    const found = world.people[at];
    if (!found) return notFound;
    const stored: Schemas['Person'] = { ...found, roles: patch.roles ?? found.roles, combined_roles_reason: patch.combined_roles_reason ?? null, version: found.version + 1, ...(patch.disabled ? { state: 'disabled', disabled_at: isoNow() } : {}) };
    world.people = world.people.map((person, i) => (i === at ? stored : person));
    return ok(stored);
  },
  'POST /api/v1/people/{person_id}/reissue': ({ world, params }) => ok({ person: world.person(params['person_id'] ?? ''), one_time_password: passwords.initial, expires_at: isoNow(Date.now() + 259_200_000) }),
  'POST /api/v1/people/{person_id}/unlock': ({ world, params }) => {
    world.people = world.people.map((p) => (p.id === params['person_id'] ? { ...p, locked_until: null, version: p.version + 1 } : p));
    return { status: 204 };
  },
  'POST /api/v1/delegations': ({ world, personId, body }) => {
    const request = body as Schemas['DelegationGrant'];
    const granted: Schemas['Delegation'] = { id: String(world.delegations.length + 1), permission: request.permission, grantor_id: personId, grantor_name: world.person(personId).display_name, person_id: request.person_id, person_name: world.person(request.person_id).display_name, reason: request.reason, note: request.note ?? '', from: request.from, until: request.until, revoked_at: null, active: true };
    world.delegations.unshift(granted);
    return ok(granted, 201);
  },
  'DELETE /api/v1/delegations/{delegation_id}': ({ world, params }) => {
    const found = world.delegations.find((d) => d.id === params['delegation_id']);
    if (!found) return notFound;
    Object.assign(found, { active: false, revoked_at: isoNow() });
    return { status: 204 };
  },
  'PUT /api/v1/settings': ({ world, body }) => {
    const change = body as Schemas['SettingsChange'];
    world.settings = { ...change, version: change.version + 1 };
    const answer = routes['GET /api/v1/settings'];
    return answer ? answer({ world, personId: '', params: {}, query: new URLSearchParams(), body }) : notFound;
  },
};

function job(world: World, id: string): Answer {
  const entry = world.jobs.get(id);
  if (!entry) return notFound;
  entry.polls += 1;
  const running = entry.job.state === 'queued' || entry.job.state === 'running';
  if (running && entry.polls < 3) entry.job = { ...entry.job, state: 'running', done: entry.polls * 12, total: 40 };
  else if (running) entry.job = { ...entry.job, state: 'done', done: 40, total: 40, finished_at: isoNow(), result_id: entry.job.kind === 'pack' ? `pack-${id}` : 'exp-2' };
  return ok(entry.job);
}

function review(world: World, personId: string, sent: Schemas['ReviewSignOff']): Answer {
  const occurrence = world.obligation.occurrences.find((o) => o.from === sent.from && o.to === sent.to);
  if (!occurrence) return notFound;
  if (world.changeSummaryOnce) {
    world.changeSummaryOnce = false;
    return { status: 409, problem: { code: 'conflict', text_key: 'review.summary_changed' } };
  }
  const draft = makeDraft(occurrence, world.obligation.title, 0);
  if (draft.checklist.some((point) => !sent.checklist.includes(point.id))) return { status: 400, problem: { code: 'invalid', text_key: 'review.unanswered' } };
  const made: Schemas['Review'] = {
    id: `rev-${String(world.reviews.length + 1)}`, obligation_id: sent.obligation_id, occurrence_id: occurrence.id, title: draft.title, from: sent.from, to: sent.to, range: draft.range, digest: sent.digest,
    conclusion: sent.conclusion, comment: sent.comment ?? '', findings: sent.findings, reviewer_id: personId, reviewer_name: world.person(personId).display_name, completed_at: isoNow(), ledger_seq: '48213',
  };
  world.reviews.unshift(made);
  Object.assign(occurrence, { state: 'done', done_at: made.completed_at, review_id: made.id, ledger_seq: made.ledger_seq });
  return ok(made, 201);
}

export const routes: Readonly<Record<string, Handler>> = { ...reads, ...writes, ...retentionRoutes };
