import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

export type Language = 'ja' | 'en';

export interface Screen {
  readonly width: number;
  readonly height: number;
}

export const desk: Screen = { width: 1280, height: 800 };
export const phone: Screen = { width: 390, height: 844 };

const flags = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: flags });
}

export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors, uncaught exceptions and breaches of the content security policy, as they come. */
  readonly troubles: string[];
}

/** A page of its own profile that notes everything that should not happen. */
export async function openPage(browser: Browser, screen: Screen, baseURL: string): Promise<Watched> {
  const context = await browser.newContext({
    baseURL, viewport: screen, locale: 'ja-JP', timezoneId: 'America/New_York', ignoreHTTPSErrors: true, acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce',
  });
  const troubles: string[] = [];
  await context.exposeBinding('noteBreach', (_source, text: string) => { troubles.push(text); });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      (window as unknown as { noteBreach: (text: string) => void }).noteBreach(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => {
    // A refused request is logged by the browser itself; whether refusals are right is for the tests to say.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => { troubles.push(`uncaught: ${error.message}`); });
  return { page, context, troubles };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Accessibility findings (WCAG 2.2 AA), one line each. Injected over the debugging protocol: the policy refuses a tag. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  const debugging = await page.context().newCDPSession(page);
  await debugging.send('Runtime.evaluate', { expression: axeSource });
  await debugging.detach();
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (root: Document, options: unknown) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${(n.failureSummary ?? '').slice(0, 200)}`));
  });
}
