import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFindings, desk, launch, openPage, phone, type Watched } from './browser';
import { makeDisposal } from './mock/retention';
import { startMock, type Mock } from './mock/server';
import { passwords, type World } from './mock/world';
import { Story } from './story';

// The end of retention on the screen: one person applies, another decides, and both read before what goes and what stays.

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

async function atRetention(prepare: (world: World) => void, language: 'ja' | 'en' = 'ja', screen = desk): Promise<{ watched: Watched; story: Story; world: World }> {
  const world = mock.reset();
  prepare(world);
  const watched = await openPage(browser, screen, mock.url);
  const story = new Story(watched.page, language);
  await story.arrive();
  await story.signIn('sato', passwords.officer);
  await watched.page.getByRole('banner').waitFor();
  await story.speak();
  await story.go('nav.retention', 'retention.title');
  await watched.page.locator('.d-skeleton').first().waitFor({ state: 'detached' });
  return { watched, story, world };
}

async function finish({ watched, world }: { watched: Watched; world: World }): Promise<void> {
  expect({ troubles: watched.troubles, breaches: world.breaches }).toEqual({ troubles: [], breaches: [] });
  await watched.context.close();
}

describe('retention', () => {
  it('one person applies for the days up to the one chosen and cannot approve that', async () => {
    const all = await atRetention(() => undefined);
    const { story, watched: { page }, world } = all;
    await story.button('retention.apply').click();
    await page.getByText(story.pattern('retention.goesText')).waitFor();
    await page.getByText(story.t('retention.copies')).waitFor();
    await story.field('retention.through', story.dialog()).selectOption('2023-11-17');
    await story.field('retention.reason', story.dialog()).fill('保存期間の満了');
    await story.button('retention.applyAction').click();
    await story.dialog().waitFor({ state: 'detached' });
    expect(world.disposals.map((d) => [d.days.map((day) => day.day), d.state, d.reason])).toEqual([[['2023-11-17'], 'requested', '保存期間の満了']]);
    await page.getByText(story.t('retention.applied')).waitFor();
    await story.button('disposal.open').click();
    await page.getByText(story.t('disposal.own')).waitFor();
    expect(await story.button('disposal.approve').count()).toBe(0);
    await story.button('disposal.withdraw').click();
    await story.dialog().waitFor({ state: 'detached' });
    expect(world.disposals[0]?.state).toBe('withdrawn');
    await finish(all);
  });
  it('another approves what is shown, and the outcome leads to its proof', async () => {
    const all = await atRetention((world) => { world.disposals.push(makeDisposal(world, { id: '1', name: '管理 太郎' }, ['2023-11-17'], '満了')); });
    const { story, watched: { page }, world } = all;
    await story.button('disposal.open').click();
    const approve = story.button('disposal.approve', story.dialog());
    expect(await approve.isDisabled()).toBe(true);
    await story.dialog().getByRole('radio', { name: story.t('disposal.approve') }).check();
    await approve.click();
    await story.dialog().waitFor({ state: 'detached' });
    expect(world.disposals[0]).toMatchObject({ state: 'done', decided_by: { id: '2' } });
    await story.button('disposal.open').click();
    const leaf = story.dialog().getByRole('link', { name: story.pattern('clause.leaf') });
    expect(await leaf.getAttribute('href')).toBe('/audit/leaves/312');
    await page.getByText(story.t('retention.staysText')).waitFor();
    await finish(all);
  });
});

describe('retention, when it is not agreed', () => {
  it('sending back needs a reason, and a period below the demand is refused with its words', async () => {
    const all = await atRetention((world) => { world.disposals.push(makeDisposal(world, { id: '1', name: '管理 太郎' }, ['2023-11-17'], '満了')); }, 'en');
    const { story, watched: { page }, world } = all;
    await story.button('disposal.open').click();
    await story.dialog().getByRole('radio', { name: story.t('disposal.reject') }).check();
    const reject = story.button('disposal.reject', story.dialog());
    expect(await reject.isDisabled()).toBe(true);
    await story.field('disposal.note', story.dialog()).fill('Keep it for the lawsuit.');
    await reject.click();
    await story.dialog().waitFor({ state: 'detached' });
    expect(world.disposals[0]).toMatchObject({ state: 'rejected', note: 'Keep it for the lawsuit.' });
    await page.getByRole('region', { name: 'Logs' }).getByRole('button', { name: story.t('retention.change') }).click();
    await story.field('retention.length', story.dialog()).fill('2');
    await story.button('save', story.dialog()).click();
    await story.dialog().getByText(/regulations demand/).last().waitFor();
    expect(world.logPeriod).toBe('P3Y');
    await story.field('retention.length', story.dialog()).fill('5');
    await story.button('save', story.dialog()).click();
    await story.dialog().waitFor({ state: 'detached' });
    expect(world.logPeriod).toBe('P5Y');
    await finish(all);
  });
});

describe('the page of retention', () => {
  for (const [name, screen] of [['desk', desk], ['phone', phone]] as const) {
    it(`is clean on a ${name}, page and dialogs`, async () => {
      const all = await atRetention((world) => { world.disposals.push(makeDisposal(world, { id: '1', name: '管理 太郎' }, ['2023-11-17'], '満了')); }, 'ja', screen);
      const { story, watched: { page } } = all;
      const findings = [...await accessibilityFindings(page)];
      await story.button('retention.apply').click();
      findings.push(...await accessibilityFindings(page));
      await page.keyboard.press('Escape');
      await story.dialog().waitFor({ state: 'detached' });
      await story.button('disposal.open').click();
      await story.dialog().waitFor();
      findings.push(...await accessibilityFindings(page));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/retention-dialog-${name}.png`, fullPage: true });
      await page.keyboard.press('Escape');
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/retention-${name}.png`, fullPage: true });
      expect({ findings, wide }).toEqual({ findings: [], wide: 0 });
      await finish(all);
    });
  }
});
