import type { NetworkOverview } from '@federome/client';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { fetchOverview } from './hub.ts';

const REFRESH_MS = 60_000;

/** Who is in the network now; looked at again once a minute while the page is open. */
export function useOverview(): UseQueryResult<NetworkOverview> {
  return useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => fetchOverview(signal),
    refetchInterval: REFRESH_MS,
  });
}
