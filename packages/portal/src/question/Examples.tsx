import type { NetworkGene, NetworkTerm } from '@federome/client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { fetchGenes, fetchTerms } from '../network/hub.ts';
import { EMPTY_QUESTION, type Question } from './question.ts';

interface Example {
  readonly question: Question;
  readonly label: string;
}

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

/** A gene; another with a feature or disease; a feature or disease in one sex. Fewer where the network knows fewer. */
export function examplesOf(genes: readonly NetworkGene[], terms: readonly NetworkTerm[]): Example[] {
  const [first, second = first] = genes;
  const [feature, other = feature] = terms.filter(({ id }) => /^(HP|MONDO|ORDO|Orphanet|OMIM):/i.test(id));
  const about = (gene: NetworkGene) => ({ ...EMPTY_QUESTION, about: gene.symbol, assembly: gene.assembly });
  const examples: Example[] = [];
  if (first !== undefined) examples.push({ label: first.symbol, question: about(first) });
  if (second !== undefined && feature !== undefined) {
    const question = { ...about(second), terms: [feature.id] };
    examples.push({ label: `${second.symbol} · ${feature.label}`, question });
  }
  if (other !== undefined) {
    examples.push({ label: other.label, question: { ...EMPTY_QUESTION, terms: [other.id], sex: 'female' } });
  }
  return examples;
}
