import { enAudit } from './en/audit';
import { enLogs } from './en/logs';
import { enServer } from './en/server';
import { enSettings } from './en/settings';
import { enShell } from './en/shell';
import { enStatus } from './en/status';
import { jaAudit } from './ja/audit';
import { jaLogs } from './ja/logs';
import { jaServer } from './ja/server';
import { jaSettings } from './ja/settings';
import { jaShell } from './ja/shell';
import { jaStatus } from './ja/status';

/** Messages the pages name themselves. */
export const ui = {
  ja: { ...jaShell, ...jaStatus, ...jaLogs, ...jaAudit, ...jaSettings },
  en: { ...enShell, ...enStatus, ...enLogs, ...enAudit, ...enSettings },
} as const;

/** Messages the server names by `text_key`. */
export const server = { ja: jaServer, en: enServer } as const;

export type Language = 'ja' | 'en';
export type UiKey = keyof (typeof ui)['ja'];

export const catalogues: Readonly<Record<Language, Record<string, string>>> = {
  ja: { ...server.ja, ...ui.ja },
  en: { ...server.en, ...ui.en },
};
