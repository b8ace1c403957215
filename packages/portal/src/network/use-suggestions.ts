import type { NetworkGene, NetworkTerm } from '@federome/client';
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { fetchGenes, fetchTerms } from './hub.ts';

const LIMIT = 12;
const PAUSE_MS = 150;

/** Genes whose symbol begins like the text; asked when typing pauses. */
export function useGenes(text: string, enabled: boolean): UseQueryResult<readonly NetworkGene[]> {
  const settled = useSettled(text);
  return useQuery({
    queryKey: ['genes', settled],
    queryFn: ({ signal }) => fetchGenes(settled, LIMIT, signal),
    enabled: enabled && settled !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** Terms that members can be asked about; an empty text asks for the first ones. */
export function useTerms(text: string, enabled = true): UseQueryResult<readonly NetworkTerm[]> {
  const settled = useSettled(text);
  return useQuery({
    queryKey: ['terms', settled],
    queryFn: ({ signal }) => fetchTerms(settled, LIMIT, signal),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** The label of a term that an address names by its id; the id itself until the network tells, or where it does not. */
export function useTermLabel(id: string): string {
  const { data } = useQuery({
    queryKey: ['terms', id],
    queryFn: ({ signal }) => fetchTerms(id, LIMIT, signal),
    staleTime: 60_000,
  });
  return data?.find((term) => term.id === id)?.label ?? id;
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
