import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { accessibilityFindings, desk, launch, openPage } from './browser';
import { startMock, type Mock } from './mock/server';
import { passwords } from './mock/world';
import { Story } from './story';

// The watch itself is watched: a breach must be seen, or its absence elsewhere would mean nothing.

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

describe('the watch', () => {
  it('notes an inline style, an inline script and a foreign address', async () => {
    mock.reset();
    const { page, context, troubles } = await openPage(browser, desk, mock.url);
    await new Story(page, 'ja').arrive();
    await page.evaluate(async () => {
      document.body.insertAdjacentHTML('beforeend', '<p style="color: red">x</p>');
      const script = document.createElement('script');
      script.textContent = 'window.foreign = 1';
      document.body.append(script);
      await fetch('https://example.invalid/').catch(() => undefined);
    });
    await expect.poll(() => ['style-src', 'script-src', 'connect-src'].filter((d) => troubles.some((t) => t.startsWith(`policy: ${d}`)))).toHaveLength(3);
    expect(await page.evaluate(() => 'foreign' in window)).toBe(false);
    await context.close();
  });
  it('finds a field without a name', async () => {
    mock.reset();
    const { page, context } = await openPage(browser, desk, mock.url);
    await new Story(page, 'ja').arrive();
    await page.evaluate(() => { document.querySelector('main')?.append(document.createElement('input')); });
    expect((await accessibilityFindings(page)).join()).toContain('label');
    await context.close();
  });
  it('complains about an answer that openapi.yaml does not describe', async () => {
    const world = mock.reset();
    world.sources = [{ ...world.sources[0], events_total: 12 } as unknown as (typeof world.sources)[number]];
    const { page, context } = await openPage(browser, desk, mock.url);
    const story = new Story(page, 'ja');
    await story.arrive();
    await story.signIn('sato', passwords.officer);
    await story.heading('home.title').waitFor();
    await page.evaluate(() => fetch('/api/v1/sources'));
    expect(world.breaches.join()).toContain('events_total');
    await context.close();
  });
});

describe('print', () => {
  it('puts every loaded row of a grid on A4 and leaves the frame away', async () => {
    const world = mock.reset();
    const { page, context, troubles } = await openPage(browser, desk, mock.url);
    const story = new Story(page, 'ja');
    await story.arrive();
    await story.signIn('sato', passwords.officer);
    await story.searchAndOpen('Accepted');
    await page.keyboard.press('Escape');
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('[role=grid] tbody tr[aria-rowindex]').count()).toBe(200);
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    // A4 in points, as the page box of the document says.
    expect(pdf.toString('latin1')).toMatch(/MediaBox\s*\[\s*0 0 59[45](\.\d+)? 84[12](\.\d+)?\s*\]/);
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect.poll(() => page.locator('[role=grid] tbody tr[aria-rowindex]').count()).toBeLessThan(60);
    expect({ troubles, breaches: world.breaches }).toEqual({ troubles: [], breaches: [] });
    await context.close();
  });
});
