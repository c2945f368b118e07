import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router';
import { useMay } from '../api/ApiContext';
import type { Schemas } from '../api/problem';
import { LinkButton } from '../parts/Button';
import { Empty, Page } from '../parts/Page';
import { useText } from '../text/TextProvider';
import { ClausePage } from '../pages/compliance/ClausePage';
import { CompliancePage } from '../pages/compliance/CompliancePage';
import { ExportsPage } from '../pages/audit/ExportsPage';
import { LeafPage } from '../pages/audit/LeafPage';
import { LedgerPage } from '../pages/audit/LedgerPage';
import { PacksPage } from '../pages/audit/PacksPage';
import { HomePage } from '../pages/home/HomePage';
import { EventPage } from '../pages/logs/EventPage';
import { SearchPage } from '../pages/logs/SearchPage';
import { SourcesPage } from '../pages/logs/SourcesPage';
import { ReviewPage } from '../pages/reviews/ReviewPage';
import { ReviewsPage } from '../pages/reviews/ReviewsPage';
import { SchedulePage } from '../pages/schedule/SchedulePage';
import { DelegationsPage } from '../pages/settings/DelegationsPage';
import { DisplayPage } from '../pages/settings/DisplayPage';
import { OrganisationPage } from '../pages/settings/OrganisationPage';
import { PeoplePage } from '../pages/settings/PeoplePage';
import { RetentionPage } from '../pages/settings/RetentionPage';
import { SendersPage } from '../pages/settings/SendersPage';

/** Search terms never stand in an address: they travel in the history entry (see pages/logs/terms.ts). */
export function Pages() {
  return (
    <Routes>
      <Route path="/" element={<HomePage />} />
      <Route path="/compliance" element={<Guarded needs="status.read"><CompliancePage /></Guarded>} />
      <Route path="/compliance/clause" element={<Guarded needs="status.read"><ClausePage /></Guarded>} />
      <Route path="/logs/search" element={<Guarded needs="log.read"><SearchPage /></Guarded>} />
      <Route path="/logs/events/:seq" element={<Guarded needs="log.read" or="evidence.read"><EventPage /></Guarded>} />
      <Route path="/logs/sources" element={<Guarded needs="source.read"><SourcesPage /></Guarded>} />
      <Route path="/logs/reviews" element={<Guarded needs="obligation.read"><ReviewsPage /></Guarded>} />
      <Route path="/logs/reviews/:occurrenceId" element={<Guarded needs="log.review"><ReviewPage /></Guarded>} />
      <Route path="/schedule" element={<Guarded needs="obligation.read"><SchedulePage /></Guarded>} />
      <Route path="/audit/ledger" element={<Guarded needs="evidence.read"><LedgerPage /></Guarded>} />
      <Route path="/audit/leaves/:index" element={<Guarded needs="evidence.read"><LeafPage /></Guarded>} />
      <Route path="/audit/exports" element={<Guarded needs="evidence.read"><ExportsPage /></Guarded>} />
      <Route path="/audit/packs" element={<Guarded needs="pack.create"><PacksPage /></Guarded>} />
      <Route path="/settings/people" element={<Guarded needs="people.read"><PeoplePage /></Guarded>} />
      <Route path="/settings/delegations" element={<Guarded needs="delegation.read"><DelegationsPage /></Guarded>} />
      <Route path="/settings/organisation" element={<Guarded needs="settings.read"><OrganisationPage /></Guarded>} />
      <Route path="/settings/retention" element={<Guarded needs="evidence.read"><RetentionPage /></Guarded>} />
      <Route path="/settings/senders" element={<Guarded needs="settings.read"><SendersPage /></Guarded>} />
      <Route path="/settings/display" element={<DisplayPage />} />
      <Route path="*" element={<Nowhere />} />
    </Routes>
  );
}

interface GuardedProps {
  readonly needs: Schemas['Permission'];
  /** Enough as well; the server decides about each entry. */
  readonly or?: Schemas['Permission'];
  readonly children: ReactNode;
}

/** The server refuses anyway; this says so before somebody fills in a form for nothing. */
function Guarded({ needs, or, children }: GuardedProps) {
  const may = useMay();
  const { t } = useText();
  if (may(needs) || (or !== undefined && may(or))) return children;
  const logs = needs === 'log.read' || needs === 'log.review';
  return (
    <Page title={t('forbidden.title')}>
      <Empty action={<LinkButton to="/" primary>{t('nowhere.home')}</LinkButton>}>
        {t(logs ? 'forbidden.logs' : 'forbidden.text')}
      </Empty>
    </Page>
  );
}

function Nowhere() {
  const { t } = useText();
  return (
    <Page title={t('nowhere.title')}>
      <Empty action={<LinkButton to="/" primary>{t('nowhere.home')}</LinkButton>}>{t('nowhere.text')}</Empty>
    </Page>
  );
}
