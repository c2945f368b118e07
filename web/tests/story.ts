import type { Locator, Page } from 'playwright-core';
import { ui, type UiKey } from '../src/text/catalogues';
import type { Language } from './browser';

// What a person does, in words of the message catalogues. Nothing here knows which server answers: give it any page
// whose base URL leads to daicho.

export function words(language: Language): (key: UiKey) => string {
  return (key) => ui[language][key];
}

/** A message with holes, as a pattern. */
function pattern(message: string): RegExp {
  const parts = message.split(/\{[^{}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*'));
}

export class Story {
  readonly t: (key: UiKey) => string;

  constructor(readonly page: Page, readonly language: Language) {
    this.t = words(language);
  }

  heading(key: UiKey): Locator {
    return this.page.getByRole('heading', { name: this.t(key), level: 1, exact: true });
  }

  button(key: UiKey, within: Locator | Page = this.page): Locator {
    return within.getByRole('button', { name: this.t(key), exact: true });
  }

  field(key: UiKey, within: Locator | Page = this.page): Locator {
    return within.getByLabel(this.t(key), { exact: false }).first();
  }

  pattern(key: UiKey): RegExp {
    return pattern(this.t(key));
  }

  dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** The door in the language of the story, whatever it last was. */
  async arrive(): Promise<void> {
    await this.page.goto('/');
    await this.page.getByRole('button', { name: this.language === 'ja' ? '日本語' : 'English' }).click();
    await this.heading('signin.title').waitFor();
  }

  async signIn(login: string, password: string): Promise<void> {
    await this.page.getByLabel(this.t('signin.login')).fill(login);
    await this.page.getByLabel(this.t('signin.password')).fill(password);
    await this.button('signin.action').click();
  }

  async changeFirstPassword(current: string, wanted: string): Promise<void> {
    await this.heading('password.first').waitFor();
    await this.page.getByLabel(this.t('password.current')).fill(current);
    await this.page.getByLabel(this.t('password.new'), { exact: true }).fill(wanted);
    await this.page.getByLabel(this.t('password.again')).fill(wanted);
    await this.button('password.action').click();
  }

  /** The stored preference of the person decides the language once signed in. */
  async speak(): Promise<void> {
    const name = this.language === 'ja' ? '日本語' : 'English';
    const choice = this.page.getByRole('banner').getByRole('button', { name });
    if ((await choice.getAttribute('aria-pressed')) !== 'true') await choice.click();
    await this.page.locator(`html[lang=${this.language}]`).waitFor();
  }

  /** Opens a page from the main menu, over the drawer on a narrow screen. */
  async go(entry: UiKey, title: UiKey): Promise<void> {
    const menu = this.page.getByRole('button', { name: this.t('nav.menu'), exact: true });
    if (await menu.isVisible()) await menu.click();
    await this.page.getByRole('navigation', { name: this.t('nav.label') }).getByRole('link', { name: this.t(entry), exact: true }).click();
    await this.heading(title).waitFor();
  }

  async signOff(): Promise<void> {
    await this.button('signoff').click();
    await this.heading('signin.title').waitFor();
  }

  grid(key: UiKey): Locator {
    return this.page.getByRole('grid', { name: this.t(key), exact: true });
  }

  /** Searches the last 30 days for a text and opens the first hit. */
  async searchAndOpen(text: string): Promise<void> {
    await this.go('nav.search', 'search.title');
    await this.button('search.preset.month').click();
    await this.field('search.text').fill(text);
    await this.button('search.action').click();
    await this.grid('search.results').getByRole('row').nth(1).getByRole('gridcell').first().click();
    await this.page.getByRole('tab', { name: this.t('event.tab.bytes') }).waitFor();
  }

  async seeBytesAndProof(): Promise<void> {
    await this.page.getByRole('tab', { name: this.t('event.tab.bytes') }).click();
    await this.page.getByLabel(this.t('event.hex')).waitFor();
    await this.page.getByRole('tab', { name: this.t('event.tab.proof') }).click();
    await this.page.getByText(this.t('proof.verified')).waitFor();
    await this.page.getByText(this.pattern('proof.contained')).waitFor();
  }

  /** Performs the first review that is due and signs it off with one finding. */
  async performReview(finding: string): Promise<void> {
    await this.go('nav.reviews', 'reviews.title');
    await this.page.getByRole('link', { name: this.t('review.start') }).first().click();
    await this.page.getByRole('heading', { name: this.t('review.conclude') }).waitFor();
    await this.page.locator('textarea[name=note-sign_ins]').fill(finding);
    await this.answerPoints();
    await this.page.getByRole('radio', { name: this.t('review.findings') }).check();
    await this.button('review.signOff').click();
    await this.dialog().getByText(this.pattern('review.rangeText')).waitFor();
    await this.button('review.confirmAction').click();
    await this.heading('reviews.title').waitFor();
    await this.grid('reviews.history').getByRole('row').nth(1).waitFor();
  }

  /** Ticks every point of the checklist of an open review. */
  async answerPoints(): Promise<void> {
    for (const box of await this.page.getByRole('group', { name: this.t('review.look') }).getByRole('checkbox').all()) await box.check();
  }

  async setExportTarget(directory: string): Promise<void> {
    await this.go('nav.exports', 'exports.title');
    await this.button('exports.set').click();
    await this.field('exports.directory', this.dialog()).fill(directory);
    await this.button('save', this.dialog()).click();
    await this.dialog().waitFor({ state: 'detached' });
  }

  async exportNow(): Promise<void> {
    await this.go('nav.exports', 'exports.title');
    await this.button('exports.start').click();
    await this.page.getByText(this.t('exports.done')).waitFor({ timeout: 60_000 });
  }

  async openClause(id: string): Promise<void> {
    await this.page.goto(`/compliance/clause?id=${id}`);
    await this.page.getByRole('heading', { name: this.t('clause.what') }).waitFor();
  }

  /** Makes a pack of all clauses and returns the name of the downloaded file. */
  async makePack(): Promise<string> {
    await this.go('nav.packs', 'packs.title');
    await this.button('packs.make').click();
    await this.button('packs.all', this.dialog()).click();
    await this.button('packs.makeAction', this.dialog()).click();
    await this.page.getByText(this.t('packs.done')).waitFor({ timeout: 60_000 });
    const downloading = this.page.waitForEvent('download');
    await this.page.getByRole('link', { name: this.t('packs.download') }).first().click();
    return (await downloading).suggestedFilename();
  }
}
