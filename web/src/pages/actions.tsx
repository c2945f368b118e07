import type { Schemas } from '../api/problem';
import { LinkButton } from '../parts/Button';
import { EndTime } from '../parts/Time';
import type { UiKey } from '../text/catalogues';
import { useText } from '../text/TextProvider';
import { usePostTitle } from './posts';

type Action = Schemas['Action'];

const pages: Record<Exclude<Action['page'], 'none'>, { readonly to: string; readonly text: UiKey }> = {
  home: { to: '/', text: 'go.home' },
  compliance: { to: '/compliance', text: 'go.compliance' },
  logs: { to: '/logs/search', text: 'go.logs' },
  sources: { to: '/logs/sources', text: 'go.sources' },
  review: { to: '/logs/reviews', text: 'go.review' },
  // What a person can do about the ledger is to export it; its state needs no doing.
  ledger: { to: '/audit/exports', text: 'go.ledger' },
  people: { to: '/settings/people', text: 'go.people' },
  settings: { to: '/settings/retention', text: 'go.settings' },
};

/** Work can be done from the moment its occurrence opens; whether it is already due is another question. */
export function isOpen(occurrence: { readonly from: string; readonly done_at?: string | null }): boolean {
  return !occurrence.done_at && Date.parse(occurrence.from) <= Date.now();
}

export function reviewPath(occurrenceId: string): string {
  return `/logs/reviews/${encodeURIComponent(occurrenceId)}`;
}

/** What must be done, by whom and by when, with the way to the page where it is done. */
export function ActionItem({ action }: { readonly action: Action }) {
  const { t, say } = useText();
  const postTitle = usePostTitle();
  const people = action.person_names.join('、');
  const who = action.post === null ? people : people === '' ? postTitle(action.post) : `${postTitle(action.post)} (${people})`;
  return (
    <div className="d-action">
      <div>
        <p>{say(action.message)}</p>
        <p className="d-faint">
          {who !== '' && <>{t('action.who')}: {who}</>}
          {who !== '' && action.by !== null && ' / '}
          {action.by !== null && <>{t('action.by')}: <EndTime at={action.by} /></>}
        </p>
      </div>
      {action.page !== 'none' && <ActionLink page={action.page} />}
    </div>
  );
}

function ActionLink({ page }: { readonly page: Exclude<Action['page'], 'none'> }) {
  const { t } = useText();
  return <LinkButton to={pages[page].to} small>{t(pages[page].text)}</LinkButton>;
}
