import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desk, launch, openPage, phone } from './browser';
import { startMock, type Mock } from './mock/server';
import { passwords } from './mock/world';
import { Story } from './story';

// The story a new organisation lives through, from the one-time password to the pack.

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

const quiet = () => ({ troubles: [], breaches: [] });

for (const language of ['ja', 'en'] as const) {
  for (const [name, screen] of [['desk', desk], ['phone', phone]] as const) {
    describe(`the story on a ${name} in ${language}`, () => {
      it('leads from the one-time password over search and review to a pack', async () => {
        const world = mock.reset();
        const { page, context, troubles } = await openPage(browser, screen, mock.url);
        const story = new Story(page, language);
        const { t } = story;

        await story.arrive();
        await story.signIn('kanri', 'nothing like it');
        await page.getByText(story.language === 'ja' ? 'サインインできませんでした。' : 'You could not be signed in.').waitFor();
        await story.signIn('kanri', passwords.initial);
        await story.changeFirstPassword(passwords.initial, 'a common password 77');
        await page.getByText(language === 'ja' ? 'よく使われる言葉なので使えません。' : 'It is a common word.').waitFor();
        await story.changeFirstPassword(passwords.initial, passwords.own);
        await page.getByRole('banner').waitFor();
        await story.speak();
        await story.heading('home.title').waitFor();

        await story.go('nav.sources', 'sources.title');
        await story.grid('sources.title').getByRole('row').nth(1).getByRole('gridcell').first().click();
        await story.field('source.name', story.dialog()).fill('予備の機器');
        await story.field('source.kind', story.dialog()).selectOption({ label: t('source.kind.network_device') });
        await story.button('source.registerAction', story.dialog()).click();
        await story.grid('sources.title').getByText('予備の機器').waitFor();
        await story.setExportTarget('/mnt/write-once');
        await story.exportNow();
        await story.signOff();

        await story.arrive();
        await story.signIn('sato', passwords.officer);
        await page.getByRole('banner').waitFor();
        await story.speak();
        await story.searchAndOpen('Failed');
        // A browser that completes forms keeps what was typed into them.
        expect(await page.locator('form.d-search').getAttribute('autocomplete')).toBe('off');
        await story.seeBytesAndProof();
        const downloading = page.waitForEvent('download');
        await story.button('proof.download').click();
        expect((await downloading).suggestedFilename()).toBe('event-48213.tlog-proof');
        if (screen === phone) await story.button('dialog.close').click();

        await story.openClause('002-4-2a');
        await page.getByText(t('state.insufficient')).first().waitFor();
        await story.performReview('外部からの総当たり。遮断を依頼した。');
        expect(world.reviews[0]?.findings[0]?.text).toContain('遮断を依頼した');
        await story.openClause('002-4-2a');
        await page.getByText(t('state.conformant')).first().waitFor();
        await page.getByRole('link', { name: story.pattern('clause.seq') }).first().click();
        await page.getByRole('tab', { name: t('event.tab.proof') }).waitFor();
        expect(await story.makePack()).toBe('daicho-pack.zip');
        await page.getByText(`daicho-verify ${world.packs[0]?.file_name ?? 'nothing'}`, { exact: true }).waitFor();
        await story.signOff();
        expect({ troubles, breaches: world.breaches }).toEqual(quiet());
        await context.close();
      });
    });
  }
}

describe('the status as of a day', () => {
  it('is that of the day, says so, and keeps to it in the details', async () => {
    const world = mock.reset();
    const { page, context, troubles } = await openPage(browser, desk, mock.url);
    const story = new Story(page, 'ja');
    await story.arrive();
    await story.signIn('sato', passwords.officer);
    await story.performReview('確認した。');
    await story.go('nav.compliance', 'compliance.title');
    await story.field('asof.label').fill('令和8年11月1日');
    await story.button('asof.show').click();
    await page.getByText(story.t('asof.past')).waitFor();
    await page.emulateMedia({ media: 'print' });
    await page.getByText(story.t('asof.past')).waitFor();
    await page.emulateMedia({ media: null });
    expect(new URL(page.url()).search).toBe('?as_of=2026-11-01');
    await page.getByRole('link', { name: 'アクセス記録の点検' }).click();
    await page.getByText(story.t('clause.noEvidence')).waitFor();
    expect({ troubles, breaches: world.breaches }).toEqual(quiet());
    await context.close();
  });
});
