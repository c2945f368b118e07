import { NavLink } from 'react-router';
import { useMay } from '../api/ApiContext';
import type { Schemas } from '../api/problem';
import { Icon, type IconName } from '../parts/Icon';
import type { UiKey } from '../text/catalogues';
import { useText } from '../text/TextProvider';

interface Entry {
  readonly to: string;
  readonly text: UiKey;
  readonly icon: IconName;
  readonly needs?: Schemas['Permission'];
}

interface Group {
  readonly text: UiKey | null;
  readonly entries: readonly Entry[];
}

const groups: readonly Group[] = [
  {
    text: null,
    entries: [
      { to: '/', text: 'nav.home', icon: 'home' },
      { to: '/compliance', text: 'nav.compliance', icon: 'shield', needs: 'status.read' },
    ],
  },
  {
    text: 'nav.logs',
    entries: [
      { to: '/logs/search', text: 'nav.search', icon: 'search', needs: 'log.read' },
      { to: '/logs/sources', text: 'nav.sources', icon: 'server', needs: 'source.read' },
      { to: '/logs/reviews', text: 'nav.reviews', icon: 'review', needs: 'obligation.read' },
    ],
  },
  { text: null, entries: [{ to: '/schedule', text: 'nav.schedule', icon: 'calendar', needs: 'obligation.read' }] },
  {
    text: 'nav.audit',
    entries: [
      { to: '/audit/ledger', text: 'nav.ledger', icon: 'ledger', needs: 'evidence.read' },
      { to: '/audit/exports', text: 'nav.exports', icon: 'export', needs: 'evidence.read' },
      { to: '/audit/packs', text: 'nav.packs', icon: 'pack', needs: 'pack.create' },
    ],
  },
  {
    text: 'nav.settings',
    entries: [
      { to: '/settings/people', text: 'nav.people', icon: 'person', needs: 'people.read' },
      { to: '/settings/delegations', text: 'nav.delegations', icon: 'delegate', needs: 'delegation.read' },
      { to: '/settings/organisation', text: 'nav.organisation', icon: 'building', needs: 'settings.read' },
      { to: '/settings/retention', text: 'nav.retention', icon: 'clock', needs: 'evidence.read' },
      { to: '/settings/senders', text: 'nav.senders', icon: 'send', needs: 'settings.read' },
      { to: '/settings/display', text: 'nav.display', icon: 'display' },
    ],
  },
];

/** Only pages that exist and that this person may open. */
export function Navigation({ id, onChoose }: { readonly id: string; readonly onChoose: () => void }) {
  const may = useMay();
  const { t } = useText();
  return (
    <nav id={id} className="d-nav" aria-label={t('nav.label')}>
      {groups.map((group) => {
        const entries = group.entries.filter((entry) => entry.needs === undefined || may(entry.needs));
        if (entries.length === 0) return null;
        return (
          <div key={entries[0]?.to} className="d-nav-group">
            {group.text && <p>{t(group.text)}</p>}
            <ul>
              {entries.map((entry) => (
                <li key={entry.to}>
                  <NavLink to={entry.to} end={entry.to === '/'} onClick={onChoose}><Icon name={entry.icon} />{t(entry.text)}</NavLink>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
