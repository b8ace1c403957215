import { useCallback, useEffect, useState } from 'react';
import { fragmentOf, questionOfFragment } from './address.ts';
import type { Question } from './question.ts';

/** What the address asks; `serial` changes with every asking, so that the same question asked again is a new one. */
export interface Asked {
  readonly question: Question | undefined;
  readonly serial: number;
}

/** The question that the page's address holds, and how to ask another (or none): each is a step of the history. */
export function useAskedQuestion(): [Asked, (question: Question | undefined) => void] {
  const [asked, setAsked] = useState<Asked>(() => ({
    question: questionOfFragment(location.hash),
    serial: 0,
  }));
  const read = useCallback(
    () => setAsked(({ serial }) => ({ question: questionOfFragment(location.hash), serial: serial + 1 })),
    [],
  );
  useEffect(() => {
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }, [read]);
  const ask = useCallback(
    (question: Question | undefined) => {
      const address = question === undefined ? location.pathname + location.search : fragmentOf(question);
      if (address !== location.hash) history.pushState(undefined, '', address);
      read();
    },
    [read],
  );
  return [asked, ask];
}
