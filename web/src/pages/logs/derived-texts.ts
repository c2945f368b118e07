import type { UiKey } from '../../text/catalogues';
import type { Text } from '../../text/TextProvider';

// Words for what the server derives from a line. A name that is not here yet is shown as it is.

const categories: Readonly<Record<string, UiKey>> = {
  authentication: 'category.authentication',
  session: 'category.session',
  privilege: 'category.privilege',
  network: 'category.network',
  web: 'category.web',
  database: 'category.database',
  audit: 'category.audit',
  system: 'category.system',
  configuration: 'category.configuration',
  evidence: 'category.evidence',
};

const actions: Readonly<Record<string, UiKey>> = {
  sign_in: 'action.sign_in',
  sign_out: 'action.sign_out',
  command: 'action.command',
  connect: 'action.connect',
  disconnect: 'action.disconnect',
  request: 'action.request',
  query: 'action.query',
  allow: 'action.allow',
  deny: 'action.deny',
  start: 'action.start',
  stop: 'action.stop',
  change: 'action.change',
  read: 'action.read',
  export: 'action.export',
  error: 'action.error',
  other: 'action.other',
};

/** RFC 5424, 6.2.1, table 2. */
const severities = [
  'severity.0',
  'severity.1',
  'severity.2',
  'severity.3',
  'severity.4',
  'severity.5',
  'severity.6',
  'severity.7',
] as const satisfies readonly UiKey[];

function word(words: Readonly<Record<string, UiKey>>, name: string | undefined, t: Text['t']): string | undefined {
  if (name === undefined) return undefined;
  return Object.hasOwn(words, name) ? t(words[name] as UiKey) : name;
}

export function categoryText(name: string | undefined, t: Text['t']): string | undefined {
  return word(categories, name, t);
}

export function actionText(name: string | undefined, t: Text['t']): string | undefined {
  return word(actions, name, t);
}

export function severityText(level: number | undefined, t: Text['t']): string | undefined {
  const key = level === undefined ? undefined : severities[level];
  return key === undefined ? undefined : `${t(key)} (${String(level)})`;
}
