import type { components } from '../../src/api/schema';

type Schemas = components['schemas'];

export const root = '4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b';
const digest = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const iso = (ms: number) => new Date(ms).toISOString();

export function makePeople(now: number): Schemas['Person'][] {
  const base = { combined_roles_reason: null, one_time_password_expires_at: null, locked_until: null, password_set_at: iso(now - dayMs), created_at: iso(now - 20 * dayMs), disabled_at: null, version: 1 };
  return [
    { ...base, id: '1', login: 'kanri', display_name: '管理 太郎', roles: ['administrator'], state: 'initial', one_time_password_expires_at: iso(now + 2 * dayMs) },
    { ...base, id: '2', login: 'sato', display_name: '佐藤 花子', roles: ['security_officer'], state: 'active' },
    { ...base, id: '3', login: 'suzuki', display_name: '鈴木 一郎', roles: ['member'], state: 'active', locked_until: iso(now + hourMs) },
    { ...base, id: '4', login: 'takahashi', display_name: '髙橋 邉', roles: ['auditor'], state: 'disabled', disabled_at: iso(now - dayMs) },
  ];
}

export function makeSources(now: number): Schemas['Source'][] {
  const drops = { back_pressure: 0, oversize: 0, malformed_frame: 0 };
  const known = { registered: true, authenticated: false, kind: 'server' as const, owner_post: 'system-administrator', silence_minutes_max: 60, first_seen: iso(now - 20 * dayMs), silent: false, last_gap_at: null, drops, version: 2 };
  return [
    { ...known, id: 'src-1', source_id: 'udp:192.0.2.9', registered: false, name: null, kind: null, owner_post: null, silence_minutes_max: null, flags: [], last_seen: iso(now - hourMs), events_total: '12', events_per_second: 0, clock_skew_ms: null, gaps: 0, version: 0 },
    { ...known, id: 'src-2', source_id: 'tls:c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00', authenticated: true, name: '受付サーバ', flags: ['published_server'], last_seen: iso(now - 2000), events_total: '120933', events_per_second: 3.2, clock_skew_ms: { median: 12, largest: 240 }, gaps: 0 },
    { ...known, id: 'src-3', source_id: 'tcp:192.0.2.20', name: '業務データベース', kind: 'database', flags: ['personal_information_database'], last_seen: iso(now - 5 * hourMs), silent: true, events_total: '8800', events_per_second: 0, clock_skew_ms: { median: -84_000, largest: 91_000 }, gaps: 1, last_gap_at: iso(now - dayMs), drops: { back_pressure: 3, oversize: 1, malformed_frame: 0 } },
    { ...known, id: 'src-4', source_id: 'daicho', authenticated: true, name: 'daicho', kind: 'application', owner_post: null, silence_minutes_max: null, flags: [], last_seen: iso(now), events_total: '451', events_per_second: 0.1, clock_skew_ms: { median: 0, largest: 0 }, gaps: 0 },
  ];
}

export function makeEvents(now: number, count: number): Schemas['EventRow'][] {
  return Array.from({ length: count }, (_, at): Schemas['EventRow'] => {
    const failed = at % 3 === 0;
    const user = ['root', 'sato', 'postgres', 'backup'][at % 4] ?? 'root';
    const address = `198.51.100.${String(20 + (at % 9))}`;
    const text = failed ? `Failed password for ${user} from ${address} port ${String(4000 + at)} ssh2` : `Accepted publickey for ${user} from ${address} port ${String(4000 + at)} ssh2`;
    return {
      seq: String(48_213 - at), received_at: iso(now - at * 97_000), source_id: makeSources(now)[1]?.source_id ?? '', source_name: '受付サーバ',
      fields: { time: iso(now - at * 97_000 - 12), host: 'www1', app: 'sshd', pid: '812', severity: 6, category: 'authentication', action: 'sign-in', outcome: failed ? 'failure' : 'success', user, address },
      display: at === 0 ? [{ kind: 'plain', text }, { kind: 'escaped', text: '\\x1b' }, { kind: 'plain', text: '[31m=cmd()' }] : [{ kind: 'plain', text }],
      flags: at === 0 ? ['clock_skew'] : [],
    };
  });
}

