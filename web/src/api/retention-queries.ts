import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { need } from './api';
import { useApi } from './ApiContext';

/** While keys are being destroyed. */
const workingEveryMs = 2_000;

export function useRetention() {
  const { client } = useApi();
  return useQuery({ queryKey: ['retention'], queryFn: ({ signal }) => need(client.GET('/api/v1/retention', { signal })) });
}

export function useDisposals() {
  const { client } = useApi();
  return useInfiniteQuery({
    queryKey: ['disposals'],
    queryFn: ({ signal, pageParam }) =>
      need(client.GET('/api/v1/retention/disposals', { params: { query: pageParam === null ? {} : { cursor: pageParam } }, headers: { 'X-Daicho-Poll': '1' }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.disposals.some((d) => d.state === 'approved')) ? workingEveryMs : false,
  });
}
