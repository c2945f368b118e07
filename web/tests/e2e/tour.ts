import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { UiKey } from '../../src/text/catalogues';
import { accessibilityFindings, type Language } from '../browser';
import { Story } from '../story';

// Looks at pages: a picture of each, what the accessibility checker finds, and what is wider than the screen.

const here = dirname(fileURLToPath(import.meta.url));
const pictures = resolve(process.env['DAICHO_PICTURES'] ?? join(here, '../../../build/pictures'));

export async function keepPicture(page: Page, name: string, whole = true): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: whole });
}

export const menu: readonly (readonly [UiKey, UiKey])[] = [
  ['nav.home', 'home.title'], ['nav.compliance', 'compliance.title'], ['nav.search', 'search.title'], ['nav.sources', 'sources.title'],
  ['nav.reviews', 'reviews.title'], ['nav.schedule', 'schedule.title'], ['nav.ledger', 'ledger.title'], ['nav.exports', 'exports.title'],
  ['nav.packs', 'packs.title'], ['nav.people', 'people.title'], ['nav.delegations', 'delegations.title'],
  ['nav.organisation', 'organisation.title'], ['nav.retention', 'retention.title'], ['nav.senders', 'senders.title'], ['nav.display', 'display.title'],
];

export class Tour {
  readonly findings: string[] = [];
  #at = 0;

  /** `name` is the folder of the pictures. */
  constructor(public page: Page, readonly language: Language, readonly name: string) {
    rmSync(join(pictures, name), { recursive: true, force: true });
    mkdirSync(join(pictures, name), { recursive: true });
  }

  async look(where: string, whole = true): Promise<void> {
    const { page } = this;
    await page.locator('.d-skeleton').first().waitFor({ state: 'detached' });
    const found = await accessibilityFindings(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) found.push(`${String(wide)} px wider than the screen`);
    const body = await page.evaluate(() => document.body.innerText);
    for (const stray of this.#strays(body)) found.push(stray);
    this.findings.push(...found.map((finding) => `${this.name} ${where}: ${finding}`));
    this.#at += 1;
    const file = `${String(this.#at).padStart(2, '0')}-${where.replaceAll(/[^a-z0-9]+/gi, '-')}.png`;
    await page.screenshot({ path: join(pictures, this.name, file), fullPage: whole });
  }

  /** Words that only a program would show to a person. */
  #strays(body: string): string[] {
    const own = new Story(this.page, this.language);
    const marks = [/\bundefined\b/, /\bNaN\b/, /\[object /, /Invalid Date/, /\{[a-z_]+\}/, own.pattern('problem.unknownText')];
    return marks.flatMap((mark) => {
      const hit = mark.exec(body);
      return hit === null ? [] : [`shows "${hit[0]}"`];
    });
  }
}
