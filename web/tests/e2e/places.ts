import type { Story } from '../story';
import type { Tour } from './tour';

// What a menu does not lead to: details, dialogs, and the pages as an administrator has them.

export async function lookAtDetails(story: Story, tour: Tour): Promise<void> {
  const { page } = story;
  for (const id of ['002-4-2a', '003-01-4.5-8a']) {
    await story.openClause(id);
    await tour.look(`clause ${id}`);
  }
  // The last one speaks of a source: by the name that people gave it.
  await page.getByText('受付サーバ').first().waitFor();
  await story.openClause('003-01-4.5-9a');
  await page.getByRole('link', { name: story.pattern('clause.leaf') }).first().click();
  await page.getByText(story.t('leaf.verified')).waitFor();
  await tour.look('leaf');
  await story.searchAndOpen('Failed');
  await tour.look('event fields');
  await story.seeBytesAndProof();
  await tour.look('event proof');
  await page.getByRole('link', { name: story.t('event.alone') }).click();
  await page.getByRole('tab', { name: story.t('event.tab.bytes') }).click();
  await tour.look('event bytes');
  await story.go('nav.reviews', 'reviews.title');
  await story.grid('reviews.history').getByRole('row').nth(1).getByRole('gridcell').first().click();
  await tour.look('review done');
  await story.button('dialog.close', story.dialog()).click();
  const start = page.getByRole('link', { name: story.t('review.start') });
  if ((await start.count()) > 0) {
    await start.first().click();
    await page.getByRole('heading', { name: story.t('review.conclude') }).waitFor();
    await tour.look('review');
  }
  await story.go('nav.delegations', 'delegations.title');
  await story.button('delegations.grant').click();
  await tour.look('delegation dialog', false);
  await story.button('dialog.cancel', story.dialog()).click();
  await story.go('nav.packs', 'packs.title');
  await story.button('packs.make').click();
  await story.button('packs.all', story.dialog()).waitFor();
  await tour.look('pack dialog', false);
  await story.button('dialog.cancel', story.dialog()).click();
}

export async function lookAsAdministrator(story: Story, tour: Tour): Promise<void> {
  await tour.look('admin home');
  await story.go('nav.sources', 'sources.title');
  await story.grid('sources.title').getByRole('row').last().getByRole('gridcell').first().click();
  await story.dialog().waitFor();
  await tour.look('source dialog', false);
  await story.button('dialog.cancel', story.dialog()).click();
  await story.go('nav.people', 'people.title');
  await story.button('people.add').click();
  await tour.look('person dialog', false);
  await story.button('dialog.cancel', story.dialog()).click();
  await story.go('nav.organisation', 'organisation.title');
  await tour.look('admin organisation');
  await story.go('nav.exports', 'exports.title');
  await tour.look('admin exports');
}
