import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Download, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { desk, launch, openPage, phone, type Language, type Screen, type Watched } from '../browser';
import { Story } from '../story';
import { Daicho } from './daicho';
import { attacker, attempts, freshLines, guessed, weekOfLines } from './lines';
import { lookAsAdministrator, lookAtDetails } from './places';
import { keepPicture, menu, Tour } from './tour';

// A first week over the real program: what a person sees is checked against what the command line says.

const organisation = '見本労務事務所';
const chosen = { admin: 'Kaze-no-tani 2026 shizuka', officer: 'Yama-no-oto 1954 tooku', member: 'Umi-no-iro 1987 fukai' } as const;
const finding = '外部からの総当たり。送信元の遮断を依頼した。';
/** What review, export, retention and delegation prove on the first day; the others need sources of their own kind. */
const provenOnTheFirstDay = ['002-4-2a', '003-01-4.5-9a', '003-01-4.5-9c', '003-01-4.5-10a', '003-01-4.5-10b'] as const;

const daicho = new Daicho();
const line = weekOfLines(Date.now());
const issued: Record<'admin' | 'officer' | 'member', string> = { admin: '', officer: '', member: '' };
let browser: Browser;
let before: Readonly<Record<string, string>>;
let watched: Watched;
let story: Story;
const opened: Watched[] = [];

beforeAll(async () => {
  issued.admin = await daicho.init(organisation);
  const log = daicho.write('auth.log', `${line.join('\n')}\n`);
  await daicho.command('ledger', 'import', daicho.data, '--source', 'old', log);
  before = await daicho.status();
  await daicho.serve();
  browser = await launch();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await daicho.stop();
  daicho.remove();
});

// What the page showed when a step failed says more than the step.
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail' && !watched.page.isClosed()) await keepPicture(watched.page, 'failed');
});

async function open(screen: Screen = desk, language: Language = 'ja'): Promise<void> {
  watched = await openPage(browser, screen, daicho.url);
  opened.push(watched);
  story = new Story(watched.page, language);
  await story.arrive();
}

async function enter(login: keyof typeof chosen): Promise<void> {
  await open();
  await story.signIn(login, chosen[login]);
  await story.heading('home.title').waitFor();
}

async function firstEntry(login: keyof typeof chosen): Promise<void> {
  await open();
  await story.signIn(login, issued[login]);
  await story.changeFirstPassword(issued[login], chosen[login]);
  await story.heading('home.title').waitFor();
}

async function leave(): Promise<void> {
  await story.signOff();
  await watched.context.close();
}

async function saved(download: Promise<Download>, name: string): Promise<string> {
  const path = join(daicho.folder, name);
  await (await download).saveAs(path);
  return path;
}

/** The count that the table of the whole shows for a state. */
async function countOf(state: string): Promise<number> {
  const row = watched.page.getByRole('row').filter({ has: watched.page.getByRole('rowheader', { name: state, exact: true }) }).first();
  return Number(await row.getByRole('cell').first().innerText());
}

function tally(states: Readonly<Record<string, string>>, state: string): number {
  return Object.values(states).filter((one) => one === state).length;
}