export function makeEvent(row: Schemas['EventRow']): Schemas['Event'] {
  const raw = Buffer.from(row.display.map((p) => (p.kind === 'escaped' ? '\x1b' : p.text)).join(''), 'utf8');
  const hex = Array.from({ length: Math.ceil(raw.length / 16) }, (_, at) => {
    const line = raw.subarray(at * 16, at * 16 + 16);
    return { offset: at * 16, hex: [...line].map((b) => b.toString(16).padStart(2, '0')).join(' '), text: line.toString('latin1').replace(/[^\x20-\x7e]/g, '.') };
  });
  return {
    envelope: {
      seq: row.seq, received_at: row.received_at, monotonic_ns: '991823123456', boot_id: '0f0e0d0c0b0a09080706050403020100', source_id: row.source_id,
      transport: 'tls', framing: 'octet_counting', flags: row.flags, raw_length: raw.length, true_length: raw.length, retention_class: 'access-log',
    },
    source_name: row.source_name, fields: row.fields, display: row.display, raw_base64: raw.toString('base64'), hex, shown_bytes: raw.length, raw_length: raw.length,
  };
}

export function makeProof(seq: string): Schemas['EventProof'] {
  const kinds = ['bytes_hash_to_commitment', 'commitment_in_batch', 'batch_in_tree', 'checkpoint_signed', 'signing_key_certified'] as const;
  return {
    seq, verified: true, leaf_index: '312', tree_size: '400', root,
    steps: kinds.map((kind) => ({ kind, holds: true, detail: { text_key: `proof.${kind}`, params: {} } })),
    checkpoint: 'daicho.example/ledger\n400\nSl4eS6q4nzoyUYqIwxvIf2GPdmc+LMd6shJ7ev3tozs=\n\n— daicho.example/ledger wPnAfmb0nTQ=\n',
    tlog_proof: 'c2sp.org/tlog-proof@v1\n', file_name: `event-${seq}.tlog-proof`,
  };
}

function mondayOf(now: number): number {
  const tokyo = new Date(now + 9 * hourMs);
  const back = (tokyo.getUTCDay() + 6) % 7;
  return Date.UTC(tokyo.getUTCFullYear(), tokyo.getUTCMonth(), tokyo.getUTCDate() - back) - 9 * hourMs;
}

export function makeObligation(now: number): Schemas['Obligation'] {
  const monday = mondayOf(now);
  const week = (at: number, state: Schemas['Occurrence']['state']): Schemas['Occurrence'] => {
    const to = monday + at * 7 * dayMs;
    return { id: `weekly-access-log-review:${iso(to + 9 * hourMs).slice(0, 10)}`, state, from: iso(to - 7 * dayMs), to: iso(to), due_at: iso(to + 3 * dayMs), overdue_at: iso(to + 7 * dayMs), done_at: null, review_id: null, ledger_seq: null };
  };
  return {
    id: 'weekly-access-log-review', title: { ja: 'アクセスログの週次点検', en: 'Weekly access-log review' },
    description: { ja: '一週間のアクセスログを点検し、結果を記録する。', en: 'Review the access logs of one week and record the result.' },
    clause_ids: ['002-4-2a'], rule: 'FREQ=WEEKLY;BYDAY=MO', rule_text: { ja: '毎週月曜日', en: 'Every Monday' }, post: 'system-security-officer', person_names: ['佐藤 花子'], page: 'review',
    occurrences: [week(-1, 'overdue'), week(0, 'due_soon'), week(1, 'upcoming'), week(2, 'upcoming')],
  };
}

function makeChecklist(): Schemas['ReviewDraft']['checklist'] {
  return [
    { id: 'unknown-addresses', title: { ja: '許可されていないIPアドレス', en: 'Addresses without permission' }, ask: { ja: '初めて現れた接続元はないか。', en: 'Is any address new?' }, panel: 'new_addresses' },
    { id: 'repeated-failures', title: { ja: '度重なるアクセス失敗', en: 'Repeated failures' }, ask: { ja: '失敗が続いた接続元はないか。', en: 'Did attempts fail again and again?' }, panel: 'failures' },
    { id: 'of-the-future', title: { ja: 'その他', en: 'Others' }, ask: { ja: 'ほかに気になる点はないか。', en: 'Is there anything else?' }, panel: 'a panel of the future' },
  ];
}

