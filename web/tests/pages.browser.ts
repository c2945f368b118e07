import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UiKey } from '../src/text/catalogues';
import { accessibilityFindings, desk, launch, openPage, phone, type Language, type Screen, type Watched } from './browser';
import { startMock, type Mock } from './mock/server';
import { passwords } from './mock/world';
import { Story } from './story';

// Every page in both languages and both widths: nothing the accessibility checker finds, nothing the policy refuses,
// nothing that makes the page wider than the screen.

let mock: Mock;
let browser: Browser;

beforeAll(async () => {
  mock = await startMock(Number(process.env['MOCK_PORT'] ?? '0'));
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await mock.close();
});

const menu: readonly (readonly [UiKey, UiKey])[] = [
  ['nav.home', 'home.title'], ['nav.compliance', 'compliance.title'], ['nav.search', 'search.title'], ['nav.sources', 'sources.title'],
  ['nav.reviews', 'reviews.title'], ['nav.schedule', 'schedule.title'], ['nav.ledger', 'ledger.title'], ['nav.exports', 'exports.title'],
  ['nav.packs', 'packs.title'], ['nav.people', 'people.title'], ['nav.delegations', 'delegations.title'],
  ['nav.organisation', 'organisation.title'], ['nav.senders', 'senders.title'], ['nav.display', 'display.title'],
];

async function signedIn(screen: Screen, language: Language): Promise<{ watched: Watched; story: Story; check: (where: string) => Promise<void>; findings: string[] }> {
  mock.reset();
  const watched = await openPage(browser, screen, mock.url);
  const story = new Story(watched.page, language);
  const findings: string[] = [];
  const check = async (where: string) => {
    await watched.page.locator('.d-skeleton').first().waitFor({ state: 'detached' });
    for (const finding of await accessibilityFindings(watched.page)) findings.push(`${where}: ${finding}`);
    const wide = await watched.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) findings.push(`${where}: ${String(wide)} px wider than the screen`);
  };
  await story.arrive();
  await check('door');
  await story.signIn('sato', passwords.officer);
  await watched.page.getByRole('banner').waitFor();
  await story.speak();
  await story.heading('home.title').waitFor();
  return { watched, story, check, findings };
}

async function finish({ watched, findings }: { watched: Watched; findings: string[] }): Promise<void> {
  expect({ findings, troubles: watched.troubles, breaches: mock.world.breaches }).toEqual({ findings: [], troubles: [], breaches: [] });
  await watched.context.close();
}

for (const language of ['ja', 'en'] as const) {
  for (const [name, screen] of [['desk', desk], ['phone', phone]] as const) {
    describe(`on a ${name} in ${language}`, () => {
      it('every page of the menu is clean', async () => {
        const all = await signedIn(screen, language);
        for (const [entry, title] of menu) {
          await all.story.go(entry, title);
          await all.check(title);
        }
        await finish(all);
      });
      it('details, dialogs and the review are clean', async () => {
        const all = await signedIn(screen, language);
        const { story, check } = all;
        await story.openClause('002-4-2a');
        await check('clause');
        await story.searchAndOpen('Failed');
        await check('event fields');
        await story.seeBytesAndProof();
        await check('event proof');
        await story.page.goto('/logs/events/48213');
        await story.page.getByRole('tab', { name: story.t('event.tab.bytes') }).click();
        await check('event page');
        await story.go('nav.sources', 'sources.title');
        await story.grid('sources.title').getByRole('gridcell').first().click();
        await story.dialog().waitFor();
        await check('source dialog');
        await story.button('dialog.close', story.dialog()).click();
        await story.go('nav.delegations', 'delegations.title');
        await story.button('delegations.grant').click();
        await check('delegation dialog');
        await story.button('dialog.cancel', story.dialog()).click();
        await story.go('nav.packs', 'packs.title');
        await story.button('packs.make').click();
        await story.button('packs.all', story.dialog()).waitFor();
        await check('pack dialog');
        await story.button('dialog.cancel', story.dialog()).click();
        await story.go('nav.reviews', 'reviews.title');
        await story.page.getByRole('link', { name: story.t('review.start') }).first().click();
        await story.page.getByRole('heading', { name: story.t('review.conclude') }).waitFor();
        await check('review');
        await finish(all);
      });
    });
  }
}
