import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { need } from './api';
import { useApi, useMay } from './ApiContext';

// One hook per question to the server. Only operations the server marks as polling are asked again by a timer,
// because the others would keep an unattended session alive.
const homeEveryMs = 60_000;
const sourcesEveryMs = 15_000;
const ledgerEveryMs = 15_000;
const jobEveryMs = 1_000;

export function useHome() {
  const { client } = useApi();
  return useQuery({
    queryKey: ['home'],
    queryFn: ({ signal }) => need(client.GET('/api/v1/home', { signal })),
    refetchInterval: homeEveryMs,
  });
}

export function useSources(enabled = true) {
  const { client } = useApi();
  return useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => need(client.GET('/api/v1/sources', { signal })),
    refetchInterval: sourcesEveryMs,
    enabled,
  });
}

/** An event never changes, and each look at it is recorded: it is asked for once. */
export function useEvent(seq: string) {
  const { client } = useApi();
  return useQuery({
    queryKey: ['event', seq],
    queryFn: ({ signal }) => need(client.GET('/api/v1/events/{seq}', { params: { path: { seq } }, signal })),
    staleTime: Infinity,
  });
}

export function useProof(seq: string, enabled: boolean) {
  const { client } = useApi();
  return useQuery({
    queryKey: ['proof', seq],
    queryFn: ({ signal }) => need(client.GET('/api/v1/events/{seq}/proof', { params: { path: { seq } }, signal })),
    staleTime: Infinity,
    enabled,
  });
}

export function useLeaf(index: string) {
  const { client } = useApi();
  return useQuery({
    queryKey: ['leaf', index],
    queryFn: ({ signal }) => need(client.GET('/api/v1/leaves/{leaf_index}/proof', { params: { path: { leaf_index: index } }, signal })),
    staleTime: Infinity,
  });
}

export function useLedger() {
  const { client } = useApi();
  return useQuery({
    queryKey: ['ledger'],
    queryFn: ({ signal }) => need(client.GET('/api/v1/ledger', { signal })),
    refetchInterval: ledgerEveryMs,
  });
}

export function useExports() {
  const { client } = useApi();
  return useInfiniteQuery({
    queryKey: ['exports'],
    queryFn: ({ signal, pageParam }) =>
      need(client.GET('/api/v1/ledger/exports', { params: { query: pageParam === null ? {} : { cursor: pageParam } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useExportTarget() {
  const { client } = useApi();
  return useQuery({
    queryKey: ['export-target'],
    queryFn: ({ signal }) => need(client.GET('/api/v1/ledger/export-target', { signal })),
  });
}

export interface Period {
  readonly obligation: string;
  readonly from: string;
  readonly to: string;
}

/** The summary a sign-off is bound to: it must not change by itself while somebody reads it. */
export function useReviewDraft(period: Period) {
  const { client } = useApi();
  return useQuery({
    queryKey: ['review-draft', period.obligation, period.from, period.to],
    queryFn: ({ signal }) => need(client.GET('/api/v1/reviews/draft', { params: { query: period }, signal })),
    staleTime: Infinity,
  });
}

export function useReviews() {
  const { client } = useApi();
  return useInfiniteQuery({
    queryKey: ['reviews'],
    queryFn: ({ signal, pageParam }) =>
      need(client.GET('/api/v1/reviews', { params: { query: pageParam === null ? {} : { cursor: pageParam } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useObligations(range?: { readonly from: string; readonly to: string }) {
  const { client } = useApi();
  return useQuery({
    queryKey: ['obligations', range?.from, range?.to],
    queryFn: ({ signal }) => need(client.GET('/api/v1/obligations', { params: { query: range ?? {} }, signal })),
  });
}

export function useCompliance(asOf: string | null) {
  const { client } = useApi();
  return useQuery({
    queryKey: ['compliance', asOf],
    queryFn: ({ signal }) =>
      need(client.GET('/api/v1/compliance', { params: { query: asOf === null ? {} : { as_of: asOf } }, signal })),
  });
}

export function useClause(id: string, asOf: string | null) {
  const { client } = useApi();
  return useQuery({
    queryKey: ['clause', id, asOf],
    queryFn: ({ signal }) =>
      need(client.GET('/api/v1/compliance/clauses/{clause_id}', {
        params: { path: { clause_id: id }, query: asOf === null ? {} : { as_of: asOf } }, signal,
      })),
  });
}

export function usePacks() {
  const { client } = useApi();
  return useQuery({ queryKey: ['packs'], queryFn: ({ signal }) => need(client.GET('/api/v1/packs', { signal })) });
}

export function useJob(id: string | null) {
  const { client } = useApi();
  return useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => need(client.GET('/api/v1/jobs/{job_id}', { params: { path: { job_id: id ?? '' } }, signal })),
    enabled: id !== null,
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'queued' || state.data.state === 'running' ? jobEveryMs : false,
  });
}

export function usePeople(enabled = true) {
  const { client } = useApi();
  return useQuery({ queryKey: ['people'], queryFn: ({ signal }) => need(client.GET('/api/v1/people', { signal })), enabled });
}

export function useDelegations() {
  const { client } = useApi();
  return useQuery({ queryKey: ['delegations'], queryFn: ({ signal }) => need(client.GET('/api/v1/delegations', { signal })) });
}

export function useSettings() {
  const { client } = useApi();
  const may = useMay();
  return useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => need(client.GET('/api/v1/settings', { signal })),
    enabled: may('settings.read'),
  });
}
