import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { fetchSession, type SessionState } from './session.ts';

export const SESSION_KEY = ['session'] as const;

/** Who is logged in; `null` of a server at which nobody can. Asked once, and again after whatever changes it. */
export function useSession(): UseQueryResult<SessionState | null> {
  return useQuery({ queryKey: SESSION_KEY, queryFn: async () => (await fetchSession()) ?? null });
}
