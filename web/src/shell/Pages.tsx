import { Route, Routes } from 'react-router';
import { LinkButton } from '../parts/Button';
import { Empty, Page } from '../parts/Page';
import { useText } from '../text/TextProvider';
import { ClausePage } from '../pages/compliance/ClausePage';
import { CompliancePage } from '../pages/compliance/CompliancePage';
import { ExportsPage } from '../pages/audit/ExportsPage';
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
import { SendersPage } from '../pages/settings/SendersPage';

/** Search terms never stand in an address: they travel in the history entry (see pages/logs/terms.ts). */
export function Pages() {
  return (
    <Routes>
      <Route path="/" element={<HomePage />} />
      <Route path="/compliance" element={<CompliancePage />} />
      <Route path="/compliance/:clauseId" element={<ClausePage />} />
      <Route path="/logs/search" element={<SearchPage />} />
      <Route path="/logs/events/:seq" element={<EventPage />} />
      <Route path="/logs/sources" element={<SourcesPage />} />
      <Route path="/logs/reviews" element={<ReviewsPage />} />
      <Route path="/logs/reviews/:occurrenceId" element={<ReviewPage />} />
      <Route path="/schedule" element={<SchedulePage />} />
      <Route path="/audit/ledger" element={<LedgerPage />} />
      <Route path="/audit/exports" element={<ExportsPage />} />
      <Route path="/audit/packs" element={<PacksPage />} />
      <Route path="/settings/people" element={<PeoplePage />} />
      <Route path="/settings/delegations" element={<DelegationsPage />} />
      <Route path="/settings/organisation" element={<OrganisationPage />} />
      <Route path="/settings/senders" element={<SendersPage />} />
      <Route path="/settings/display" element={<DisplayPage />} />
      <Route path="*" element={<Nowhere />} />
    </Routes>
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
