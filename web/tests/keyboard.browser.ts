import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desk, launch, openPage, phone } from './browser';
import { startMock, type Mock } from './mock/server';
import { passwords } from './mock/world';
import { Story } from './story';

// Without a pointer: from the door to a proof.

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

/** Presses Tab until the focus is on something whose name or text matches; the way a person looks for it. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const focused = document.activeElement;
      // Past the last element the focus is nowhere for one step.
      if (!focused || focused === document.body) return '';
      const labels = focused instanceof HTMLInputElement ? [...(focused.labels ?? [])].map((l) => l.textContent) : [];
      return [focused.getAttribute('aria-label'), focused.textContent, ...labels].join('\n');
    });
    if (here.includes(name)) return;
  }
  throw new Error(`the focus never came to ${name}`);
}

/** Goes on to the next empty box and ticks it. */
async function tickNext(page: Page): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const empty = await page.evaluate(() => document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'checkbox' && !document.activeElement.checked);
    if (!empty) continue;
    await page.keyboard.press('Space');
    return;
  }
  throw new Error('the focus never came to an empty box');
}

describe('with the keyboard alone', () => {
  it('one signs in, skips to the content, searches, walks the grid and opens a proof', async () => {
    const world = mock.reset();
    const { page, context, troubles } = await openPage(browser, desk, mock.url);
    const { t } = new Story(page, 'ja');
    const story = new Story(page, 'ja');
    await story.arrive();
    await page.getByLabel(t('signin.login')).focus();
    await page.keyboard.type('sato');
    await page.keyboard.press('Tab');
    await page.keyboard.type(passwords.officer);
    await page.keyboard.press('Enter');
    await story.heading('home.title').waitFor();

    await page.evaluate(() => { (document.activeElement as HTMLElement).blur(); });
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(t('skip'));
    await tabTo(page, t('nav.search'));
    await page.keyboard.press('Enter');
    await story.heading('search.title').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await tabTo(page, t('search.preset.month'));
    await page.keyboard.press('Enter');
    await tabTo(page, t('search.text'));
    await page.keyboard.type('Failed');
    await page.keyboard.press('Enter');
    await story.grid('search.results').waitFor();
    await tabTo(page, t('search.results'));
    const activeRow = () => page.evaluate(() => {
      const id = document.activeElement?.getAttribute('aria-activedescendant') ?? '';
      return document.getElementById(id)?.closest('tr')?.getAttribute('aria-rowindex') ?? null;
    });
    await page.keyboard.press('Control+End');
    await expect.poll(activeRow).toBe('201');
    await page.keyboard.press('Control+Home');
    await expect.poll(activeRow).toBe('2');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: t('event.tab.fields') }).waitFor();
    await tabTo(page, t('event.tab.fields'));
    await page.keyboard.press('End');
    await page.getByText(t('proof.verified')).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(t('proof.verified')).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
    expect({ troubles, breaches: world.breaches }).toEqual({ troubles: [], breaches: [] });
    await context.close();
  });

});

describe('work with the keyboard alone', () => {
  it('reviews, signs off and makes a pack', async () => {
    const world = mock.reset();
    const { page, context, troubles } = await openPage(browser, desk, mock.url);
    const story = new Story(page, 'ja');
    const { t } = story;
    await story.arrive();
    await story.signIn('sato', passwords.officer);
    await story.heading('home.title').waitFor();
    await tabTo(page, t('nav.reviews'));
    await page.keyboard.press('Enter');
    await story.heading('reviews.title').waitFor();
    await tabTo(page, t('review.start'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: t('review.conclude') }).waitFor();
    const points = await page.getByRole('group', { name: t('review.look') }).getByRole('checkbox').count();
    expect(points).toBeGreaterThan(0);
    for (let left = points; left > 0; left--) await tickNext(page);
    await tabTo(page, t('review.nothing'));
    await page.keyboard.press('Space');
    await tabTo(page, t('review.signOff'));
    await page.keyboard.press('Enter');
    await tabTo(page, t('review.confirmAction'));
    await page.keyboard.press('Enter');
    await story.heading('reviews.title').waitFor();
    expect(world.reviews.map((review) => review.conclusion)).toEqual(['nothing_found']);

    await page.evaluate(() => { (document.activeElement as HTMLElement).blur(); });
    await tabTo(page, t('nav.packs'));
    await page.keyboard.press('Enter');
    await story.heading('packs.title').waitFor();
    await tabTo(page, t('packs.make'));
    await page.keyboard.press('Enter');
    await tabTo(page, t('packs.all'));
    await page.keyboard.press('Enter');
    await tabTo(page, t('packs.makeAction'));
    await page.keyboard.press('Enter');
    await page.getByText(t('packs.done')).waitFor();
    const downloading = page.waitForEvent('download');
    await tabTo(page, t('packs.download'));
    await page.keyboard.press('Enter');
    expect((await downloading).suggestedFilename()).toBe('daicho-pack.zip');
    expect({ troubles, breaches: world.breaches }).toEqual({ troubles: [], breaches: [] });
    await context.close();
  });

});

describe('the drawer', () => {
  it('of a narrow screen opens, closes and is out of the way while closed', async () => {
    mock.reset();
    const { page, context, troubles } = await openPage(browser, phone, mock.url);
    const story = new Story(page, 'ja');
    await story.arrive();
    await story.signIn('sato', passwords.officer);
    await story.heading('home.title').waitFor();
    const link = page.getByRole('navigation', { name: story.t('nav.label') }).getByRole('link', { name: story.t('nav.people') });
    expect(await link.isVisible()).toBe(false);
    await page.getByRole('button', { name: story.t('nav.menu') }).focus();
    await page.keyboard.press('Enter');
    await link.waitFor();
    await page.keyboard.press('Escape');
    await link.waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-expanded'))).toBe('false');
    expect(troubles).toEqual([]);
    await context.close();
  });
});

describe('the grid', () => {
  it('keeps few rows in the document, loads more at the end, and copies neutralised cells', async () => {
    mock.reset();
    const { page, context, troubles } = await openPage(browser, desk, mock.url);
    const story = new Story(page, 'ja');
    await story.arrive();
    await story.signIn('sato', passwords.officer);
    await story.searchAndOpen('');
    await page.keyboard.press('Escape');
    const grid = story.grid('search.results');
    await grid.focus();
    for (let pages = 0; pages < 4; pages++) {
      await page.keyboard.press('Control+End');
      await page.waitForTimeout(300);
    }
    expect(await page.getByText('640件', { exact: false }).count()).toBeGreaterThan(0);
    expect(await grid.getAttribute('aria-rowcount')).toBe('641');
    expect(await grid.getByRole('row').count()).toBeLessThan(60);
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+c');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.split('\r\n')).toHaveLength(2);
    expect(copied).toContain('Failed password for root');
    expect(troubles).toEqual([]);
    await context.close();
  });
});
