import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { fetchGenes, fetchTerms } from '../network/hub.ts';
import { useOverview } from '../network/use-overview.ts';
import { composedOf } from './composed.ts';
import { examplesOf } from './examples-of.ts';
import type { Question } from './question.ts';

/** Questions to begin with: those that the hub offers, else some of genes and terms that it can be asked about. */
export function Examples({ onChoose }: { readonly onChoose: (question: Question) => void }): ReactNode {
  const { t } = useTranslation();
  const overview = useOverview();
  const offered = (overview.data?.examples ?? []).flatMap(({ label, question }) => {
    const composed = composedOf(question);
    return composed === undefined ? [] : [{ label, question: composed, isSentence: true }];
  });
  const { data: made = [] } = useQuery({
    queryKey: ['examples'],
    queryFn: async ({ signal }) =>
      examplesOf(...(await Promise.all([fetchGenes('', 8, signal), fetchTerms('', 30, signal)]))),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: overview.isSuccess && offered.length === 0,
  });
  const examples = offered.length > 0 ? offered : made.map((each) => ({ ...each, isSentence: false }));
  if (examples.length === 0) return undefined;
  return (
    <div className="examples">
      <span className="examples-title">{t('question.examples')}</span>
      <ul>
        {examples.map(({ question, label, isSentence }) => (
          <li key={label}>
            <Button className="example" onPress={() => onChoose(question)}>
              {isSentence || question.sex === undefined
                ? label
                : `${label} · ${t(`question.${question.sex}`)}`}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
