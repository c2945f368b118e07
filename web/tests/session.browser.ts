import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { desk, launch, openPage, type Watched } from './browser';
import { startMock, type Mock } from './mock/server';
import { passwords } from './mock/world';
import { Story } from './story';

// What happens when the session, the connection or the state behind the page goes away.

let mock: Mock;
let browser: Browser;
let watched: Watched;
let story: Story;

beforeAll(async () => {
  mock = await startMock(Number(process.env['MOCK_PORT'] ?? '0'));
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await mock.close();
});

beforeEach(async () => {
  mock.reset();
  watched = await openPage(browser, desk, mock.url);
  story = new Story(watched.page, 'ja');
  await story.arrive();
  await story.signIn('sato', passwords.officer);
  await story.heading('home.title').waitFor();
  return async () => {
    expect({ troubles: watched.troubles, breaches: mock.world.breaches }).toEqual({ troubles: [], breaches: [] });
    await watched.context.close();
  };
});

const findingBox = () => watched.page.locator('textarea[name=note-sign_ins]');

async function openReview(): Promise<void> {
  await story.go('nav.reviews', 'reviews.title');
  await watched.page.getByRole('link', { name: story.t('review.start') }).first().click();
  await findingBox().waitFor();
}

async function startWriting(): Promise<void> {
  await openReview();
  await findingBox().fill('書きかけの所見');
  await story.answerPoints();
}

describe('the session', () => {
  it('warns in its last minute and goes on when asked', async () => {
    // What the page asked for while it opened must not be answered after the idle time was shortened.
    await watched.page.waitForLoadState('networkidle');
    mock.world.leaveSeconds(50);
    await watched.page.reload();
    await watched.page.getByText(story.t('session.warning')).waitFor({ timeout: 40_000 });
    const asked = Date.now();
    await story.button('session.goOn').click();
    await watched.page.getByText(story.t('session.warning')).waitFor({ state: 'detached' });
    expect([...mock.world.sessions.values()].map((session) => session.countedMs >= asked)).toEqual([true]);
  });

  it('hides the page when cut and gives everything typed back after signing in again', async () => {
    await startWriting();
    mock.world.leaveSeconds(-1);
    await watched.page.getByRole('radio', { name: story.t('review.findings') }).check();
    await story.button('review.signOff').click();
    await story.button('review.confirmAction').click();
    await watched.page.getByRole('heading', { name: story.t('session.expired') }).waitFor();
    expect(await findingBox().isVisible()).toBe(false);
    await watched.page.keyboard.press('Escape');
    expect(await watched.page.locator('dialog.d-again').isVisible()).toBe(true);
    await watched.page.locator('dialog.d-again input[type=password]').fill(passwords.officer);
    await story.button('signin.action').click();
    await watched.page.locator('dialog.d-again').waitFor({ state: 'detached' });
    await story.button('review.confirmAction').click();
    await story.heading('reviews.title').waitFor();
    expect(mock.world.reviews[0]?.findings[0]?.text).toContain('書きかけの所見');
  });

  it('keeps what is typed while other pages are visited', async () => {
    await startWriting();
    await story.go('nav.ledger', 'ledger.title');
    await watched.page.goBack();
    await findingBox().waitFor();
    expect(await findingBox().inputValue()).toBe('書きかけの所見');
  });

  it('leaves nothing behind after signing off', async () => {
    await startWriting();
    const stored = await watched.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(stored).not.toContain('所見');
    await story.signOff();
    await story.signIn('sato', passwords.officer);
    await openReview();
    expect(await findingBox().inputValue()).toBe('');
  });
});

describe('the connection', () => {
  it('is told to be lost, tried again, and the page goes on', async () => {
    mock.world.down = true;
    await story.go('nav.ledger', 'ledger.title').catch(() => undefined);
    await watched.page.getByText(story.t('connection.lost')).waitFor();
    mock.world.down = false;
    await story.button('retry').first().click();
    await watched.page.getByText(story.t('connection.lost')).waitFor({ state: 'detached' });
    await watched.page.getByRole('heading', { name: story.t('ledger.head') }).waitFor();
  });
});

describe('a summary that changed', () => {
  it('is not signed off, and the finding is kept', async () => {
    await startWriting();
    mock.world.changeSummaryOnce = true;
    await watched.page.getByRole('radio', { name: story.t('review.findings') }).check();
    await story.button('review.signOff').click();
    await story.button('review.confirmAction').click();
    await watched.page.getByText('表示したあとに、この範囲の集計が変わりました。').waitFor();
    await story.button('review.reload').click();
    expect(mock.world.reviews).toHaveLength(0);
    expect(await findingBox().inputValue()).toBe('書きかけの所見');
  });
});