function flipped(path: string, at: number): Uint8Array {
  const bytes = new Uint8Array(readFileSync(path));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

describe('the first day', () => {
  it('begins with the one-time password and a new one', async () => {
    await open();
    await story.signIn('admin', 'nothing like it');
    await watched.page.getByText(story.t('signin.next')).waitFor();
    await story.signIn('admin', issued.admin);
    await story.changeFirstPassword(issued.admin, issued.admin);
    await watched.page.getByText('以前に使ったパスワードは使えません。').waitFor();
    await story.changeFirstPassword(issued.admin, chosen.admin);
    await story.heading('home.title').waitFor();
  });

  it('shows on ホーム what is missing, as the command line counts it', async () => {
    const { page } = watched;
    await page.getByRole('heading', { name: story.t('home.missing') }).waitFor();
    expect(await countOf(story.t('state.insufficient'))).toBe(tally(before, 'insufficient'));
    expect(await countOf(story.t('state.conformant'))).toBe(tally(before, 'conformant'));
    expect(tally(before, 'insufficient')).toBeGreaterThan(5);
    await keepPicture(page, 'home-ja', false);
    const missing = page.getByRole('region', { name: story.t('home.missing') });
    expect(await missing.getByRole('listitem').count()).toBeGreaterThan(3);
    await missing.getByRole('link', { name: '003-01-4.5-9a' }).first().waitFor();
  });

  it('is told in English by one switch, and stays so after loading again', async () => {
    const english = new Story(watched.page, 'en');
    await english.speak();
    await english.heading('home.title').waitFor();
    await watched.page.getByRole('heading', { name: english.t('home.missing') }).waitFor();
    await watched.page.reload();
    await english.heading('home.title').waitFor();
    await story.speak();
    await story.heading('home.title').waitFor();
  });

  it('keeps the administrator from reading logs', async () => {
    const { page } = watched;
    expect(await page.getByRole('link', { name: story.t('nav.search'), exact: true }).count()).toBe(0);
    await page.goto('/logs/search');
    await page.getByText(story.t('forbidden.logs')).waitFor();
    const answer = await page.evaluate(async () => {
      const { csrf_token: token } = await (await fetch('/api/v1/session')).json() as { csrf_token: string };
      const headers = { 'Content-Type': 'application/json', 'X-Daicho-CSRF': token };
      const body = JSON.stringify({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' });
      return (await fetch('/api/v1/events/search', { method: 'POST', headers, body })).status;
    });
    expect(answer).toBe(403);
  });
});

async function addPerson(login: 'officer' | 'member', name: string, role: 'role.security_officer' | 'role.member'): Promise<void> {
  await story.go('nav.people', 'people.title');
  await story.button('people.add').click();
  await story.field('signin.login', story.dialog()).fill(login);
  await story.field('person.name', story.dialog()).fill(name);
  await story.dialog().getByRole('checkbox', { name: story.t(role), exact: true }).check();
  await story.button('people.addAction', story.dialog()).click();
  const shown = story.dialog().getByLabel(story.t('issued.password'));
  await shown.waitFor();
  issued[login] = (await shown.innerText()).trim();
  expect(issued[login]).toMatch(/^[0-9A-Z-]{15,}$/);
  await story.button('dialog.close', story.dialog()).click();
  await story.grid('people.title').getByText(name).waitFor();
}

describe('the administrator', () => {
  it('makes accounts with one-time passwords', async () => {
    await addPerson('officer', '監査 花子', 'role.security_officer');
    await addPerson('member', '受付 一郎', 'role.member');
  });

  it('sees an unknown sender arrive and registers it, and the imported file', async () => {
    await daicho.send(freshLines(Date.now()));
    const grid = story.grid('sources.title');
    await expect.poll(async () => {
      await story.go('nav.sources', 'sources.title');
      return grid.getByText('tcp:127.0.0.1').count();
    }, { timeout: 20_000 }).toBeGreaterThan(0);
    await watched.page.getByText(story.pattern('sources.unregistered')).waitFor();
    for (const [id, name] of [['tcp:127.0.0.1', '受付サーバ'], ['import:old', '以前の記録']] as const) {
      await grid.getByRole('row').filter({ hasText: id }).getByRole('gridcell').first().click();
      await story.field('source.name', story.dialog()).fill(name);
      await story.field('source.kind', story.dialog()).selectOption({ label: story.t('source.kind.server') });
      if (id.startsWith('tcp:')) await story.dialog().getByRole('checkbox', { name: story.t('source.flag.published') }).check();
      await story.button('source.registerAction', story.dialog()).click();
      await story.dialog().waitFor({ state: 'detached' });
      await grid.getByText(name).waitFor();
    }
    expect(await watched.page.getByText(story.pattern('sources.unregistered')).count()).toBe(0);
  });

  it('sets where exports go; a place inside the data is refused', async () => {
    const { page } = watched;
    await story.go('nav.exports', 'exports.title');
    await story.button('exports.set').click();
    await story.field('exports.directory', story.dialog()).fill(join(daicho.data, 'ledger'));
    await story.button('save', story.dialog()).click();
    await story.dialog().getByText('がデータと同じ装置にあります。').waitFor();
    await story.field('exports.directory', story.dialog()).fill(daicho.medium);
    await story.button('save', story.dialog()).click();
    await story.dialog().waitFor({ state: 'detached' });
    await page.getByText(daicho.medium).waitFor();
    expect(await page.getByText(story.t('exports.sameVolume')).count()).toBe(0);
    await leave();
  });
});

describe('reading logs', () => {
  it('is lent to a member by a recorded delegation, and only then', async () => {
    await firstEntry('member');
    expect(await watched.page.getByRole('link', { name: story.t('nav.search'), exact: true }).count()).toBe(0);
    await leave();

    await firstEntry('officer');
    await story.go('nav.delegations', 'delegations.title');
    await story.button('delegations.grant').click();
    await story.field('delegation.to', story.dialog()).selectOption({ label: '受付 一郎 (member)' });
    await story.field('delegation.reason', story.dialog()).selectOption({ label: story.t('delegation.reason.absence') });
    await story.button('delegations.grantAction', story.dialog()).click();
    await story.grid('delegations.title').getByText('受付 一郎').waitFor();
    await leave();

    await enter('member');
    await story.go('nav.search', 'search.title');
    await story.button('search.action').click();
    await story.grid('search.results').getByRole('row').nth(1).waitFor();
    await leave();
  });
});

/** On a page without an earlier search: what it shows afterwards can only be the answer to this one. */
async function search(terms: Readonly<Partial<Record<'user' | 'address' | 'text', string>>>, outcome: '' | 'success' | 'failure' = ''): Promise<Locator> {
  // Going to where one is already is a reload, and keeps the search.
  await watched.page.goto('/');
  await story.heading('home.title').waitFor();
  await watched.page.goto('/logs/search');
  await watched.page.getByText(story.t('search.start')).waitFor();
  await story.button('search.preset.month').click();
  for (const name of ['user', 'address', 'text'] as const) await watched.page.locator(`.d-search input[name=${name}]`).fill(terms[name] ?? '');
  await watched.page.locator('.d-search select[name=outcome]').selectOption(outcome);
  await story.button('search.action').click();
  const grid = story.grid('search.results');
  await grid.or(watched.page.getByText(story.t('search.nothing'))).first().waitFor();
  return grid;
}

/** Rows the grid says it has, without its heading. */
async function hits(grid: Locator): Promise<number> {
  return (await grid.count()) === 0 ? 0 : Number(await grid.getAttribute('aria-rowcount')) - 1;
}

describe('the security officer', () => {
  it('finds by user, address, outcome, text and time exactly what was sent', async () => {
    await enter('officer');
    expect(await hits(await search({ user: guessed }, 'failure'))).toBe(attempts);
    expect(await hits(await search({ user: guessed }, 'success'))).toBe(0);
    expect(await hits(await search({ address: attacker }))).toBe(attempts);
    expect(await hits(await search({ address: '192.0.2.10', text: 'Accepted' }))).toBe(7);
    expect(await hits(await search({ text: '"not markup"' }))).toBe(1);
    await story.button('search.preset.yesterday').click();
    await story.button('search.action').click();
    await watched.page.getByText(story.t('search.nothing')).waitFor();
  });

  it('opens an event, sees its exact bytes, and a stranger can check its proof', async () => {
    const { page } = watched;
    const grid = await search({ user: guessed }, 'failure');
    await grid.getByRole('row').nth(1).getByRole('gridcell').first().click();
    await page.getByRole('tab', { name: story.t('event.tab.bytes') }).click();
    const sent = line.filter((one) => one.includes('Failed password')).at(-1) ?? '';
    await expect.poll(() => page.locator('pre.d-raw').first().innerText()).toBe(sent);
    expect(await page.getByLabel(story.t('event.hex')).innerText()).toContain(Buffer.from(sent.slice(0, 4)).toString('hex').match(/../g)?.join(' '));
    await page.getByRole('tab', { name: story.t('event.tab.proof') }).click();
    await page.getByText(story.t('proof.verified')).waitFor({ timeout: 20_000 });
    const path = await saved(Promise.all([page.waitForEvent('download'), story.button('proof.download').click()]).then(([download]) => download), 'event.tlog-proof');
    const good = await daicho.verify(path);
    expect(good, good.text).toMatchObject({ code: 0 });
    const bad = await daicho.verify(daicho.write('changed.tlog-proof', flipped(path, readFileSync(path, 'utf8').indexOf('\n', 200) - 8)));
    expect(bad.code, bad.text).not.toBe(0);
  });

  it('reviews the week and signs it off with a finding', async () => {
    const { page } = watched;
    await story.go('nav.reviews', 'reviews.title');
    await page.getByRole('link', { name: story.t('review.start') }).first().click();
    const signIns = page.getByRole('region', { name: story.t('review.section.sign_ins') });
    const row = signIns.getByRole('row').filter({ hasText: guessed });
    await row.first().waitFor();
    expect(await row.first().innerText()).toContain(String(attempts));
    // The administrator's failed sign-in of the first step, by name.
    await signIns.getByRole('gridcell', { name: 'admin (account:1)' }).first().waitFor();
    await story.button('review.signOff').click();
    await page.getByText(story.t('review.refusal.points')).waitFor();
    await page.locator('textarea[name=note-sign_ins]').fill(finding);
    await signIns.scrollIntoViewIfNeeded();
    await keepPicture(page, 'review-ja', false);
    await story.answerPoints();
    await page.getByRole('radio', { name: story.t('review.findings') }).check();
    await story.button('review.signOff').click();
    await story.dialog().getByText(story.pattern('review.rangeText')).waitFor();
    await story.button('review.confirmAction').click();
    await story.heading('reviews.title').waitFor();
    await story.grid('reviews.history').getByRole('row').nth(1).getByRole('gridcell').first().click();
    await story.dialog().getByText(finding).waitFor();
    await story.button('dialog.close', story.dialog()).click();
  });

});

describe('the proof', () => {
  it('exports to the other volume', async () => {
    await story.exportNow();
    await story.grid('exports.history').getByText(story.t('exports.readOk')).first().waitFor();
  });

  it('sees 遵守状況 turn 適合 where it is proven, and 証跡不足 as of yesterday', async () => {
    const { page } = watched;
    await story.go('nav.compliance', 'compliance.title');
    const stateOf = (title: string) => page.getByRole('row').filter({ has: page.locator(`a[href*="id=${title}"]`) });
    for (const id of provenOnTheFirstDay) await stateOf(id).getByText(story.t('state.conformant')).waitFor();
    await stateOf('003-01-4.5-9b').getByText(story.t('state.conformant')).waitFor({ state: 'detached' });
    const now = Date.now() - 86_400_000;
    const yesterday = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(now);
    await story.field('asof.label').fill(yesterday);
    await story.button('asof.show').click();
    await page.getByText(story.t('asof.past')).waitFor();
    await expect.poll(() => countOf(story.t('state.insufficient'))).toBe(Object.keys(before).length);
    await page.locator('a[href*="id=002-4-2a"]').first().click();
    await page.getByText(story.t('clause.noEvidence')).first().waitFor();
  });

  it('hands out a pack that verifies, and not when one byte differs', async () => {
    const { page } = watched;
    await story.go('nav.packs', 'packs.title');
    await story.button('packs.make').click();
    await story.button('packs.all', story.dialog()).click();
    await story.button('packs.makeAction', story.dialog()).click();
    await page.getByText(story.t('packs.done')).waitFor({ timeout: 60_000 });
    const download = Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: story.t('packs.download') }).first().click()]);
    const path = await saved(download.then(([one]) => one), 'pack.zip');
    const good = await daicho.verify(path);
    expect(good, good.text).toMatchObject({ code: 0 });
    const bad = await daicho.verify(daicho.write('changed.zip', flipped(path, readFileSync(path).length >> 1)));
    expect(bad.code, bad.text).not.toBe(0);
    await leave();
  });
});

