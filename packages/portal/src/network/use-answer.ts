import type { NetworkAnswer } from '@federome/client';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { networkQuestionOf } from '../question/question.ts';
import type { Asked } from '../question/use-asked-question.ts';
import { askNetwork } from './hub.ts';
import { PortalError } from './problem.ts';

/** The network's answer to what is asked; never taken from an earlier asking, since a consent may have changed since. */
export function useAnswer({ question, serial }: Asked): UseQueryResult<NetworkAnswer> {
  const asked = question === undefined ? undefined : networkQuestionOf(question);
  const answer = useQuery({
    queryKey: ['answer', serial],
    queryFn: ({ signal }) => askNetwork(asked ?? {}, signal),
    enabled: asked !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const { error, refetch } = answer;
  const isOffline = error instanceof PortalError && error.code === 'portal/offline';
  useEffect(() => {
    if (!isOffline) return undefined;
    const again = () => void refetch();
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, [isOffline, refetch]);
  return answer;
}
