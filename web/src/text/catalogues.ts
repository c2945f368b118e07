import { enAudit } from './en/audit';
import { enLogs } from './en/logs';
import { enRetention } from './en/retention';
import { enServer } from './en/server';
import { enSettings } from './en/settings';
import { enShell } from './en/shell';
import { enStatus } from './en/status';
import { jaAudit } from './ja/audit';
import { jaLogs } from './ja/logs';
import { jaRetention } from './ja/retention';
import { jaServer } from './ja/server';
import { jaSettings } from './ja/settings';
import { jaShell } from './ja/shell';
import { jaStatus } from './ja/status';

/** Messages the pages name themselves. */
export const ui = {
  ja: { ...jaShell, ...jaStatus, ...jaLogs, ...jaAudit, ...jaSettings, ...jaRetention },
  en: { ...enShell, ...enStatus, ...enLogs, ...enAudit, ...enSettings, ...enRetention },
} as const;

/** Messages the server names by `text_key`. */
export const server = { ja: jaServer, en: enServer } as const;

export type Language = 'ja' | 'en';
export type UiKey = keyof (typeof ui)['ja'];

/** Both in one catalogue: what the pages name stands under `ui.`, so that no name can mean two things. */
export const catalogues: Readonly<Record<Language, Record<string, string>>> = { ja: together('ja'), en: together('en') };

export function uiId(key: UiKey): string {
  return `ui.${key}`;
}

function together(language: Language): Record<string, string> {
  const own = Object.entries(ui[language]).map(([key, text]) => [`ui.${key}`, text] as const);
  return { ...server[language], ...Object.fromEntries(own) };
}
