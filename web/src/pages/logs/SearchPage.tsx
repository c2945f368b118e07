import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { need } from '../../api/api';
import { useApi, useMay } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { Grid } from '../../parts/grid';
import { Notice } from '../../parts/Notice';
import { Empty, Page } from '../../parts/Page';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { EventPanel } from './EventPanel';
import { eventColumns } from './event-columns';
import { SearchForm } from './SearchForm';
import { noTerms, presetBounds, searchState, toQuery, type HistoryState, type Terms } from './terms';

/** The search that lies in the history entry, so that "back" brings it again. */
function useHistoryTerms(): readonly [HistoryState | null, (terms: Terms) => void] {
  const { state } = useLocation() as { state: HistoryState | null };
  const navigate = useNavigate();
  const search = (terms: Terms) => {
    void navigate('.', { replace: true, state: searchState(terms) });
  };
  return [state?.terms ? state : null, search];
}

export function SearchPage() {
  const { t } = useText();
  const dates = useDates();
  const [state, search] = useHistoryTerms();
  const initial = state?.terms ?? { ...noTerms, ...presetBounds('week', dates.zone, Date.now()) };
  const results = useResults(state);
  return (
    <Page title={t('search.title')} lead={t('search.lead')}>
      <SearchForm initial={initial} busy={results.isFetching && !results.isFetchingNextPage} error={results.error} onSearch={search} />
      {state ? <Results results={results} /> : <Empty>{t('search.start')}</Empty>}
    </Page>
  );
}

function useResults(state: HistoryState | null) {
  const { client } = useApi();
  const dates = useDates();
  const query = state ? toQuery(state.terms, dates.zone).query : null;
  return useInfiniteQuery({
    queryKey: ['search', state?.run],
    queryFn: ({ signal, pageParam }) => {
      if (!query) throw new Error('the form let a search pass that it cannot express');
      return need(client.POST('/api/v1/events/search', { body: pageParam === null ? query : { ...query, cursor: pageParam }, signal }));
    },
    enabled: query !== null,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: Infinity,
    retry: false,
  });
}

function Results({ results }: { readonly results: ReturnType<typeof useResults> }) {
  const text = useText();
  const dates = useDates();
  const may = useMay();
  const { t, number, say } = text;
  const [open, setOpen] = useState<string | null>(null);
  const columns = useMemo(() => eventColumns(text, dates), [text, dates]);
  const pages = results.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.events) ?? [], [pages]);
  if (results.isError && !pages) return <ProblemNotice error={results.error} reading />;
  if (results.isPending) return <p role="status" className="d-faint">{t('search.running')}</p>;
  const first = pages?.[0];
  const partial = pages?.find((page) => !page.complete);
  return (
    <div className="d-results" data-open={open !== null || undefined}>
      <div className="d-results-list">
        <ProblemNotice error={results.error} reading />
        {partial && (
          <Notice level="warning" live>
            <p><strong>{t('search.incomplete')}</strong> {partial.incomplete_reason ? say(partial.incomplete_reason) : ''}</p>
          </Notice>
        )}
        {first && (
          <p className="d-faint">
            {first.estimated_total !== undefined && first.estimated_total !== null && <>{t('search.atMost', { count: number(first.estimated_total) })} / </>}
            {t('search.took', { ms: number(first.elapsed_ms) })}
          </p>
        )}
        {first && (
          <Grid
            label={t('search.results')} name="events" columns={columns} rows={rows} rowId={(row: Schemas['EventRow']) => row.seq}
            onOpen={(row) => { setOpen(row.seq); }} openId={open} rowsShown={18} exportable={may('log.export')}
            more={{ has: results.hasNextPage, loading: results.isFetchingNextPage, load: () => void results.fetchNextPage() }}
            empty={<Empty>{t('search.nothing')}</Empty>}
          />
        )}
      </div>
      {open !== null && <EventPanel key={open} seq={open} onClose={() => { setOpen(null); }} />}
    </div>
  );
}