describe('every page', () => {
  for (const language of ['ja', 'en'] as const) {
    for (const [name, screen] of [['desk', desk], ['phone', phone]] as const) {
      it(`is clean and whole on a ${name} in ${language}`, async () => {
        await open(screen, language);
        const tour = new Tour(watched.page, language, `${name}-${language}`);
        await tour.look('door');
        await story.signIn('officer', chosen.officer);
        await watched.page.getByRole('banner').waitFor();
        await story.speak();
        for (const [entry, title] of menu) {
          await story.go(entry, title);
          await tour.look(title);
        }
        await lookAtDetails(story, tour);
        await leave();
        await open(screen, language);
        tour.page = watched.page;
        await story.signIn('admin', chosen.admin);
        await watched.page.getByRole('banner').waitFor();
        await story.speak();
        await lookAsAdministrator(story, tour);
        await leave();
        expect(tour.findings).toEqual([]);
      });
    }
  }
});

describe('afterwards', () => {
  it('nothing was refused by the policy and nothing was logged as an error', () => {
    expect(opened.flatMap((one) => one.troubles)).toEqual([]);
  });

  it('the command line says the same as the pages did', async () => {
    expect(await daicho.stop()).toBe(0);
    const after = await daicho.status();
    for (const id of provenOnTheFirstDay) expect(after[id], id).toBe('conformant');
    const yesterday = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(Date.now() - 86_400_000);
    expect(new Set(Object.values(await daicho.status('--as-of', yesterday)))).toEqual(new Set(['insufficient']));
    const deep = await daicho.verify(daicho.data, '--deep', '--keys', `${daicho.data}.keys`);
    expect(deep, deep.text).toMatchObject({ code: 0 });
  });
});
