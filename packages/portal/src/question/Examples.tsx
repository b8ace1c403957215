import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { fetchGenes, fetchTerms } from '../network/hub.ts';
import { examplesOf } from './examples-of.ts';
import type { Question } from './question.ts';

/** Questions to begin with, made of genes and terms that this network can be asked about. */
export function Examples({ onChoose }: { readonly onChoose: (question: Question) => void }): ReactNode {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['examples'],
    queryFn: async ({ signal }) =>
      examplesOf(...(await Promise.all([fetchGenes('', 8, signal), fetchTerms('', 30, signal)]))),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data === undefined || data.length === 0) return undefined;
  return (
    <div className="examples">
      <span className="examples-title">{t('question.examples')}</span>
      <ul>
        {data.map(({ question, label }) => (
          <li key={label}>
            <Button className="example" onPress={() => onChoose(question)}>
              {question.sex === undefined ? label : `${label} · ${t(`question.${question.sex}`)}`}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