export function makeDraft(occurrence: Schemas['Occurrence'], title: Schemas['LocalText'], seed: number): Schemas['ReviewDraft'] {
  const from = Date.parse(occurrence.from);
  const count = (user: string, address: string, succeeded: number, failed: number) => ({ user, address, succeeded, failed, first_at: iso(from + hourMs), last_at: iso(from + 3 * dayMs) });
  return {
    obligation_id: 'weekly-access-log-review', occurrence_id: occurrence.id, title, from: occurrence.from, to: occurrence.to,
    range: { first_seq: '40000', last_seq: '48213', count: 8214, tree_size: '400', root }, business_hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], opens: '09:00', closes: '18:00' },
    sign_ins: [count('root', '198.51.100.23', 0, 41), count('sato', '192.0.2.31', 12, 1), count('backup', '192.0.2.40', 7, 0), count('root', '192.0.2.31', 2, 0)],
    out_of_hours: [count('root', '198.51.100.23', 0, 41)], new_addresses: [],
    volumes: [0, 1, 2, 3, 4].map((day) => ({ day: iso(from + 9 * hourMs + day * dayMs).slice(0, 10), source_id: 'tcp:192.0.2.20', source_name: '業務データベース', events: 900 + day * 371, failures: day * 9 })),
    gaps: 1, silent_sources: ['udp:192.0.2.77'], missing_events: 0, truncated: false, checklist: makeChecklist(), digest: seed === 0 ? digest : digest.replace('9f', 'aa'),
  };
}

const texts: readonly (readonly [string, string, string, string, string])[] = [
  ['002-4-2a', 'entrusted-information', '4(2)ア', 'アクセス記録の点検', 'Access records are examined'],
  ['002-2-15', 'entrusted-information', '2(15)', 'アクセス記録の保存', 'Access records are kept'],
  ['003-01-4.5-8a', 'security-policy', '4.5(8)ア', '監査ログの項目', 'Audit log items'],
  ['003-01-4.5-9a', 'security-policy', '4.5(9)ア', '書き換え不能媒体への転送', 'Transfer to write-once media'],
  ['003-01-4.5-9b', 'security-policy', '4.5(9)イ', 'ログ容量の確保', 'Capacity for logs'],
  ['003-01-4.5-9c', 'security-policy', '4.5(9)ウ', 'ログの保存期間と参照者', 'Retention and readers of logs'],
  ['003-01-4.5-10a', 'security-policy', '4.5(10)ア', 'ログの解析者', 'Who analyses logs'],
  ['003-01-4.5-10b', 'security-policy', '4.5(10)イ', 'ログの解析頻度', 'How often logs are analysed'],
  ['003-01-4.5-11', 'security-policy', '4.5(11)', '時刻の同期', 'Clock synchronisation'],
];

export function makeClauses(now: number, reviewed: boolean, hasTarget: boolean): Schemas['ClauseRow'][] {
  const states: Schemas['ClauseState'][] = [reviewed ? 'conformant' : 'insufficient', 'conformant', 'due_soon', hasTarget ? 'due_soon' : 'insufficient', 'conformant', 'exception', 'conformant', 'nonconformant', 'insufficient'];
  return texts.map(([id, regulation_id, number, ja, en], at) => ({ id, regulation_id, number, title: { ja, en }, state: states[at] ?? 'insufficient', next_due_at: at < 4 ? iso(now + (at + 1) * dayMs) : null }));
}

export function exports(now: number): Schemas['Export'][] {
  return [{ id: 'exp-1', exported_at: iso(now - 2 * dayMs), directory: '/mnt/write-once', first_seq: '1', last_seq: '39999', bytes: 5_400_000, digest, read_back: true, leaf_index: '290' }];
}

export const somePem = '-----BEGIN CERTIFICATE-----\nMIIBfixturefixturefixturefixture\n-----END CERTIFICATE-----\n';
